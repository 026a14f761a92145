package synthetic

import (
	_ "embed"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"time"

	"epkr/internal/registry"
	"epkr/internal/territory"
)

// testUserSeed makes the random data of the test users (addresses, passports) the same in every
// world.
const testUserSeed = 20260301

//go:embed test_users.json
var testUserFile []byte

// testUserData is test_users.json. The users are in the order in which their numbers are drawn, so new
// ones are appended.
var testUserData = decode[struct {
	Firms []firm     `json:"firms"`
	Parts []userSpec `json:"parts"`
}](testUserFile)

// firm is an organisation of the test users.
type firm struct {
	Name     string `json:"name"`
	Region   string `json:"region"`
	Employer bool   `json:"employer"` // of engineers
}

// userSpec describes one test user. A user without a login is only in the registry and cannot sign
// in.
type userSpec struct {
	Role        Role     `json:"role"`
	Login       string   `json:"login"`
	Gender      Gender   `json:"gender"`
	Last        string   `json:"last"`
	First       string   `json:"first"`
	Middle      string   `json:"middle"`
	Region      string   `json:"region"`
	What        string   `json:"what"`
	Firm        string   `json:"firm"`     // that he works for or heads
	Chief       bool     `json:"chief"`    // heads the firm
	Business    bool     `json:"business"` // has an ИП as a customer
	Unconfirmed bool     `json:"unconfirmed"`
	Engineer    *profile `json:"engineer"` // engineers only
}

// profile describes a test user who is an engineer.
type profile struct {
	Form       Form            `json:"form"`
	Regions    []string        `json:"regions"`
	Status     registry.Status `json:"status"`
	Off        bool            `json:"off"`
	Incomplete bool            `json:"incomplete"`
	Blocked    bool            `json:"blocked"`
}

// decode decodes an embedded file.
func decode[T any](file []byte) (value T) {
	if err := json.Unmarshal(file, &value); err != nil {
		panic("synthetic: " + err.Error())
	}
	return value
}

// addTestUsers adds the test users and their organisations to an empty world, the engineers first.
func (w *World) addTestUsers() {
	rnd := rand.New(rand.NewPCG(testUserSeed, testUserSeed))
	for i, f := range testUserData.Firms {
		firm := drawOrganisation(rnd, testUserFirmSerial+i, regionOf(f.Region), f.Name)
		firm.IsEmployer = f.Employer
		w.organisations = append(w.organisations, firm)
	}
	for i, p := range testUserData.Parts {
		person := w.addUser(rnd, testUserSerial+i, p)
		if p.Login == "" {
			continue
		}
		w.people = append(w.people, person)
		w.testUsers = append(w.testUsers, TestUser{Role: p.Role, Name: person.FullName(), SNILS: person.SNILS, Login: p.Login, What: p.What})
	}
}

// employer returns the organisation that a test user works for.
func (w *World) employer(p userSpec) Organisation {
	i := slices.IndexFunc(testUserData.Firms, func(f firm) bool { return f.Name == p.Firm })
	return w.organisations[i]
}

// addUser makes a test user and, for an engineer, adds his entry to the world.
func (w *World) addUser(rnd *rand.Rand, serial int, p userSpec) Person {
	region := regionOf(p.Region)
	person := drawPerson(rnd, serial, region)
	person.LastName, person.FirstName, person.MiddleName, person.Gender = p.Last, p.First, p.Middle, p.Gender
	person.BirthDate = time.Date(1980, 3, 1+serial%20, 0, 0, 0, 0, time.UTC)
	person.Passport = drawPassport(rnd, person.BirthDate, region)
	person.Trusted = !p.Unconfirmed
	if p.Login != "" {
		person.Email = p.Login + "@example.com"
	}
	if p.Business {
		w.heads(&person, business(testUserFirmSerial+len(testUserData.Firms), region, person))
	}
	if p.Firm != "" {
		person.Organisations = []Membership{{OrganisationOID: w.employer(p).OID, Chief: p.Chief}}
	}
	if p.Engineer != nil {
		w.engineers = append(w.engineers, w.testEngineer(rnd, serial, p, person))
	}
	return person
}

func (w *World) testEngineer(rnd *rand.Rand, serial int, p userSpec, person Person) Engineer {
	e := Engineer{
		Person:          person,
		Row:             drawRow(rnd, serial, person, p.Region),
		Regions:         p.Engineer.Regions,
		ReceivesOrders:  !p.Engineer.Off,
		ProfileComplete: !p.Engineer.Incomplete,
		Blocked:         p.Engineer.Blocked,
		Form:            p.Engineer.Form,
	}
	if p.Engineer.Status != "" {
		loseStatus(&e.Row, p.Engineer.Status)
	}
	if e.Form == Employee {
		e.EmployerOGRN = w.employer(p).OGRN
	} else {
		e.OGRNIP = ogrnip(18, p.Region, serial)
	}
	return e
}

// regionOf panics on an unknown code, because all codes here are constants.
func regionOf(code string) territory.Region {
	r, ok := territory.RegionByCode(code)
	if !ok {
		panic("synthetic: no region " + code)
	}
	return r
}
