package orders

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/searchtext"
)

// Candidate is an engineer to whom an order may be offered, or the reason why it may not.
type Candidate struct {
	Engineer CardEngineer `json:"engineer"`
	// Reason is a hint, like the actions of a card: the order itself decides.
	Reason string `json:"reason,omitempty" doc:"Почему этому инженеру нельзя поручить заказ; пусто, если можно"`
}

type candidatesInput struct {
	OrderPath
	Text string `query:"q" maxLength:"100" doc:"Часть фамилии, имени, отчества или номера в реестре"`
}

type candidatesOutput struct {
	Body struct {
		Items []Candidate `json:"items" nullable:"false" doc:"Не больше двадцати, сначала те, кто работает в регионе заказа"`
	}
}

// candidatesFound is the maximum number of candidates in an answer.
const candidatesFound = 20

func (a *Service) registerCandidates() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "list-candidates", Method: http.MethodGet, Path: "/api/orders/{order}/candidates", Tags: []string{Tag},
		Summary: "Кому можно предложить или передать заказ", Errors: []int{http.StatusNotFound},
	}, httpapi.Consented(order.RoleCustomer, order.RoleModerator, order.RoleEmployer), a.candidates, httpapi.Costs(limits.Search))
}

// candidates finds engineers. A customer searches the public list for an engineer to offer the order
// to; a moderator and the performer's employer search the employer's engineers for one to hand it
// over to.
func (a *Service) candidates(ctx context.Context, in *candidatesInput) (*candidatesOutput, error) {
	o, err := a.LoadVisible(ctx, in.Order)
	if err != nil {
		return nil, err
	}
	if o.By.Role == order.RoleEmployer && o.visibility != visibilityParty {
		return nil, problems.New(problems.OrderNotFound)
	}
	rows, err := a.findCandidates(ctx, &o, in.Text)
	if err != nil {
		return nil, fmt.Errorf("finding candidates: %w", err)
	}
	var tied sides
	engineers := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		engineers[i] = r.ID
	}
	if err := a.Store.Batch(ctx, tied.queries(ctx, in.Order, o.By, engineers...)...); err != nil {
		return nil, err
	}
	out := &candidatesOutput{}
	out.Body.Items = make([]Candidate, len(rows))
	for i, r := range rows {
		reason, err := o.refusalReason(sqlcgen.EngineerEligibilityRow{
			ID: r.ID, PersonID: r.PersonID, InRegistry: r.InRegistry, Blocked: r.Blocked, AccountOn: r.AccountOn, ReceivesOrders: r.ReceivesOrders,
			ProfileComplete: r.ProfileComplete, Form: r.Form, EmployerID: r.EmployerID, Employment: r.Employment, Regions: r.Regions,
			EmployerActive: r.EmployerActive,
		}, tied.tiesOf(r.ID), a.Now().UTC())
		if err != nil {
			return nil, err
		}
		out.Body.Items[i] = Candidate{Reason: reason, Engineer: CardEngineer{
			Named:          wire.Named{ID: r.ID, Name: r.Name, RegistryName: r.RegistryName},
			RegistryNumber: r.RegistryNumber, SRO: r.Sro, Employer: r.Employer,
		}}
	}
	return out, nil
}

// findCandidates reads the engineers whom the viewer chooses from.
func (a *Service) findCandidates(ctx context.Context, o *Visible, text string) ([]sqlcgen.CandidatesRow, error) {
	search, region := searchtext.Names(text), ""
	if o.State.Terms != nil {
		region = o.State.Terms.Region
	}
	if o.By.Role == order.RoleCustomer || o.State.Performer == nil {
		return a.Store.Candidates(ctx, sqlcgen.CandidatesParams{Search: search.Index, Words: search.All, Region: region, Page: candidatesFound})
	}
	employer, _ := uuid.Parse(o.State.Performer.Employer) // a sole proprietor has no colleagues
	colleagues, err := a.Store.Colleagues(ctx, sqlcgen.ColleaguesParams{
		EmployerID: employer, Search: search.Index, Words: search.All, Region: region, Page: candidatesFound,
	})
	rows := make([]sqlcgen.CandidatesRow, len(colleagues))
	for i, c := range colleagues {
		rows[i] = sqlcgen.CandidatesRow(c)
	}
	return rows, err
}

// handsOver are the messages by which the viewers of a role hand the order over to an engineer.
var handsOver = map[order.Role]order.Kind{
	order.RoleCustomer: order.OfferOrder, order.RoleModerator: order.ReplaceEngineer, order.RoleEmployer: order.ProposeReplacement,
}

// refusalReason returns the reason for which the order would refuse to be offered or handed over to
// the engineer now; "" if it would not.
func (o *Visible) refusalReason(r sqlcgen.EngineerEligibilityRow, ties order.Ties, now time.Time) (string, error) {
	details, err := json.Marshal(order.EngineerChoice{Engineer: r.ID.String()})
	if err != nil {
		return "", fmt.Errorf("naming a candidate: %w", err)
	}
	judged, err := order.Decide(o.State, order.Message{
		ID: uuid.NewString(), Kind: handsOver[o.By.Role], Actor: o.By.Actor(), ReceivedAt: now, Details: details, Body: &order.BodyRef{},
	}, order.Facts{Now: now, BodyFound: true, Ties: ties, Engineer: db.EngineerFacts(r)})
	if err != nil {
		return "", fmt.Errorf("asking whether an engineer may take an order: %w", err)
	}
	return judged.Reason, nil
}
