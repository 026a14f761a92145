package orders

import (
	"time"

	"epkr/apiserver/httpapi/wire"
	"epkr/internal/order"
)

// Stage is a stage as lists show it.
type Stage struct {
	Code    string `json:"code" doc:"Код этапа"`
	Label   string `json:"label" doc:"Название в списке"`
	Heading string `json:"heading" doc:"Название в карточке"`
}

// StageOf names a stage; cause says who ended the order.
func StageOf(shown, cause string) Stage {
	s := order.Stage(shown)
	stage := Stage{Code: shown, Label: s.Label(), Heading: s.Heading()}
	if s == order.Cancelled && order.Cause(cause) != order.ByCustomer {
		stage.Label, stage.Heading = cancelledOtherwise, cancelledOtherwise
	}
	return stage
}

// cancelledOtherwise is the label of an order that ended by agreement or by the moderator.
const cancelledOtherwise = "Отменен"

// Waits is what an order waits for.
type Waits struct {
	For      string     `json:"for" doc:"Код шага"`
	What     string     `json:"what" doc:"Чего ждёт заказ, в родительном падеже"`
	From     string     `json:"from,omitempty" doc:"От кого: роль"`
	Since    *time.Time `json:"since,omitempty" doc:"С какого времени"`
	Deadline *time.Time `json:"deadline,omitempty" doc:"До какого времени; у просроченного шага уже прошло"`
	// Overdue with for = hold or settlement is about the step that stands still or in a dispute.
	Overdue bool `json:"overdue" doc:"Срок истёк; при for = hold и settlement это срок шага, который ждёт их окончания"`
}

// WaitsOf is nil where nobody is waited for: a mark that was given may be changed, and need not be.
func WaitsOf(code, from string, since time.Time, deadline *time.Time, overdue, rated bool) *Waits {
	if code == "" || code == string(order.WaitRating) && rated {
		return nil
	}
	if interrupted := code == string(order.WaitHold) || code == string(order.WaitSettlement); interrupted && !overdue {
		deadline = nil // it is not that of a moderator's decision
	}
	return &Waits{For: code, What: order.WaitCode(code).What(), From: from, Since: &since, Deadline: deadline, Overdue: overdue}
}

// WorkKindOf names a kind of works; nil for none.
func WorkKindOf(code string) *wire.Coded {
	if code == "" {
		return nil
	}
	return &wire.Coded{Code: code, Label: order.WorkKind(code).Label()}
}
