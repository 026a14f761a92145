package order

import "slices"

// Stage is a stage of an order.
type Stage string

// The stages of the manuals, in their usual sequence. [State.Stage] never contains Suspended: a
// suspended order keeps the stage that it will return to, and [State.ShownStage] returns Suspended.
const (
	Draft        Stage = "draft"
	Selection    Stage = "selection"
	Contracting  Stage = "contract"
	Prepayment   Stage = "prepayment"
	Work         Stage = "work"
	Acceptance   Stage = "acceptance"
	Registration Stage = "registration"
	Payment      Stage = "payment"
	Completed    Stage = "completed"
	Cancelled    Stage = "cancelled"
	Suspended    Stage = "suspended"
	// Deleted is the final stage of a draft that its author deleted; its row is deleted as well.
	Deleted Stage = "deleted"
)

// Stages returns the eleven stages that people see, in the manuals' order.
func Stages() []Stage {
	return []Stage{
		Draft, Selection, Contracting, Prepayment, Work, Acceptance, Registration, Payment, Completed, Cancelled, Suspended,
	}
}

var stageLabels = map[Stage]string{
	Draft:        "Проект заказа",
	Selection:    "Выбор исполнителя",
	Contracting:  "Подписание договора",
	Prepayment:   "Предоплата",
	Work:         "Выполнение работ",
	Acceptance:   "Приемка работ",
	Registration: "Постановка на ГКУ/ГРП",
	Payment:      "Оплата работ",
	Completed:    "Завершен",
	Cancelled:    "Отменен заказчиком",
	Suspended:    "Приостановлен",
	Deleted:      "Удален",
}

// Label returns the stage's name in the lists of the manuals.
func (s Stage) Label() string { return stageLabels[s] }

var stageHeadings = map[Stage]string{
	Payment:   "Оплата заказа",
	Completed: "Заказ выполнен",
}

// Heading returns the stage's name on the order card; the manuals spell two names differently
// there.
func (s Stage) Heading() string {
	if h, ok := stageHeadings[s]; ok {
		return h
	}
	return s.Label()
}

// ParseStage accepts a code or any of the manuals' spellings.
func ParseStage(text string) (Stage, bool) {
	for _, s := range Stages() {
		if text == string(s) || text == s.Label() || text == s.Heading() {
			return s, true
		}
	}
	switch text { // spellings of the manuals that are shown nowhere
	case "Выполнен":
		return Completed, true
	case "Заказ приостановлен":
		return Suspended, true
	}
	return "", false
}

// Final reports whether the order has ended, so that no message changes its stage any more.
func (s Stage) Final() bool { return slices.Contains([]Stage{Completed, Cancelled, Deleted}, s) }

// suspendable are the stages in which a hold on the engineer suspends the order. In «Оплата работ»
// the works are accepted and the payment may finish; before a performer is chosen there is nobody
// to wait for.
var suspendable = []Stage{Contracting, Prepayment, Work, Acceptance, Registration}

// Suspendable returns the stages that a hold on the engineer suspends.
func Suspendable() []Stage { return slices.Clone(suspendable) }

// signed are the stages that follow the signatures of both parties.
var signed = []Stage{Prepayment, Work, Acceptance, Registration, Payment}
