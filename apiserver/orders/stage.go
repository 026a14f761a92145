package orders

import (
	"time"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/wire"
	"epkr/internal/order"
)

// Stage is a stage as lists show it.
type Stage struct {
	Code    order.Stage `json:"code" doc:"Код этапа"`
	Label   string      `json:"label" doc:"Название в списке"`
	Heading string      `json:"heading" doc:"Название в карточке"`
}

// StageOf returns a stage with its names; cause is who ended the order.
func StageOf(shown, cause string) Stage {
	s := order.Stage(shown)
	stage := Stage{Code: s, Label: s.Label(), Heading: s.Heading()}
	if s == order.Cancelled && order.Cause(cause) != order.ByCustomer {
		stage.Label, stage.Heading = cancelledOtherwise, cancelledOtherwise
	}
	return stage
}

// cancelledOtherwise is the label of an order that ended by agreement or by the moderator.
const cancelledOtherwise = "Отменен"

// Waits is the step that an order awaits.
type Waits struct {
	For      order.WaitCode `json:"for" doc:"Код шага"`
	What     string         `json:"what" doc:"Чего ждёт заказ, в родительном падеже"`
	From     order.Role     `json:"from,omitempty" doc:"От кого: роль"`
	Since    *time.Time     `json:"since,omitempty" doc:"С какого времени"`
	Deadline *time.Time     `json:"deadline,omitempty" doc:"До какого времени; у просроченного шага уже прошло"`
	// Overdue with for = hold or settlement refers to the step that is suspended or disputed.
	Overdue bool `json:"overdue" doc:"Срок истёк; при for = hold и settlement это срок шага, который ждёт их окончания"`
	// ForHead is about the caller: he acts for the organisation and may not sign for it.
	ForHead bool `json:"forHead,omitempty" doc:"Шаг руководителя организации, а не ваш: подписать может только он"`
}

// WaitsOf returns nil if nobody has to act: a mark that was given may be changed but need not be.
func WaitsOf(code, from string, since time.Time, deadline *time.Time, overdue, rated bool) *Waits {
	if code == "" || code == string(order.WaitRating) && rated {
		return nil
	}
	if interrupted := code == string(order.WaitHold) || code == string(order.WaitSettlement); interrupted && !overdue {
		deadline = nil // the deadline is not for the moderator's decision
	}
	return &Waits{For: order.WaitCode(code), What: order.WaitCode(code).What(), From: order.Role(from), Since: &since, Deadline: deadline, Overdue: overdue}
}

// MarkForHead marks a step that the session cannot take for its organisation, because its head signs.
// registration reports that the contract provides for ГКУ/ГРП.
func (w *Waits) MarkForHead(by httpapi.Session, registration bool) {
	if w == nil || by.Role != order.RoleCustomer || order.CustomerKind(by.PartyKind) != order.OrganisationKind || by.Head {
		return
	}
	w.ForHead = w.From == order.RoleCustomer && w.For.NeedsCustomerSignature(registration)
}

// WorkKindOf returns a kind of works with its name; nil for an empty code.
func WorkKindOf(code string) *wire.Coded {
	if code == "" {
		return nil
	}
	return &wire.Coded{Code: code, Label: order.WorkKind(code).Label()}
}
