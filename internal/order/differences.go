package order

import "time"

// DifferenceField is the part of a contract that differs from the agreement.
type DifferenceField string

// Price and term are compared with the performer's response, or with the order's conditions if he
// did not respond; registration and advance always with the conditions, which never say that silence
// accepts the works. A term that has passed is reported as well.
const (
	DifferentPrice        DifferenceField = "price"
	DifferentTerm         DifferenceField = "term"
	DifferentRegistration DifferenceField = "registration"
	DifferentAdvance      DifferenceField = "advance"
	DifferentSilence      DifferenceField = "silence"
	TermPassed            DifferenceField = "term-passed"
)

// Agreed is where something was agreed.
type Agreed string

// AgreedInResponse takes precedence if the performer has a response.
const (
	AgreedInResponse   Agreed = "response"
	AgreedInConditions Agreed = "conditions"
)

// Difference is one difference between a contract and the agreement: the agreed value and the
// contract's value.
type Difference struct {
	Field DifferenceField `json:"field" enum:"price,term,registration,advance,silence,term-passed" doc:"Что отличается"`
	From  Agreed          `json:"from" enum:"response,conditions" doc:"О чём договорились: в отклике или в условиях заказа"`

	WasAmount *Kopecks `json:"wasAmount,omitempty" doc:"Было, в копейках"`
	IsAmount  *Kopecks `json:"isAmount,omitempty" doc:"В договоре, в копейках"`

	// WasDate is the last day by the agreement. WasDays is set if the agreement named days, which
	// count from the choice of the performer.
	WasDate string `json:"wasDate,omitempty" format:"date" doc:"Последний день по договорённости"`
	WasDays int    `json:"wasDays,omitempty" doc:"Сколько дней было; они считаются со дня выбора исполнителя"`
	IsDate  string `json:"isDate,omitempty" format:"date" doc:"Срок в договоре"`
	// Days is by how many days the contract's term is later; negative if earlier. Of silence it is the
	// number of working days after which it accepts the works.
	Days int `json:"days,omitempty" doc:"На сколько дней срок договора позже; отрицательное, если раньше. При silence — через сколько рабочих дней молчание считается приёмкой"`

	// Is reports whether the contract includes ГКУ/ГРП.
	Is bool `json:"is,omitempty" doc:"Есть ли в договоре постановка на ГКУ/ГРП"`
}

// ContractDifferences returns the differences between the agreement and the contract that waits for
// the customer's signature. The customer sees them before he signs and decides himself whether to
// accept them.
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
	if c.SilenceAcceptsAfter > 0 {
		found = append(found, Difference{Field: DifferentSilence, From: AgreedInConditions, Days: c.SilenceAcceptsAfter})
	}
	if last, err := time.ParseInLocation(time.DateOnly, c.TermDate, Moscow); err == nil && last.Before(midnight(now)) {
		found = append(found, Difference{Field: TermPassed, From: from, IsDate: c.TermDate})
	}
	return found
}

// agreed returns the performer's bid, or the conditions if he accepted an offer.
func (s *State) agreed() (from Agreed, price *Kopecks, date string, days int) {
	if r := s.response(s.Performer.ID); r != nil {
		return AgreedInResponse, &r.Price, r.TermDate, r.TermDays
	}
	return AgreedInConditions, s.Terms.Price, s.Terms.TermDate, s.Terms.TermDays
}

// AgreedTerms returns what the parties agreed before the contract: the price, 0 if nobody has named one,
// and the last day of the term, "" if it has none. Days count from the choice of the performer. It
// reports false while the order has no performer.
func (s *State) AgreedTerms() (price Kopecks, last string, agreed bool) {
	if s.Performer == nil || s.Terms == nil {
		return 0, "", false
	}
	_, named, date, days := s.agreed()
	if named != nil {
		price = *named
	}
	if day, found := lastDay(date, days, s.chosen()); found {
		last = day.Format(time.DateOnly)
	}
	return price, last, true
}

// termDifference compares the last days of the two terms: agreed days count from the day on which
// the performer was chosen.
func (s *State) termDifference(from Agreed, date string, days int) (Difference, bool) {
	is, contracted := lastDay(s.Contract.TermDate, 0, s.chosen())
	was, agreed := lastDay(date, days, s.chosen())
	if !contracted || !agreed || was.Equal(is) {
		return Difference{}, false
	}
	return Difference{
		Field: DifferentTerm, From: from, WasDate: was.Format(time.DateOnly), WasDays: days, IsDate: s.Contract.TermDate,
		Days: daysBetween(was, is),
	}, true
}

// TermPromise is the term of a response as a day, so that terms given as days and as dates compare.
type TermPromise struct {
	// Until is the last day of the term.
	Until string
	// Later is by how many days Until is after the last day of the order's conditions; negative if
	// it is before.
	Later int
}

// Promise returns what the term of a response means if its author is chosen now, or since when he was
// chosen: days count from then, those of the response and those of the conditions alike. It reports
// false if one of the two terms is no term.
func (s *State) Promise(r Response, now time.Time) (TermPromise, bool) {
	if s.Terms == nil {
		return TermPromise{}, false
	}
	from := now
	if s.Performer != nil && s.Performer.ID == r.Engineer {
		from = s.chosen()
	}
	until, promised := lastDay(r.TermDate, r.TermDays, from)
	wished, asked := lastDay(s.Terms.TermDate, s.Terms.TermDays, from)
	if !promised || !asked {
		return TermPromise{}, false
	}
	return TermPromise{Until: until.Format(time.DateOnly), Later: daysBetween(wished, until)}, true
}

// chosen returns when the performer was chosen. For performers without that time it returns when
// the contract came.
func (s *State) chosen() time.Time {
	if !s.Performer.Chosen.IsZero() {
		return s.Performer.Chosen
	}
	return s.Wait.Since
}
