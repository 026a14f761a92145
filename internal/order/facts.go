package order

import (
	"slices"
	"time"
)

// Facts are what a decision needs from outside. They are read inside the transaction that records the decision.
type Facts struct {
	// Now is the time of the decision, UTC.
	Now time.Time
	// Number is the order's number, given on creation.
	Number string
	// UnknownCustomer says that a new order names somebody whom the platform does not know.
	UnknownCustomer bool
	// Authority is the sender's authority where he acts for an organisation that orders, see [BindsOrganisation]; nil where he
	// acts for himself.
	Authority *AuthorityFacts
	// Engineer is the one that the message concerns, see [Concerns]; nil if there is no such engineer.
	Engineer *EngineerFacts
	// Ties are how the people of the message are tied to the sides of the order.
	Ties Ties
	// Files are the stored files of this order that the message names and its sender's party uploaded, by id.
	Files map[string]FileFacts
	// NotKept says that the message did not come over the platform, see [NeedsKeeping] and [HeldBy]: nobody's word may stand on it.
	NotKept bool
	// Overtaken says that the platform has since heard otherwise of the engineer from the same source.
	Overtaken bool
	// BodyFound says that the text named by the message is there, unchanged, for this order and by this author.
	BodyFound bool
}

// AuthorityFacts are what ЕСИА said, at the sender's last sign-in, of his place in the organisation.
type AuthorityFacts struct {
	// Head may sign for the organisation. Whoever the head admitted may act for it, but not sign.
	Head bool
}

// FileFacts are what is known of a stored file.
type FileFacts struct {
	SHA256 string
	// ContentType is what the content itself shows, not what was declared.
	ContentType string
}

// EngineerFacts are an engineer's standing at the moment of the decision.
type EngineerFacts struct {
	ID     string
	Person string
	// InRegistry says that АИС «Реестр СРО» shows an active status.
	InRegistry bool
	// Blocked is the moderators' decision that stands, JudgedAt when it was taken; zero while there has been none.
	Blocked  bool
	JudgedAt time.Time
	// Receives is the switch of the profile; Complete says that its mandatory fields are filled.
	Receives bool
	Complete bool
	// SoleProprietor or employed; an employed one has Employer, who confirmed him or not.
	SoleProprietor bool
	Employer       string
	Confirmed      bool
	EmployerActive int
	Regions        []string
}

// MinEngineers is how many active engineers an organisation must have for its engineers to take orders (article 33 of the
// Federal Law 221-ФЗ).
const MinEngineers = 2

// Eligible says why the engineer may not take an order in the region, nil if he may. It is asked when he responds, is
// offered an order, is chosen, accepts, and sends the contract.
func (e *EngineerFacts) Eligible(region string) *Refusal {
	switch {
	case e == nil:
		return refuse(CodeUnknownEngineer)
	case !e.InRegistry:
		return refuse(CodeNotInRegistry)
	case e.Blocked:
		return refuse(CodeBlocked)
	case !e.Complete:
		return refuse(CodeProfile)
	case !e.SoleProprietor && e.Employer == "":
		return refuse(CodeFormOfWork)
	case !e.SoleProprietor && !e.Confirmed:
		return refuse(CodeByEmployer)
	case !e.SoleProprietor && e.EmployerActive < MinEngineers:
		return refuse(CodeOnlyEngineer)
	case !slices.Contains(e.Regions, region):
		return refuse(CodeOutsideRegions)
	}
	return nil
}

// eligible adds to the engineer's standing what concerns this order: nobody performs his own.
func (c *decision) eligible() *Refusal {
	if refused := c.unlikeCustomer(); refused != nil {
		return refused
	}
	return c.facts.Engineer.Eligible(c.s.Terms.Region)
}

// Concerns names the engineer whose standing the decision needs, empty if none, so that his row can be locked.
func Concerns(s *State, m Message) string {
	switch m.Kind {
	case Respond, AcceptOffer, AcceptChanges, SendContract:
		return m.Actor.Party
	case OfferOrder, Choose, ReplaceEngineer:
		if pick, refused := decodeDetails[Pick](m); refused == nil {
			return pick.Engineer
		}
	case ModeratorStatus:
		if st, refused := decodeDetails[Standing](m); refused == nil {
			return st.Engineer
		}
	}
	return ""
}

// known says that every named file is stored, belongs to the sender's party, and has the named content.
func (c *decision) known(files ...FileRef) *Refusal {
	for _, f := range files {
		if stored, ok := c.facts.Files[f.ID]; !ok || stored.SHA256 != f.SHA256 {
			return refuse(CodeFileUnknown)
		}
	}
	return nil
}

// signature is the one place that judges an electronic signature over a document. Here it asks that the detached
// signature is a stored file of its signer.
func (c *decision) signature(_ FileRef, signature FileRef) *Refusal {
	return c.known(signature)
}
