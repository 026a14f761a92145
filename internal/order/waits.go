package order

import (
	"fmt"
	"slices"
	"time"
)

// WaitCode is the step that an order waits for.
type WaitCode string

// Wait is the step that the order waits for and since when.
type Wait struct {
	For   WaitCode  `json:"for,omitempty"`
	From  Role      `json:"from,omitempty"`
	Since time.Time `json:"since"`
	// Until is when the term of an overdue step ended. While the term runs, its end is among the
	// order's deadlines. States that became overdue before this field was recorded have no Until
	// until their next message.
	Until time.Time `json:"until,omitzero"`
}

// The steps that an order waits for.
const (
	WaitPublication            WaitCode = "publication"
	WaitChoice                 WaitCode = "choice"
	WaitOfferAnswer            WaitCode = "offer-answer"
	WaitReacceptance           WaitCode = "reacceptance"
	WaitContract               WaitCode = "contract"
	WaitContractSignature      WaitCode = "contract-signature"
	WaitPrepaymentInvoice      WaitCode = "prepayment-invoice"
	WaitPrepayment             WaitCode = "prepayment"
	WaitPrepaymentConfirmation WaitCode = "prepayment-confirmation"
	WaitResults                WaitCode = "results"
	WaitReceipt                WaitCode = "receipt"
	WaitAcceptance             WaitCode = "acceptance"
	WaitFinal                  WaitCode = "registration"
	WaitAct                    WaitCode = "act"
	WaitActSignature           WaitCode = "act-signature"
	WaitInvoice                WaitCode = "invoice"
	WaitPayment                WaitCode = "payment"
	WaitPaymentConfirmation    WaitCode = "payment-confirmation"
	WaitRating                 WaitCode = "rating"
	WaitNothing                WaitCode = ""
)

// schedule is the term of a step and its reminders. Its end never changes the stage.
type schedule struct {
	from Role
	// what is the awaited step for people, in the genitive: «ждёт …».
	what string
	// The step is overdue after term; zero means never. Reminders are sent before.
	term      time.Duration
	reminders []time.Duration
	working   bool
	// escalate notifies the moderators when the step is overdue: they may take it instead.
	escalate bool
}

// ratingTerm is how long a mark may be given and changed.
const ratingTerm = 14 * day

// offerTerm is how long an offer stays open.
const offerTerm = 3 * day

var schedules = map[WaitCode]schedule{
	WaitPublication:            {from: RoleCustomer, what: "публикации заказа"},
	WaitChoice:                 {from: RoleCustomer, what: "выбора исполнителя", term: 30 * day},
	WaitOfferAnswer:            {from: RoleEngineer, what: "ответа на предложение"},
	WaitReacceptance:           {from: RoleEngineer, what: "согласия с изменёнными условиями", term: 5 * day},
	WaitContract:               {from: RoleEngineer, what: "договора", term: 10 * day},
	WaitContractSignature:      {from: RoleCustomer, what: "подписи заказчика на договоре", term: 5 * day},
	WaitPrepaymentInvoice:      {from: RoleEngineer, what: "счёта на предоплату", term: 3 * day},
	WaitPrepayment:             {from: RoleCustomer, what: "предоплаты", term: 5 * day},
	WaitPrepaymentConfirmation: {from: RoleEngineer, what: "подтверждения предоплаты", term: 5 * day, reminders: []time.Duration{2 * day}, working: true, escalate: true},
	WaitResults:                {from: RoleEngineer, what: "результатов работ"},
	WaitReceipt:                {from: RoleCustomer, what: "подтверждения, что результаты получены", term: UsualAcceptanceDays * day, reminders: []time.Duration{5 * day}, working: true},
	WaitAcceptance:             {from: RoleCustomer, what: "приёмки работ", term: UsualAcceptanceDays * day, reminders: []time.Duration{5 * day}, working: true},
	WaitFinal:                  {from: RoleEngineer, what: "результата ГКУ/ГРП", term: 60 * day, reminders: []time.Duration{30 * day}},
	WaitAct:                    {from: RoleEngineer, what: "акта", term: 3 * day},
	WaitActSignature:           {from: RoleCustomer, what: "подписи заказчика на акте", term: 5 * day, working: true},
	WaitInvoice:                {from: RoleEngineer, what: "счёта на оплату", term: 3 * day},
	WaitPayment:                {from: RoleCustomer, what: "оплаты", term: 10 * day, reminders: []time.Duration{5 * day}},
	WaitPaymentConfirmation:    {from: RoleEngineer, what: "подтверждения оплаты", term: 10 * day, reminders: []time.Duration{3 * day, 7 * day}, escalate: true},
	WaitRating:                 {from: RoleCustomer, what: "оценки"},
	WaitHold:                   {what: "окончания приостановки"},
	WaitSettlement:             {from: RoleModerator, what: "решения модератора"},
}

// What returns the awaited step for people, in the genitive.
func (w WaitCode) What() string { return schedules[w].what }

// Schedule is the term of a step and what happens at its end.
type Schedule struct {
	From Role
	// Term is zero if the step has none, or if the contract defines it.
	Term      time.Duration
	Reminders []time.Duration
	// Working means that the term and the reminders count working days only.
	Working bool
	// Escalates notifies the moderators at the end of the term.
	Escalates bool
	// Expires ends the offer or the rating at the end of the term; any other step only becomes overdue.
	Expires bool
}

// Schedule returns the schedule of the step, for documents; the order's own deadlines are in
// [State.Dues].
func (w WaitCode) Schedule() Schedule {
	plan := schedules[w]
	s := Schedule{
		From: plan.from, Term: plan.term, Reminders: slices.Clone(plan.reminders), Working: plan.working, Escalates: plan.escalate,
	}
	switch w {
	case WaitOfferAnswer:
		s.Term, s.Expires = offerTerm, true
	case WaitRating:
		s.Term, s.Expires = ratingTerm, true
	}
	return s
}

// NeedsCustomerSignature reports whether the customer signs to complete the step. In a contract with
// registration the act is not signed with the acceptance.
func (w WaitCode) NeedsCustomerSignature(registration bool) bool {
	switch w {
	case WaitContractSignature, WaitActSignature:
		return true
	case WaitAcceptance:
		return !registration
	}
	return false
}

// WaitCodes returns every step that an order can wait for, sorted.
func WaitCodes() []WaitCode {
	codes := make([]WaitCode, 0, len(schedules))
	for c := range schedules {
		codes = append(codes, c)
	}
	slices.Sort(codes)
	return codes
}

// awaited returns the next step of the order, derived from its state.
func (s *State) awaited() WaitCode {
	switch s.Stage {
	case Draft:
		return WaitPublication
	case Selection:
		if s.Offer != nil {
			return WaitOfferAnswer
		}
		return WaitChoice
	case Contracting:
		switch {
		case s.Reaccept:
			return WaitReacceptance
		case s.Contract == nil:
			return WaitContract
		}
		return WaitContractSignature
	case Prepayment:
		return s.Prepayment.awaited(WaitPrepaymentInvoice, WaitPrepayment, WaitPrepaymentConfirmation)
	case Work:
		return WaitResults
	case Acceptance:
		if !s.Results.Received {
			return WaitReceipt
		}
		return WaitAcceptance
	case Registration:
		return WaitFinal
	case Payment:
		switch {
		case s.Act == nil || s.Act.Returned:
			return WaitAct
		case !s.Act.done():
			return WaitActSignature
		}
		return s.Payment.awaited(WaitInvoice, WaitPayment, WaitPaymentConfirmation)
	case Completed:
		if !s.RatingClosed {
			return WaitRating
		}
	}
	return WaitNothing
}

func (b *Bill) awaited(invoice, payment, confirmation WaitCode) WaitCode {
	switch {
	case b != nil && b.Claimed:
		return confirmation
	case b == nil || b.Invoice == nil:
		return invoice
	}
	return payment
}

// DueKind is the action of a deadline.
type DueKind string

// A reminder notifies the awaited party; an overdue deadline flags the step and notifies both
// parties; acceptance accepts the works on the working day after the term that the contract sets for
// the customer's answer; the others end the offer and the time for rating.
const (
	DueReminder    DueKind = "reminder"
	DueOverdue     DueKind = "overdue"
	DueAcceptance  DueKind = "acceptance"
	DueOfferExpiry DueKind = "offer-expiry"
	DueRatingEnd   DueKind = "rating-end"
)

// Due is a deadline of the order. At is set while it runs, Left while the order is suspended.
type Due struct {
	ID   string    `json:"id"`
	Kind DueKind   `json:"kind"`
	At   time.Time `json:"at"`
	// Working deadlines count working days only.
	Working bool          `json:"working,omitempty"`
	Left    time.Duration `json:"left,omitempty"`
}

func (d *Due) freeze(at time.Time) {
	if d.Working {
		d.Left = WorkingBetween(at, d.At)
	} else {
		d.Left = max(d.At.Sub(at), 0)
	}
	d.At = time.Time{}
}

func (d *Due) thaw(at time.Time) {
	if d.Working {
		d.At = AddWorking(at, d.Left).UTC()
	} else {
		d.At = at.Add(d.Left).UTC()
	}
	d.Left = 0
}

// refreshDeadlines updates the awaited step, the deadlines and their freezing for the new stage.
func (s *State) refreshDeadlines(at time.Time) {
	s.freezeOrThaw(at)
	if s.Dispute != nil { // whoever calls the moderator is not silent
		s.dropDues(DueAcceptance)
	}
	if next := s.awaited(); next != s.Wait.For {
		s.awaitStep(next, at)
	}
	s.refreshRatingEnd()
	if s.Overdue && s.Wait.Until.IsZero() {
		s.Wait.Until = s.endOfTerm(at)
	}
	slices.SortStableFunc(s.Dues, func(a, b Due) int { return a.At.Compare(b.At) })
}

func (s *State) freezeOrThaw(at time.Time) {
	suspended := s.Suspended()
	switch {
	case suspended && s.Frozen == nil:
		s.Frozen = &at
		for i := range s.Dues {
			s.Dues[i].freeze(at)
		}
	case !suspended && s.Frozen != nil:
		s.Frozen = nil
		for i := range s.Dues {
			s.Dues[i].thaw(at)
		}
	}
}

func (s *State) awaitStep(next WaitCode, at time.Time) {
	plan := schedules[next]
	s.Wait = Wait{For: next, From: plan.from, Since: at}
	s.Overdue = false
	s.Dues = slices.DeleteFunc(s.Dues, func(d Due) bool { return d.Kind == DueReminder || d.Kind == DueOverdue || d.Kind == DueAcceptance })
	if term := s.acceptanceTerm(next); term > 0 && len(plan.reminders) > 0 {
		plan.reminders = []time.Duration{term / 2}
	}
	if term := s.silentTerm(); term > 0 && next == WaitAcceptance && s.Dispute == nil {
		plan.reminders = []time.Duration{term / 2, term - day}
		s.addDue(Due{ID: fmt.Sprintf("%s-%d%s", next, s.Seq, silence), Kind: DueAcceptance, Working: plan.working, Left: term + day}, at)
	}
	for i, after := range plan.reminders {
		s.addDue(Due{ID: fmt.Sprintf("%s-%d-reminder-%d", next, s.Seq, i+1), Kind: DueReminder, Working: plan.working, Left: after}, at)
	}
	if term := s.termOf(next, at); term > 0 {
		s.addDue(Due{ID: fmt.Sprintf("%s-%d-overdue", next, s.Seq), Kind: DueOverdue, Working: plan.working, Left: term}, at)
	}
}

// silence ends the id of the deadline at which silence accepts the works; [DoneText] reads it.
const silence = "-silence"

// silentTerm returns the term of acceptance after which the customer's silence accepts the works; 0 if
// it never does.
func (s *State) silentTerm() time.Duration {
	if s.Contract == nil {
		return 0
	}
	return time.Duration(s.Contract.SilenceAcceptsAfter) * day
}

// SilenceAccepts returns when the customer's silence accepts the works; zero if it does not, and while
// the order is suspended.
func (s *State) SilenceAccepts() time.Time {
	if i := slices.IndexFunc(s.Dues, func(d Due) bool { return d.Kind == DueAcceptance }); i >= 0 {
		return s.Dues[i].At
	}
	return time.Time{}
}

// acceptanceTerm returns the contract's own term for a step of the acceptance; 0 for another step, and
// if the contract has none.
func (s *State) acceptanceTerm(next WaitCode) time.Duration {
	if s.Contract == nil || !next.Accepts() {
		return 0
	}
	return time.Duration(s.Contract.AcceptanceDays) * day
}

// Accepts reports whether the step has the contract's term of acceptance: the customer gets the results,
// accepts them, or signs the act.
func (w WaitCode) Accepts() bool {
	return w == WaitReceipt || w == WaitAcceptance || w == WaitActSignature
}

// termOf returns the schedule's term; for the works themselves and for their acceptance, the contract's
// if it has one.
func (s *State) termOf(next WaitCode, at time.Time) time.Duration {
	if term := s.acceptanceTerm(next); term > 0 {
		return term
	}
	if term := s.silentTerm(); term > 0 && next == WaitAcceptance {
		return term
	}
	if next != WaitResults || s.Contract == nil {
		return schedules[next].term
	}
	end, err := time.ParseInLocation(time.DateOnly, s.Contract.TermDate, Moscow)
	if err != nil {
		return 0
	}
	// A contract that an earlier version accepted may have any date.
	return min(max(end.Add(day).Sub(at), day), MaxTermDays*day)
}

func (s *State) addDue(d Due, at time.Time) {
	if s.Frozen == nil {
		d.thaw(at)
	}
	s.Dues = append(s.Dues, d)
}

func (s *State) dropDues(kind DueKind) {
	s.Dues = slices.DeleteFunc(s.Dues, func(d Due) bool { return d.Kind == kind })
}

// refreshRatingEnd sets the one deadline that closes a completed order.
func (s *State) refreshRatingEnd() {
	if s.Stage != Completed || s.RatingClosed {
		return
	}
	until := s.Wait.Since.Add(ratingTerm)
	if s.Rating != nil && s.Rating.First.Add(ratingTerm).After(until) {
		until = s.Rating.First.Add(ratingTerm)
	}
	s.dropDues(DueRatingEnd)
	s.Dues = append(s.Dues, Due{ID: "rating-end", Kind: DueRatingEnd, At: until})
}

// endOfTerm returns when the term of an overdue step ended, for a state that does not record it. It
// ignores suspensions and is never later than at.
func (s *State) endOfTerm(at time.Time) time.Time {
	term := Due{Working: schedules[s.Wait.For].working, Left: s.termOf(s.Wait.For, s.Wait.Since)}
	term.thaw(s.Wait.Since)
	if term.At.After(at) {
		return at
	}
	return term.At
}

// Deadline returns when the awaited step is expected, or was expected if it is overdue. For a
// step that is not overdue it is zero if the step has no term, and while the order is suspended.
func (s *State) Deadline() time.Time {
	if s.Overdue && !s.Wait.Until.IsZero() {
		return s.Wait.Until
	}
	if s.Frozen != nil {
		return time.Time{}
	}
	var latest time.Time
	for _, d := range s.Dues {
		if d.Kind != DueReminder && d.Kind != DueAcceptance && d.At.After(latest) {
			latest = d.At
		}
	}
	return latest
}

// Steps that take precedence over the step of the stage.
const (
	WaitHold       WaitCode = "hold"
	WaitSettlement WaitCode = "settlement"
)

// EffectiveWait returns what the order effectively waits for: a moderator's decision, the end of a
// suspension, or else the step of its stage.
func (s *State) EffectiveWait() Wait {
	switch {
	case s.Dispute != nil:
		return Wait{For: WaitSettlement, From: RoleModerator, Since: s.Dispute.Since}
	case s.Replacement.agreed():
		return Wait{For: WaitSettlement, From: RoleModerator, Since: s.Replacement.Agreed}
	case s.Suspended():
		return Wait{For: WaitHold, From: holdRole[s.Holds()[0]], Since: *s.Frozen}
	}
	return s.Wait
}

var holdRole = map[Source]Role{
	BySourceRegistry: RoleRegistry, BySourceModerator: RoleModerator, BySourceEmployer: RoleEmployer,
}
