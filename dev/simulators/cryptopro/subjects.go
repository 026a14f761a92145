// Package cryptopro stands in for the certificates, the keys and the browser plug-in of КриптоПро: on
// a local platform each person of the simulators has a qualified certificate of a test authority.
package cryptopro

import (
	"slices"

	"epkr/dev/synthetic"
	"epkr/internal/testenv/pki"
)

// Subjects returns whom the certificates of a person name: the person himself, and then himself as an
// entrepreneur and as the head of organisations.
func Subjects(w *synthetic.World, p synthetic.Person) []pki.Subject {
	person := pki.Named(p.FullName(), p.SNILS, p.INN)
	subjects := []pki.Subject{person}
	if e, isEngineer := w.EngineerBySNILS(p.SNILS); isEngineer && e.OGRNIP != "" {
		subjects = append(subjects, entrepreneur(person, e.OGRNIP))
	}
	for _, m := range p.Organisations {
		i := slices.IndexFunc(w.Organisations, func(o synthetic.Organisation) bool { return o.OID == m.OrganisationOID })
		switch o := w.Organisations[i]; {
		case !m.Chief:
		case o.Type == synthetic.TypeBusiness:
			subjects = append(subjects, entrepreneur(person, o.OGRN))
		default:
			subjects = append(subjects, person.HeadOf(organisation(o)))
		}
	}
	return subjects
}

// SubjectFor returns whom the certificate names with which a person signs for an account of the kind:
// person, engineer, entrepreneur or organisation. It is the person himself where no other fits.
func SubjectFor(w *synthetic.World, p synthetic.Person, kind string) pki.Subject {
	subjects := Subjects(w, p)
	fits := map[string]func(pki.Subject) bool{
		"entrepreneur": func(s pki.Subject) bool { return s.OGRNIP != "" },
		"organisation": func(s pki.Subject) bool { return s.OrganisationINN != "" },
	}[kind]
	if fits == nil {
		return subjects[0]
	}
	return subjects[max(0, slices.IndexFunc(subjects, fits))]
}

func entrepreneur(person pki.Subject, ogrnip string) pki.Subject {
	person.OGRNIP = ogrnip
	return person
}

// organisation returns an organisation, whose certificate names no person.
func organisation(o synthetic.Organisation) pki.Subject {
	return pki.Subject{Name: o.ShortName, Organisation: o.ShortName, OrganisationINN: o.INN, OGRN: o.OGRN}
}
