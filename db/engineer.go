package db

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

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

// ErrEmployerChanged reports that an engineer moved to another employer while the locks were taken.
// The caller retries.
var ErrEmployerChanged = errors.New("an engineer changed his employer meanwhile")

// LockEngineers locks the employers of the engineers and then the engineers, and returns the
// employers' ids. Whoever changes what the rules of orders read of an engineer takes these locks in
// this order, as the decisions of orders do.
func LockEngineers(ctx context.Context, q *sqlcgen.Queries, engineers []uuid.UUID) ([]uuid.UUID, error) {
	employers, err := q.LockEmployersOf(ctx, engineers)
	if err != nil {
		return nil, fmt.Errorf("locking employers: %w", err)
	}
	locked, err := q.LockEngineers(ctx, engineers)
	if err != nil {
		return nil, fmt.Errorf("locking engineers: %w", err)
	}
	for _, e := range locked {
		if e.EmployerID != nil && !slices.Contains(employers, *e.EmployerID) {
			return nil, ErrEmployerChanged
		}
	}
	return employers, nil
}

// RefreshEmployees sets anew whether the profiles of an employer's engineers are complete. The caller
// has changed what contracts need of the employer, and has locked the employer before any engineer.
func RefreshEmployees(ctx context.Context, q *sqlcgen.Queries, employer uuid.UUID) error {
	engineers, err := q.EngineersToRefresh(ctx, &employer)
	if err != nil {
		return fmt.Errorf("finding the employees whose profiles depend on an employer: %w", err)
	}
	if err := q.RefreshCompleteness(ctx, engineers); err != nil {
		return fmt.Errorf("refreshing whether profiles of employees are complete: %w", err)
	}
	return nil
}
