package staff_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/staff"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

func employmentOf(p *apitest.Platform, engineer uuid.UUID) uuid.UUID {
	return apitest.Value[uuid.UUID](p, `select id from employments where engineer_id = $1 and status in ('confirmed', 'suspended')`, engineer)
}

// choose makes the engineer the performer of a new order of the customer.
func choose(customer, engineer *apitest.Browser) uuid.UUID {
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": party(engineer)}})
	return id
}

func stageOf(p *apitest.Platform, id uuid.UUID) string {
	return apitest.Value[string](p, `select shown_stage from orders where id = $1`, id)
}

func TestSuspensionAsksAboutEachOrder(t *testing.T) {
	acceptance.Covers(t, "S-29", "R-EMP-7")
	p := apitest.Start(t)
	p.StartWorker()
	employer, customer := p.Employer(synthetic.LoginEmployerHead), p.Customer(synthetic.LoginCustomer)
	first, second := p.Engineer(synthetic.LoginEmployeeFirst), p.Engineer(synthetic.LoginEmployeeSecond)
	back, held := choose(customer, first), choose(customer, first)
	theirs := choose(customer, second)
	id := employmentOf(p, party(first))

	var asked struct {
		Member staff.Employee
		Orders []staff.LiveOrder
	}
	employer.Do(http.MethodGet, "/api/staff/"+id.String(), nil).OK().Into(&asked)
	require.Len(t, asked.Orders, 2)
	require.Equal(t, order.Contracting, asked.Orders[0].Stage)
	require.False(t, asked.Orders[0].Signed)
	require.NotEmpty(t, asked.Orders[0].Customer)
	require.Equal(t, problems.OrdersChanged, decide(employer, "suspend", id).Problem().Code, "no order is answered for")
	one := staff.OrderAnswer{Order: back, Answer: "reselect"}
	require.Equal(t, problems.OrdersChanged, decide(employer, "suspend", id, one).Problem().Code, "one is missing")
	require.Equal(t, problems.OrdersChanged, decide(employer, "suspend", id, one, staff.OrderAnswer{Order: theirs, Answer: "hold"}).Problem().Code, "of a colleague")
	require.Contains(t, decide(first, "leave", id).Problem().Detail, "ведёте заказы: 2")

	decide(employer, "suspend", id, one, staff.OrderAnswer{Order: held, Answer: "hold"}).OK()
	testenv.Eventually(t, "the orders to follow", func() bool { return stageOf(p, back) == "selection" && stageOf(p, held) == "suspended" })
	require.Equal(t, "contract", stageOf(p, theirs))
	open := customer.PublishOrder("77")
	bid := apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}}
	first.RequireRefused(order.CodeByEmployer, open, order.Respond, bid)
	second.RequireRefused(order.CodeOnlyEngineer, open, order.Respond, bid)

	decide(employer, "resume", id).OK()
	testenv.Eventually(t, "the held order to go on", func() bool { return stageOf(p, held) == "contract" })
	first.RequireApplied(open, order.Respond, bid)
	second.RequireApplied(open, order.Respond, bid)

	signed := staff.OrderAnswer{Order: held, Answer: "reselect"}
	p.Exec(`update orders set stage = 'work', shown_stage = 'work' where id = $1`, held)
	require.Equal(t, problems.OrdersChanged, decide(employer, "remove", id, signed).Problem().Code, "a signed order is not given back")
}

// A confirmation brings the second engineer, whose absence kept the first from taking orders.
func TestConfirmationBringsTheSecondEngineer(t *testing.T) {
	acceptance.Covers(t, "R-RESP-5a", "C-20", "S-30")
	p := apitest.Start(t)
	p.StartWorker()
	employer, customer := p.Employer(synthetic.LoginEmployerHead), p.Customer(synthetic.LoginCustomer)
	first, second := p.Engineer(synthetic.LoginEmployeeFirst), p.Engineer(synthetic.LoginEmployeeSecond)
	bid := apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}}
	open := customer.PublishOrder("77")
	decide(employer, "remove", employmentOf(p, party(second))).OK()
	first.RequireRefused(order.CodeOnlyEngineer, open, order.Respond, bid)
	second.RequireRefused(order.CodeProfile, open, order.Respond, bid)
	m := made(ask(second, party(employer)))
	first.RequireRefused(order.CodeOnlyEngineer, open, order.Respond, bid)
	second.RequireRefused(order.CodeByEmployer, open, order.Respond, bid)
	decide(employer, "confirm", m.ID).OK()
	first.RequireApplied(open, order.Respond, bid)
	second.RequireApplied(open, order.Respond, bid)
}

// The decision holds although no worker runs; the orders follow when one does.
func TestDecisionHoldsWhileNoWorkerRuns(t *testing.T) {
	acceptance.Covers(t, "S-29", "S-16")
	p := apitest.Start(t)
	stop := p.StartWorker()
	employer, customer := p.Employer(synthetic.LoginEmployerHead), p.Customer(synthetic.LoginCustomer)
	first := p.Engineer(synthetic.LoginEmployeeFirst)
	id, member := choose(customer, first), employmentOf(p, party(first))
	stop()
	decide(employer, "suspend", member, staff.OrderAnswer{Order: id, Answer: "hold"}).OK()
	_, employment, _ := facts(p, party(first))
	require.Equal(t, "suspended", employment)
	require.Equal(t, "contract", stageOf(p, id))
	p.StartWorker()
	testenv.Eventually(t, "the order to be suspended", func() bool { return stageOf(p, id) == "suspended" })
}

// An employer reads the orders of its employees with their documents, and holds one; nothing else.
func TestEmployerReadsTheOrdersOfItsEmployees(t *testing.T) {
	acceptance.Covers(t, "R-EMP-10")
	p := apitest.Start(t)
	p.StartWorker()
	employer, customer := p.Employer(synthetic.LoginEmployerHead), p.Customer(synthetic.LoginCustomer)
	first := p.Engineer(synthetic.LoginEmployeeFirst)
	id := choose(customer, first)
	contract := first.Upload(id, "договор.pdf", apitest.PDF("договор"))
	signed := first.Sign(id, contract)
	first.RequireApplied(id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(signed), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.Deps.Now().AddDate(0, 1, 0).Format("2006-01-02"),
	}})
	card := employer.Card(id)
	for _, action := range card.Actions {
		require.Equal(t, action.Kind == order.EmployerStatus, action.Open, action.Kind)
	}
	opened := employer.Do(http.MethodGet, "/api/orders/"+id.String()+"/files/"+contract.ID.String()+"/content", nil)
	require.Contains(t, []int{http.StatusOK, http.StatusSeeOther, http.StatusFound, http.StatusTemporaryRedirect}, opened.Status, opened.Text())
	for _, kind := range []order.Kind{order.LeaveOrder, order.DismissEngineer, order.SignContract, order.Cancel, order.SendContract} {
		a := employer.Do(http.MethodPost, "/api/orders/"+id.String()+"/"+string(kind), apitest.Object{}, "Idempotency-Key", key())
		require.GreaterOrEqual(t, a.Status, 400, kind)
	}
	p.Exec(`update representatives set read_at = now()`)
	stranger := becomeEmployer(p)
	require.Equal(t, http.StatusNotFound, stranger.Do(http.MethodGet, "/api/orders/"+id.String(), nil).Status)
}
