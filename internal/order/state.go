package order

import (
	"slices"
	"time"
)

// State is everything that an order stores between messages. It contains ids, hashes, amounts and
// times, never personal data, so that a workflow's history may contain it. Its JSON names are part
// of every recorded history: a field may be added, but never renamed or given another meaning.
type State struct {
	ID       string   `json:"id"`
	Number   string   `json:"number,omitempty"`
	Customer Customer `json:"customer"`
	// Seq counts the messages decided so far, including refused ones; At is the effective time of
	// the last one.
	Seq int       `json:"seq"`
	At  time.Time `json:"at"`

	Stage Stage `json:"stage,omitempty"`
	// Cause is who ended a cancelled order.
	Cause Cause `json:"cause,omitempty"`

	Terms *Terms `json:"terms,omitempty"`
	// Form is the text of the published conditions; Revision counts their publications.
	Form     *BodyRef `json:"form,omitempty"`
	Revision int      `json:"revision,omitempty"`

	Responses []Response `json:"responses,omitempty"`
	Offer     *Offer     `json:"offer,omitempty"`
	// Lapsed are the offers that ended without an answer, the newest last: an answer sent in time
	// may still arrive.
	Lapsed    []LapsedOffer `json:"lapsed,omitempty"`
	Performer *Performer    `json:"performer,omitempty"`
	// Reaccept means that the performer has not accepted changed conditions yet.
	Reaccept bool `json:"reaccept,omitempty"`

	Contract   *Contract `json:"contract,omitempty"`
	Prepayment *Bill     `json:"prepayment,omitempty"`
	Results    *Results  `json:"results,omitempty"`
	// Rounds counts the returns of the results.
	Rounds int  `json:"rounds,omitempty"`
	Act    *Act `json:"act,omitempty"`
	// Application is the last status of the application for ГКУ/ГРП at Rosreestr: review, suspended
	// or refused.
	Application string  `json:"application,omitempty"`
	Payment     *Bill   `json:"payment,omitempty"`
	Rating      *Rating `json:"rating,omitempty"`

	Statuses []StatusRecord `json:"standings,omitempty"`
	Proposal *Proposal      `json:"proposal,omitempty"`
	Dispute  *Dispute       `json:"dispute,omitempty"`
	// Replacement is the employer's newest proposal to replace the performer; nil if it needs no
	// attention any more.
	Replacement *Replacement `json:"replacement,omitempty"`

	Wait Wait `json:"wait"`
	// Overdue means that the awaited step did not come within its term.
	Overdue bool  `json:"overdue,omitempty"`
	Dues    []Due `json:"dues,omitempty"`
	// Frozen is when the deadlines stopped; nil while they run.
	Frozen *time.Time `json:"frozen,omitempty"`
	// RatingClosed means that the time for rating is over and that the order accepts no more
	// messages.
	RatingClosed bool `json:"ratingClosed,omitempty"`
	// RatingEnd is when the time for rating ended; nil before.
	RatingEnd *time.Time `json:"ratingEnd,omitempty"`

	// Effects are the external works that were started and have not finished.
	Effects []Effect `json:"effects,omitempty"`
	Refused *Refused `json:"refused,omitempty"`
}

// Customer identifies the customer's account and the person who acted for it.
type Customer struct {
	Party  string `json:"party,omitempty"`
	Person string `json:"person,omitempty"`
}

// Cause is who ended an order before its completion.
type Cause string

// The causes of a cancelled order.
const (
	ByCustomer  Cause = "customer"
	ByAgreement Cause = "agreement"
	ByModerator Cause = "moderator"
)

// Response is an engineer's bid. The customer can choose an open response to the current revision
// of the conditions.
type Response struct {
	Engineer string `json:"engineer"`
	Bid
	Revision int `json:"revision"`
}

// Offer is an order offered to one engineer.
type Offer struct {
	Engineer string    `json:"engineer"`
	Expires  time.Time `json:"expires"`
}

// LapsedOffer is an offer that expired without an answer.
type LapsedOffer struct {
	Offer
	// Closed means that the order has since moved on: even an answer sent in time is refused.
	Closed bool `json:"closed,omitempty"`
}

// Performer is the engineer who does the works; Employer is his organisation, empty for a sole proprietor.
type Performer struct {
	ID       string `json:"id"`
	Person   string `json:"person,omitempty"`
	Employer string `json:"employer,omitempty"`
	// Chosen is when the order got its performer; the days of a term count from it. It is zero for
	// performers chosen before the field existed.
	Chosen time.Time `json:"chosen,omitzero"`
}

// Contract is the contract that the engineer signed and sent.
type Contract struct {
	ContractTerms
	// CustomerSignature is set once both parties have signed.
	CustomerSignature *FileRef `json:"customerSignature,omitempty"`
}

// Bill is one payment from invoice to confirmation.
type Bill struct {
	Invoice *Invoice `json:"invoice,omitempty"`
	// Claimed means that the customer reported the payment and the engineer has not answered.
	Claimed   bool     `json:"claimed,omitempty"`
	Document  *FileRef `json:"document,omitempty"`
	Refuted   int      `json:"refuted,omitempty"`
	Confirmed bool     `json:"confirmed,omitempty"`
}

// Results are the delivered results of the works.
type Results struct {
	Way   Way       `json:"way"`
	Files []FileRef `json:"files,omitempty"`
	// Received means that the customer has the results; files count as received on delivery.
	Received bool `json:"received,omitempty"`
}

// Act is the act of completed works.
type Act struct {
	SignedAct
	CustomerSignature *FileRef `json:"customerSignature,omitempty"`
	// Alone means that the engineer signed alone after the customer's silence.
	Alone    bool `json:"alone,omitempty"`
	Returned bool `json:"returned,omitempty"`
}

// done reports whether the act needs no further signature.
func (a *Act) done() bool { return a != nil && (a.CustomerSignature != nil || a.Alone) }

// Rating is the customer's mark.
type Rating struct {
	Mark  int       `json:"mark"`
	First time.Time `json:"first"`
}

// Source is the sender of an engineer's status.
type Source string

// The sources of a hold. Each source sets and lifts only its own hold.
const (
	BySourceRegistry  Source = "registry"
	BySourceModerator Source = "moderator"
	BySourceEmployer  Source = "employer"
)

// StatusRecord is the newest status of the performer from one source; an inactive one holds the
// order.
type StatusRecord struct {
	Source Source    `json:"source"`
	Active bool      `json:"active"`
	AsOf   time.Time `json:"asOf"`
	// Since is when the order received the current value of Active.
	Since time.Time `json:"since"`
	// Seq is the number of the message that set a manual hold of this order; the text of that
	// message is the reason. It is zero otherwise.
	Seq int `json:"seq,omitempty"`
	// Decision means that the employer holds the order by his decision on the engineer himself, not
	// manually.
	Decision bool `json:"decision,omitempty"`
}

// Proposal is one party's proposal that needs the other party's agreement.
type Proposal struct {
	Kind Kind `json:"kind"`
	By   Role `json:"by"`
	// Party is who made the proposal; empty in states recorded before the field existed.
	Party string `json:"party,omitempty"`
}

// MadeBy reports whether the actor's side made the proposal.
func (p *Proposal) MadeBy(a Actor) bool {
	return p.By == a.Role && (p.Party == "" || p.Party == a.Party)
}

// Replacement is an employer's proposal that another of his engineers takes the order over.
type Replacement struct {
	Engineer string    `json:"engineer"`
	Since    time.Time `json:"since"`
	// Agreed is when the engineer agreed; zero before.
	Agreed time.Time `json:"agreed,omitzero"`
	// Void is why the engineer cannot take the order over any more; empty while he can. A void
	// proposal has no effect, and a new one takes its place.
	Void Code `json:"void,omitempty"`
}

func (r *Replacement) open() bool   { return r != nil && r.Void == "" }
func (r *Replacement) agreed() bool { return r.open() && !r.Agreed.IsZero() }

func (r *Replacement) isOf(engineer string) bool { return r.open() && r.Engineer == engineer }

// Substitute returns the engineer whom the employer proposes in place of the performer; empty if
// there is none.
func (s *State) Substitute() string {
	if s.Replacement.open() {
		return s.Replacement.Engineer
	}
	return ""
}

// Dispute is an open dispute that waits for the moderator.
type Dispute struct {
	Ground Ground    `json:"ground"`
	By     Role      `json:"by"`
	Since  time.Time `json:"since"`
}

// Effect is an external work that the order started; its key makes it idempotent.
type Effect struct {
	Key  string     `json:"key"`
	Kind EffectKind `json:"kind"`
}

// EffectKind names what an effect does.
type EffectKind string

// PurgeFiles removes the files of a deleted draft.
const PurgeFiles EffectKind = "purge-files"

// Refused is the last refusal; it helps to find out why an order does not progress.
type Refused struct {
	Kind Kind      `json:"kind"`
	Code Code      `json:"code"`
	At   time.Time `json:"at"`
}

// Holds returns the sources that hold the order. See [State.Suspended] for when a hold suspends it.
func (s *State) Holds() []Source {
	var held []Source
	for _, r := range s.HoldRecords() {
		held = append(held, r.Source)
	}
	return held
}

// HoldRecords returns the statuses that hold the order, one per source. Nothing holds an order that
// has ended.
func (s *State) HoldRecords() []StatusRecord {
	if s.Stage.Final() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Statuses), func(r StatusRecord) bool { return r.Active })
}

// Suspended reports whether the order is suspended: a source holds its engineer, and the stage
// cannot continue without him.
func (s *State) Suspended() bool {
	return slices.Contains(suspendable, s.Stage) && len(s.Holds()) > 0
}

// ShownStage returns the stage that people see.
func (s *State) ShownStage() Stage {
	if s.Suspended() {
		return Suspended
	}
	return s.Stage
}

// StageLabel returns the label of the shown stage; an order not ended by its customer is «Отменен».
func (s *State) StageLabel() string {
	if s.Stage == Cancelled && s.Cause != ByCustomer {
		return "Отменен"
	}
	return s.ShownStage().Label()
}

// Closed reports whether the order needs no more messages: it has ended, no effect is running, and
// the time for rating is over.
func (s *State) Closed() bool {
	if len(s.Effects) > 0 {
		return false
	}
	switch s.Stage {
	case Cancelled, Deleted:
		return true
	case Completed:
		return s.RatingClosed
	default:
		return false
	}
}

// NextDue returns the earliest running deadline.
func (s *State) NextDue() (Due, bool) {
	if s.Frozen != nil || len(s.Dues) == 0 {
		return Due{}, false
	}
	return slices.MinFunc(s.Dues, func(a, b Due) int { return a.At.Compare(b.At) }), true
}

func (s *State) response(engineerID string) *Response {
	for i := range s.Responses {
		if s.Responses[i].Engineer == engineerID {
			return &s.Responses[i]
		}
	}
	return nil
}

func (s *State) dropResponse(engineerID string) {
	s.Responses = slices.DeleteFunc(s.Responses, func(r Response) bool { return r.Engineer == engineerID })
}

func (s *State) contractSigned() bool {
	return s.Contract != nil && s.Contract.CustomerSignature != nil
}
