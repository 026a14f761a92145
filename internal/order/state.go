package order

import (
	"slices"
	"time"
)

// State is everything that an order remembers between messages. It holds ids, hashes, amounts and times, never personal
// data, so that it may stand in a workflow's history. Its JSON names are part of every recorded history: a field may be
// added, none may be renamed or given another meaning.
type State struct {
	ID       string   `json:"id"`
	Number   string   `json:"number,omitempty"`
	Customer Customer `json:"customer"`
	// Seq counts the messages judged so far, refused ones too; At is when the last of them is held to have happened.
	Seq int       `json:"seq"`
	At  time.Time `json:"at"`

	Stage Stage `json:"stage,omitempty"`
	// Cause says who ended a cancelled order.
	Cause Cause `json:"cause,omitempty"`

	Terms *Terms `json:"terms,omitempty"`
	// Form is the text of the published conditions; Revision counts their publications.
	Form     *BodyRef `json:"form,omitempty"`
	Revision int      `json:"revision,omitempty"`

	Responses []Response `json:"responses,omitempty"`
	Offer     *Offer     `json:"offer,omitempty"`
	// Lapsed are the offers that ended without an answer, the newest last: an answer given before may still be on its way.
	Lapsed    []LapsedOffer `json:"lapsed,omitempty"`
	Performer *Performer    `json:"performer,omitempty"`
	// Reaccept says that the performer has yet to accept changed conditions.
	Reaccept bool `json:"reaccept,omitempty"`

	Contract   *Contract `json:"contract,omitempty"`
	Prepayment *Bill     `json:"prepayment,omitempty"`
	Results    *Results  `json:"results,omitempty"`
	// Rounds counts how often the results were returned.
	Rounds int  `json:"rounds,omitempty"`
	Act    *Act `json:"act,omitempty"`
	// Application is the last word of Rosreestr on ГКУ/ГРП: review, suspended or refused.
	Application string  `json:"application,omitempty"`
	Payment     *Bill   `json:"payment,omitempty"`
	Rating      *Rating `json:"rating,omitempty"`

	Standings []StandingRecord `json:"standings,omitempty"`
	Proposal  *Proposal        `json:"proposal,omitempty"`
	Dispute   *Dispute         `json:"dispute,omitempty"`

	Wait Wait `json:"wait"`
	// Overdue says that the awaited step did not come in its time.
	Overdue bool  `json:"overdue,omitempty"`
	Dues    []Due `json:"dues,omitempty"`
	// Frozen is since when the deadlines stand still; nil while they run.
	Frozen *time.Time `json:"frozen,omitempty"`
	// RatingClosed says that the time for rating is over: the order listens no more.
	RatingClosed bool `json:"ratingClosed,omitempty"`
	// RatingEnd is when the time for rating ended, once it has.
	RatingEnd *time.Time `json:"ratingEnd,omitempty"`

	// Effects are the works outside that have been started and have not ended.
	Effects []Effect `json:"effects,omitempty"`
	Refused *Refused `json:"refused,omitempty"`
}

// Customer is who ordered the works: his account and the person who acted for it.
type Customer struct {
	Party  string `json:"party,omitempty"`
	Person string `json:"person,omitempty"`
}

// Cause says who ended an order before its completion.
type Cause string

// The causes of a cancelled order.
const (
	ByCustomer  Cause = "customer"
	ByAgreement Cause = "agreement"
	ByModerator Cause = "moderator"
)

// Response is an engineer's bid. Open ones can be chosen if they are for the current revision of the conditions.
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

// LapsedOffer is an offer whose term ended without an answer.
type LapsedOffer struct {
	Offer
	// Closed says that the order has decided otherwise since: an answer given in time comes too late all the same.
	Closed bool `json:"closed,omitempty"`
}

// Performer is the engineer who does the works; Employer is his organisation, empty for a sole proprietor.
type Performer struct {
	ID       string `json:"id"`
	Person   string `json:"person,omitempty"`
	Employer string `json:"employer,omitempty"`
	// Chosen is when the order got a performer: from then on the days of a term count. Unknown for those chosen before it was kept.
	Chosen time.Time `json:"chosen,omitzero"`
}

// Contract is the contract that the engineer signed and sent.
type Contract struct {
	ContractTerms
	// CustomerSignature is set when both have signed.
	CustomerSignature *FileRef `json:"customerSignature,omitempty"`
}

// Bill is one payment from invoice to confirmation.
type Bill struct {
	Invoice *Invoice `json:"invoice,omitempty"`
	// Claimed says that the customer reported the payment and the engineer has not answered.
	Claimed   bool     `json:"claimed,omitempty"`
	Document  *FileRef `json:"document,omitempty"`
	Refuted   int      `json:"refuted,omitempty"`
	Confirmed bool     `json:"confirmed,omitempty"`
}

// Results are the handed-over results of the works.
type Results struct {
	Way   Way       `json:"way"`
	Files []FileRef `json:"files,omitempty"`
	// Received says that the customer has them in hand; files are received as they arrive.
	Received bool `json:"received,omitempty"`
}

// Act is the act of completed works.
type Act struct {
	SignedAct
	CustomerSignature *FileRef `json:"customerSignature,omitempty"`
	// Alone says that the engineer signed for both after the customer's silence.
	Alone    bool `json:"alone,omitempty"`
	Returned bool `json:"returned,omitempty"`
}

// done says that the act needs no signature any more.
func (a *Act) done() bool { return a != nil && (a.CustomerSignature != nil || a.Alone) }

// Rating is the customer's mark.
type Rating struct {
	Mark  int       `json:"mark"`
	First time.Time `json:"first"`
}

// Source is who speaks of an engineer's standing.
type Source string

// The reasons of a suspension, each set and lifted alone.
const (
	BySourceRegistry  Source = "registry"
	BySourceModerator Source = "moderator"
	BySourceEmployer  Source = "employer"
)

// StandingRecord is the newest word of one source on the performer; an inactive one holds the order.
type StandingRecord struct {
	Source Source    `json:"source"`
	Active bool      `json:"active"`
	AsOf   time.Time `json:"asOf"`
	// Since is when the order heard it.
	Since time.Time `json:"since"`
	// Seq is the place of the message that holds the order by hand: its text is the reason. Zero for all else.
	Seq int `json:"seq,omitempty"`
}

// Proposal is one party's wish that needs the other's agreement.
type Proposal struct {
	Kind Kind `json:"kind"`
	By   Role `json:"by"`
	// Party is who made it; empty in what was recorded before it was kept.
	Party string `json:"party,omitempty"`
}

// MadeBy reports whether the actor's side made the proposal.
func (p *Proposal) MadeBy(a Actor) bool {
	return p.By == a.Role && (p.Party == "" || p.Party == a.Party)
}

// Dispute waits for the moderator.
type Dispute struct {
	Ground Ground    `json:"ground"`
	By     Role      `json:"by"`
	Since  time.Time `json:"since"`
}

// Effect is a work outside that the order started; its key makes it once.
type Effect struct {
	Key  string     `json:"key"`
	Kind EffectKind `json:"kind"`
}

// EffectKind names what an effect does.
type EffectKind string

// PurgeFiles removes the files of a deleted draft.
const PurgeFiles EffectKind = "purge-files"

// Refused is the last refusal, for whoever looks at a stuck order.
type Refused struct {
	Kind Kind      `json:"kind"`
	Code Code      `json:"code"`
	At   time.Time `json:"at"`
}

// Holds lists who holds the order; it is suspended while one does, see [State.Suspended].
func (s *State) Holds() []Source {
	var held []Source
	for _, r := range s.Holding() {
		held = append(held, r.Source)
	}
	return held
}

// Holding are the words by which the order is held, one a source. Nothing holds an order that has ended.
func (s *State) Holding() []StandingRecord {
	if s.Stage.Final() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.Standings), func(r StandingRecord) bool { return r.Active })
}

// Suspended says that the order stands still: somebody holds its engineer in a stage that cannot go on without him.
func (s *State) Suspended() bool {
	return slices.Contains(suspendable, s.Stage) && len(s.Holds()) > 0
}

// ShownStage is the stage as people see it.
func (s *State) ShownStage() Stage {
	if s.Suspended() {
		return Suspended
	}
	return s.Stage
}

// StageLabel is the label of the shown stage; an order ended otherwise than by its customer is «Отменен».
func (s *State) StageLabel() string {
	if s.Stage == Cancelled && s.Cause != ByCustomer {
		return "Отменен"
	}
	return s.ShownStage().Label()
}

// Closed says that the order needs no more messages: its life is over, nothing it started is under way, and the time for
// rating has passed.
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

// NextDue is the earliest deadline that runs.
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
