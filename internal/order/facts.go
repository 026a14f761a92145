package order

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Facts are the external inputs of a decision. The caller reads them inside the transaction that
// records the decision.
type Facts struct {
	// Now is the time of the decision, UTC.
	Now time.Time
	// Number is the order's number, assigned on creation.
	Number string
	// UnknownCustomer means that a new order names a customer who is not registered on the
	// platform.
	UnknownCustomer bool
	// Authority is the authority of a sender who acts for the customer's organisation, see
	// [BindsOrganisation]; nil if he acts for himself.
	Authority *AuthorityFacts
	// Engineer is the engineer whom the message concerns, see [EngineerOf]; nil if there is none.
	Engineer *EngineerFacts
	// EmployerDecision is the decision of the employer who sends an [EmployerStatus] on the engineer
	// whom it concerns; nil if he has decided nothing.
	EmployerDecision *EmployerDecision
	// Ties are the relations of the people in the message to the sides of the order.
	Ties Ties
	// Files are the stored files of this order that the message names and that the sender's party
	// uploaded, by id.
	Files map[string]FileFacts
	// Signatures are the signatures of the message that were checked for its sender's party and are
	// valid, by the id of the file.
	Signatures map[string]SignatureFacts
	// NotStored means that the message did not come through the platform, see [MustBeStored] and
	// [RequiredStatusSource]; it is refused.
	NotStored bool
	// Superseded means that the platform has since received a different status of the engineer from
	// the same source.
	Superseded bool
	// BodyFound means that the text that the message names is stored unchanged, for this order and
	// by this author.
	BodyFound bool
}

// AuthorityFacts describe the sender's position in the organisation, as ЕСИА reported it at his
// last sign-in.
type AuthorityFacts struct {
	// Head means that he is the head of the organisation and may sign for it. A person admitted by
	// the head may act for it, but signs only by a power of attorney.
	Head bool
}

// EmployerDecision is the newest decision of an employer on his engineer.
type EmployerDecision struct {
	// Active means that the engineer may act for the employer; At is when this was decided.
	Active bool
	At     time.Time
	// Reselect means that the employer gave this order back to the choice of a performer.
	Reselect bool
}

// FileFacts describe a stored file.
type FileFacts struct {
	SHA256 string
	// ContentType is the type detected from the content, not the declared one.
	ContentType string
	// PDFA is what the check of a PDF found; nil if it was stored before PDFs were checked.
	PDFA *PDFACheck
	// Generated is what the file says if the platform made it; nil for the sender's own one.
	Generated *GeneratedFacts
}

// PDFACheck is the result of the check whether a PDF is PDF/A.
type PDFACheck struct {
	// Faults are Russian sentences on what is wrong and what to do; none if the file is PDF/A.
	Faults []string
	// Checked is what was checked, in Russian.
	Checked []string
}

// SignatureFacts describe a valid signature.
type SignatureFacts struct {
	// Document is the SHA-256 of the document that was signed.
	Document string
	// ByPower means that the signer acts by a power of attorney, which was checked too.
	ByPower bool
}

// EngineerFacts are an engineer's status and profile at the time of the decision.
type EngineerFacts struct {
	ID     string
	Person string
	// InRegistry means that АИС «Реестр СРО» shows an active status.
	InRegistry bool
	// Blocked is the moderators' current decision; DecidedAt is when they took it, zero if there
	// has been none.
	Blocked   bool
	DecidedAt time.Time
	// AccountOff means that he does not use the platform: a moderator switched his account off, or he
	// withdrew his consent.
	AccountOff bool
	// Receives is the profile's switch for offers; Complete means that the mandatory fields are
	// filled.
	Receives bool
	Complete bool
	// An engineer is a SoleProprietor or is employed by Employer. Confirmed means that the employer
	// confirmed him; EmployerActive is the number of the employer's active engineers.
	SoleProprietor bool
	Employer       string
	Confirmed      bool
	EmployerActive int
	Regions        []string
}

// MinEngineers is how many active engineers an organisation must have so that its engineers may
// take orders (article 33 of the Federal Law 221-ФЗ).
const MinEngineers = 2

// Eligible returns why the engineer may not take an order in the region, nil if he may. The rules
// check it when he responds, is offered an order, is chosen, accepts, or sends the contract.
func (e *EngineerFacts) Eligible(region string) *Refusal {
	switch {
	case e == nil:
		return refuse(CodeUnknownEngineer)
	case !e.InRegistry:
		return refuse(CodeNotInRegistry)
	case e.Blocked:
		return refuse(CodeBlocked)
	case e.AccountOff:
		return refuse(CodeAccountOff)
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

// eligible checks the engineer and this order: nobody performs his own order.
func (c *decision) eligible() *Refusal {
	if refused := c.checkNotCustomerSide(); refused != nil {
		return refused
	}
	return c.facts.Engineer.Eligible(c.s.Terms.Region)
}

// EngineerOf returns the id of the engineer whose facts the decision needs, empty if none, so that
// the caller can lock his row.
func EngineerOf(s *State, m Message) string {
	switch m.Kind {
	case Respond, AcceptOffer, AcceptChanges, SendContract, AgreeReplacement:
		return m.Actor.Party
	case OfferOrder, Choose, ReplaceEngineer, ProposeReplacement, ApproveReplacement, RejectReplacement:
		if pick, refused := decodeDetails[EngineerChoice](m); refused == nil {
			return pick.Engineer
		}
	case ModeratorStatus, EmployerStatus:
		if st, refused := decodeDetails[EngineerStatus](m); refused == nil {
			return st.Engineer
		}
	}
	return ""
}

// requireStoredFiles refuses unless every named file is stored with the named content and belongs
// to the sender's party.
func (c *decision) requireStoredFiles(files ...FileRef) *Refusal {
	for _, f := range files {
		if stored, ok := c.facts.Files[f.ID]; !ok || stored.SHA256 != f.SHA256 {
			return refuse(CodeFileUnknown)
		}
	}
	return nil
}

// requirePDFA refuses a document that is no PDF/A.
func (c *decision) requirePDFA(document FileRef) *Refusal {
	file := c.facts.Files[document.ID]
	switch {
	case file.ContentType != "application/pdf":
		return refuse(CodeNotPDFA)
	case file.PDFA == nil:
		return refuse(CodeNotChecked)
	case len(file.PDFA.Faults) > 0:
		return &Refusal{CodeNotPDFA, fmt.Sprintf("%s Что не так: %s Проверено: %s.",
			reasons[CodeNotPDFA], strings.Join(file.PDFA.Faults, " "), strings.Join(file.PDFA.Checked, "; "))}
	}
	return nil
}
