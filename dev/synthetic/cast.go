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

// castSeed keeps what is drawn for the cast (addresses, passports) the same in every world.
const castSeed = 20260301

//go:embed cast.json
var castFile []byte

// casting is cast.json: the parts in the order in which their numbers are drawn, so new ones come last.
var casting = decode[struct {
	Firms []firm `json:"firms"`
	Parts []part `json:"parts"`
}](castFile)

// firm is an organisation of the cast.
type firm struct {
	Name     string `json:"name"`
	Region   string `json:"region"`
	Employer bool   `json:"employer"` // of engineers
}

// part is one role to be played: who, where, and what distinguishes him. One without a login is no
// member of the cast: nobody signs in as him.
type part struct {
	Role        Role     `json:"role"`
	Login       string   `json:"login"`
	Gender      Gender   `json:"gender"`
	Last        string   `json:"last"`
	First       string   `json:"first"`
	Middle      string   `json:"middle"`
	Region      string   `json:"region"`
	What        string   `json:"what"`
	Firm        string   `json:"firm"`     // that he works for or heads
	Chief       bool     `json:"chief"`    // heads it
	Business    bool     `json:"business"` // has an ИП as a customer
	Unconfirmed bool     `json:"unconfirmed"`
	Engineer    *profile `json:"engineer"` // engineers only
}

// profile is what distinguishes an engineer of the cast.
type profile struct {
	Form       Form            `json:"form"`
	Regions    []string        `json:"regions"`
	Status     registry.Status `json:"status"`
	Off        bool            `json:"off"`
	Incomplete bool            `json:"incomplete"`
	Blocked    bool            `json:"blocked"`
}

// decode reads a file of this package.
func decode[T any](file []byte) (value T) {
	if err := json.Unmarshal(file, &value); err != nil {
		panic("synthetic: " + err.Error())
	}
	return value
}

// addCast puts the cast and its organisations into an empty world, its engineers first.
func (w *World) addCast() {
	rnd := rand.New(rand.NewPCG(castSeed, castSeed))
	for i, f := range casting.Firms {
		firm := drawOrganisation(rnd, castFirmSerial+i, regionOf(f.Region), f.Name)
		firm.IsEmployer = f.Employer
		w.organisations = append(w.organisations, firm)
	}
	for i, p := range casting.Parts {
		person := w.play(rnd, castSerial+i, p)
		if p.Login == "" {
			continue
		}
		w.people = append(w.people, person)
		w.cast = append(w.cast, CastMember{Role: p.Role, Name: person.FullName(), SNILS: person.SNILS, Login: p.Login, What: p.What})
	}
}

// employer is the organisation of the cast that a part works for.
func (w *World) employer(p part) Organisation {
	i := slices.IndexFunc(casting.Firms, func(f firm) bool { return f.Name == p.Firm })
	return w.organisations[i]
}

// play makes the person of a part and, for an engineer, his entry in the world.
func (w *World) play(rnd *rand.Rand, serial int, p part) Person {
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
		w.heads(&person, business(castFirmSerial+len(casting.Firms), region, person))
	}
	if p.Firm != "" {
		person.Organisations = []Membership{{OrganisationOID: w.employer(p).OID, Chief: p.Chief}}
	}
	if p.Engineer != nil {
		w.engineers = append(w.engineers, w.castEngineer(rnd, serial, p, person))
	}
	return person
}

func (w *World) castEngineer(rnd *rand.Rand, serial int, p part, person Person) Engineer {
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

// regionOf panics on an unknown code: codes here are constants of the program.
func regionOf(code string) territory.Region {
	r, ok := territory.RegionByCode(code)
	if !ok {
		panic("synthetic: no region " + code)
	}
	return r
}
