package order

import "time"

// DifferenceField names what a contract has other than was agreed.
type DifferenceField string

// A contract may differ in price and term from the performer's response, or from the conditions of the order where he did not respond, and
// in the other two from the conditions. A term that has passed is told as well.
const (
	DifferentPrice        DifferenceField = "price"
	DifferentTerm         DifferenceField = "term"
	DifferentRegistration DifferenceField = "registration"
	DifferentAdvance      DifferenceField = "advance"
	TermPassed            DifferenceField = "term-passed"
)

// Agreed says where something was agreed.
type Agreed string

// The response counts where there is one.
const (
	AgreedInResponse   Agreed = "response"
	AgreedInConditions Agreed = "conditions"
)

// Difference is one thing in which a contract is not what was agreed: what was and what is.
type Difference struct {
	Field DifferenceField `json:"field" enum:"price,term,registration,advance,term-passed" doc:"Что отличается"`
	From  Agreed          `json:"from" enum:"response,conditions" doc:"О чём договорились: в отклике или в условиях заказа"`

	WasAmount *Kopecks `json:"wasAmount,omitempty" doc:"Было, в копейках"`
	IsAmount  *Kopecks `json:"isAmount,omitempty" doc:"В договоре, в копейках"`

	// WasDate is the last day that follows from what was agreed. WasDays are given where that were days, which count from the choice of
	// the performer.
	WasDate string `json:"wasDate,omitempty" format:"date" doc:"Последний день по договорённости"`
	WasDays int    `json:"wasDays,omitempty" doc:"Сколько дней было; они считаются со дня выбора исполнителя"`
	IsDate  string `json:"isDate,omitempty" format:"date" doc:"Срок в договоре"`
	// Days is by how many days the contract's term is later, or earlier if negative.
	Days int `json:"days,omitempty" doc:"На сколько дней срок договора позже; отрицательное, если раньше"`

	// Is says of ГКУ/ГРП whether the contract has it.
	Is bool `json:"is,omitempty" doc:"Есть ли в договоре постановка на ГКУ/ГРП"`
}

// ContractDifferences lists where the contract that waits for the customer's signature is other than was agreed, for him to see before he
// signs. It may differ: he decides.
func ContractDifferences(s *State, now time.Time) []Difference {
	if s.Contract == nil || s.Contract.CustomerSignature != nil || s.Terms == nil || s.Performer == nil {
		return nil
	}
	from, price, date, days := s.agreed()
	c := &s.Contract.ContractTerms
	var found []Difference
	if price != nil && *price != c.Price {
		found = append(found, Difference{Field: DifferentPrice, From: from, WasAmount: price, IsAmount: &c.Price})
	}
	if d, differs := s.termDifference(from, date, days); differs {
		found = append(found, d)
	}
	if s.Terms.Registration != c.Registration {
		found = append(found, Difference{Field: DifferentRegistration, From: AgreedInConditions, Is: c.Registration})
	}
	if !s.Terms.Prepayment && c.Advance > 0 {
		found = append(found, Difference{Field: DifferentAdvance, From: AgreedInConditions, IsAmount: &c.Advance})
	}
	if last, err := time.ParseInLocation(time.DateOnly, c.TermDate, Moscow); err == nil && last.Before(midnight(now)) {
		found = append(found, Difference{Field: TermPassed, From: from, IsDate: c.TermDate})
	}
	return found
}

// agreed is the performer's bid, or the conditions where he came by an offer.
func (s *State) agreed() (from Agreed, price *Kopecks, date string, days int) {
	if r := s.response(s.Performer.ID); r != nil {
		return AgreedInResponse, &r.Price, r.TermDate, r.TermDays
	}
	return AgreedInConditions, s.Terms.Price, s.Terms.TermDate, s.Terms.TermDays
}

// termDifference compares last days: agreed days count from the day on which the performer was chosen.
func (s *State) termDifference(from Agreed, date string, days int) (Difference, bool) {
	is, err := time.ParseInLocation(time.DateOnly, s.Contract.TermDate, Moscow)
	if err != nil {
		return Difference{}, false
	}
	was, err := time.ParseInLocation(time.DateOnly, date, Moscow)
	if date == "" {
		was, err = midnight(s.chosen()).AddDate(0, 0, days), nil
	}
	if err != nil || was.Equal(is) {
		return Difference{}, false
	}
	return Difference{
		Field: DifferentTerm, From: from, WasDate: was.Format(time.DateOnly), WasDays: days, IsDate: s.Contract.TermDate,
		Days: int(is.Sub(was) / day), // both are midnights of one zone without summer time
	}, true
}

// chosen is when the performer was chosen; for one who was chosen before that was kept, when the contract came.
func (s *State) chosen() time.Time {
	if !s.Performer.Chosen.IsZero() {
		return s.Performer.Chosen
	}
	return s.Wait.Since
}
