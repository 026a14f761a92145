package documents

import (
	"maps"

	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/internal/document/forms"
	"epkr/internal/order"
)

// Representation says who acts for the parties of a document. Empty texts are absent.
type Representation struct {
	// Representative acts for the performer; an organisation has one.
	Representative         bool   `json:"representative" doc:"За исполнителя документ подписывает представитель; у организации всегда"`
	RepresentativeName     string `json:"representativeName" format:"line" maxLength:"200" doc:"ФИО представителя"`
	RepresentativePosition string `json:"representativePosition" format:"line" maxLength:"200" doc:"Должность представителя"`
	Basis                  string `json:"basis" format:"line" maxLength:"300" doc:"Действующего на основании: устав, доверенность, приказ, лист записи ЕГРИП"`
	// The customer's representative, if the customer is an organisation.
	CustomerRepresentative string `json:"customerRepresentative" format:"line" maxLength:"200" doc:"Кто действует от имени заказчика; только у организации"`
	CustomerPosition       string `json:"customerPosition" format:"line" maxLength:"200" doc:"Его должность"`
	CustomerBasis          string `json:"customerBasis" format:"line" maxLength:"300" doc:"На основании чего он действует"`
}

// withRepresentation adds the fields of a representation to those of a form, by the paths of the
// document.
func withRepresentation(fields map[string]string) map[string]string {
	maps.Copy(fields, map[string]string{
		"Performer.Representative.Name": "representativeName", "Performer.Representative.Position": "representativePosition", "Performer.Basis": "basis",
		"Customer.Representative.Name": "customerRepresentative", "Customer.Representative.Position": "customerPosition", "Customer.Basis": "customerBasis",
	})
	return fields
}

// What the parties usually act by.
const (
	charter     = "Устав"
	proprietor  = "лист записи ЕГРИП"
	headOfParty = "Руководитель"
)

// usualRepresentation returns the heads of organisations with their charters.
func usualRepresentation(sides sqlcgen.ContractSidesRow) Representation {
	r := Representation{Basis: proprietor}
	if performerOf(sides).Kind == forms.Organisation {
		r.Representative, r.RepresentativeName, r.RepresentativePosition, r.Basis = true, sides.EmployerHead, headOfParty, charter
	}
	if order.CustomerKind(sides.CustomerKind) == forms.Organisation {
		r.CustomerRepresentative, r.CustomerPosition, r.CustomerBasis = sides.CustomerHead, headOfParty, charter
	}
	return r
}

// representationIn returns who acts for the parties in a document.
func representationIn(p forms.Parties) Representation {
	return Representation{
		Representative: p.Performer.Representative.Name != "", RepresentativeName: p.Performer.Representative.Name,
		RepresentativePosition: p.Performer.Representative.Position, Basis: p.Performer.Basis, CustomerRepresentative: p.Customer.Representative.Name,
		CustomerPosition: p.Customer.Representative.Position, CustomerBasis: p.Customer.Basis,
	}
}

// complete sets what follows from the kind of the performer, and returns what is missing.
func (r *Representation) complete(sides sqlcgen.ContractSidesRow) []problems.FieldProblem {
	r.Representative = r.Representative || performerOf(sides).Kind == forms.Organisation
	if r.Representative && r.RepresentativeName == "" {
		return []problems.FieldProblem{{Field: "representativeName", Message: "Укажите ФИО представителя исполнителя."}}
	}
	return nil
}

// parties returns the parties with who acts for them.
func (r Representation) parties(sides sqlcgen.ContractSidesRow) forms.Parties {
	p := forms.Parties{Customer: customerOf(sides), Performer: performerOf(sides)}
	p.Performer.Basis = r.Basis
	if r.Representative {
		p.Performer.Representative = forms.Representative{Name: r.RepresentativeName, Position: r.RepresentativePosition}
	}
	if p.Customer.Kind == forms.Organisation {
		p.Customer.Representative = forms.Representative{Name: r.CustomerRepresentative, Position: r.CustomerPosition}
		p.Customer.Basis = r.CustomerBasis
	}
	return p
}
