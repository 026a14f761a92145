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
	Firms []struct {
		Name, Region string
		Employer     bool // of engineers
	}
	Parts []userSpec
}](testUserFile)

// userSpec describes one test user. A user without a login is only in the registry and cannot sign
// in.
type userSpec struct {
	TestUser
	Gender                      Gender
	Last, First, Middle, Region string
	Firm                        string // that he works for or heads
	Chief                       bool   // heads the firm
	Business                    bool   // has an ИП as a customer
	Unconfirmed                 bool
	Engineer                    *Engineer       // his profile; engineers only
	Status                      registry.Status // of an engineer who may not work
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
		w.Organisations = append(w.Organisations, firm)
	}
	for i, p := range testUserData.Parts {
		person := w.addUser(rnd, testUserSerial+i, p)
		if p.Login != "" {
			p.Name, p.SNILS = person.FullName(), person.SNILS
			w.People = append(w.People, person)
			w.TestUsers = append(w.TestUsers, p.TestUser)
		}
	}
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
	var firm Organisation
	if p.Firm != "" {
		i := slices.IndexFunc(w.Organisations, func(o Organisation) bool { return o.ShortName == `ООО "`+p.Firm+`"` })
		firm = w.Organisations[i]
		person.Organisations = []Membership{{OrganisationOID: firm.OID, Chief: p.Chief}}
	}
	if p.Engineer != nil {
		e := *p.Engineer
		e.Person, e.Row = person, drawRow(rnd, serial, person, p.Region)
		if p.Status != "" {
			loseStatus(&e.Row, p.Status)
		}
		if e.Form == Employee {
			e.EmployerOGRN = firm.OGRN
		} else {
			e.OGRNIP = ogrnip(18, p.Region, serial)
		}
		w.Engineers = append(w.Engineers, e)
	}
	return person
}

func regionOf(code string) territory.Region {
	region, _ := territory.RegionByCode(code) // all codes here are of regions
	return region
}
