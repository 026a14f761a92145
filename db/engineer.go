package db

import (
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// confirmed is the employment status of an engineer whom his employer has confirmed.
const confirmed = "confirmed"

// EngineerFacts returns the facts about an engineer that the rules need, except the moderators'
// decision on him.
func EngineerFacts(r sqlcgen.EngineerEligibilityRow) *order.EngineerFacts {
	e := &order.EngineerFacts{
		ID: r.ID.String(), InRegistry: r.InRegistry, Blocked: r.Blocked, Receives: r.ReceivesOrders, Complete: r.ProfileComplete,
		SoleProprietor: r.Form == string(order.SoleProprietor), Confirmed: r.Employment == confirmed,
		EmployerActive: int(r.EmployerActive), Regions: r.Regions,
	}
	if r.PersonID != nil {
		e.Person = r.PersonID.String()
	}
	if r.EmployerID != nil {
		e.Employer = r.EmployerID.String()
	}
	return e
}
