package orders_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// allPages reads a list of an order to its end and counts the answers.
func allPages[T any](b *apitest.Browser, id uuid.UUID, list, limit string) (items []T, answers int) {
	b.Platform.T.Helper()
	next := ""
	for {
		var page struct {
			Items []T
			Next  string
		}
		b.Do(http.MethodGet, "/api/orders/"+id.String()+"/"+list+"?limit="+limit+next, nil).OK().Into(&page)
		items, answers = append(items, page.Items...), answers+1
		if page.Next == "" {
			return items, answers
		}
		next = "&cursor=" + page.Next
	}
}

func TestHistoryAndDocumentsComeInPages(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 5000)
	// The order has many rounds of remarks with texts of the maximum length.
	p.Exec(`insert into message_bodies (id, order_id, author_id, body, sha256) select gen_random_uuid(), $1, customer_person_id,
		jsonb_build_object('note', repeat('х', 4000)), $2 from orders, generate_series(1, 300) where id = $1`, id, apitest.HexSum(nil))
	p.Exec(`insert into order_events (order_id, seq, kind, actor_role, actor_party, stage_before, stage_after, body_id, happened_at)
		select $1, 1000 + row_number() over (), 'return-results', 'customer', customer_id, 'work', 'work', b.id, now()
		from orders o join message_bodies b on b.order_id = o.id and b.body ? 'note' and length(b.body ->> 'note') = 4000 where o.id = $1`, id)
	p.Exec(`insert into documents (order_id, seq, n, kind, file_id, author_role, created_at)
		select $1, 1000 + g, 1, 'remark', (select file_id from documents where order_id = $1 limit 1), 'customer', now() from generate_series(1, 300) g`, id)

	a := customer.Do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).OK()
	require.Less(t, len(a.Body), 1<<20, "the size of one answer is limited")
	events, answers := allPages[orders.HistoryEvent](customer, id, "history", "50")
	require.Greater(t, len(events), 300)
	require.GreaterOrEqual(t, answers, 7)
	for i := range events[1:] {
		require.Greater(t, events[i+1].Seq, events[i].Seq, "each once, in order")
	}
	require.NotEmpty(t, events[len(events)-1].Documents)
	require.Equal(t, problems.Validation, customer.Do(http.MethodGet, "/api/orders/"+id.String()+"/history?limit=51", nil).Problem().Code)

	card := customer.Card(id)
	require.True(t, card.MoreDocuments)
	require.Len(t, card.Documents, orders.CardDocuments)
	require.Equal(t, int32(1300), card.Documents[orders.CardDocuments-1].Seq, "the newest")
	documents, _ := allPages[orders.CardDocument](customer, id, "documents", "50")
	require.Equal(t, card.Documents, documents[len(documents)-orders.CardDocuments:])
	require.Len(t, documents, 303)

	rival := p.Engineer(synthetic.LoginEmployeeFirst)
	require.Equal(t, http.StatusNotFound, rival.Do(http.MethodGet, "/api/orders/"+id.String()+"/documents", nil).Status)
	require.Equal(t, http.StatusNotFound, rival.Do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).Status)
}

func TestResponsesComeInPages(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 7, "termDays": 1}, "text": apitest.Object{"note": "Готов"}})
	p.Exec(`update orders set state = jsonb_set(state, '{responses}', (state -> 'responses') || (
		select jsonb_agg(o.state #> '{responses,0}' || jsonb_build_object('engineer', gen_random_uuid())) from generate_series(1, 120), orders o where o.id = $1)) where id = $1`, id)
	card := customer.Card(id)
	require.True(t, card.MoreResponses)
	require.Len(t, card.Responses, orders.CardResponses)
	all, answers := allPages[orders.CardResponse](customer, id, "responses", "50")
	require.Equal(t, 3, answers)
	require.Len(t, all, 121)
	notes := 0
	for _, r := range all {
		if r.Note == "Готов" {
			notes++
		}
	}
	require.Equal(t, 1, notes)
	own, _ := allPages[orders.CardResponse](engineer, id, "responses", "50")
	require.Len(t, own, 1, "an engineer sees his own")
	require.False(t, engineer.Card(id).MoreResponses)
}

func TestFileIsListedOnce(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	f := customer.Upload(id, "план.pdf", apitest.PDF("план"))
	body := apitest.Conditions("77", 30)
	body["details"].(apitest.Object)["files"] = []apitest.Object{apitest.Ref(f), apitest.Ref(f)}
	refused := customer.Do(http.MethodPost, "/api/orders/"+id.String()+"/publish", body, "Idempotency-Key", uuid.NewString()).Problem()
	require.Equal(t, problems.Validation, refused.Code)
	require.Equal(t, "details.files", refused.Errors[0].Field)
	body["details"].(apitest.Object)["files"] = []apitest.Object{apitest.Ref(f)}
	customer.RequireApplied(id, order.Publish, body)
}

// Concurrent requests for drafts are counted one after the other.
func TestDraftsOfOnePersonAreLimited(t *testing.T) {
	const most = 4
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Limits.Drafts = most })
	customer, _ := apitest.StartPair(p)
	var made, refused atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			a := customer.Do(http.MethodPost, "/api/orders", nil, "Idempotency-Key", uuid.NewString())
			switch {
			case a.Status < 300:
				made.Add(1)
			case a.Problem().Code == problems.TooManyDrafts:
				refused.Add(1)
			}
		})
	}
	all.Wait()
	require.Equal(t, int64(most), made.Load())
	require.Equal(t, int64(4), refused.Load())
	id := apitest.Value[uuid.UUID](p, "select id from orders limit 1")
	customer.RequireApplied(id, order.Publish, apitest.Conditions("77", 30))
	customer.Do(http.MethodPost, "/api/orders", nil, "Idempotency-Key", uuid.NewString()).OK()
	p.Customer(synthetic.LoginSecondCustomer).Do(http.MethodPost, "/api/orders", nil, "Idempotency-Key", uuid.NewString()).OK()
}
