package api

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// allPages reads a list of an order to its end, and counts the answers.
func allPages[T any](b *browser, id uuid.UUID, list, limit string) (items []T, answers int) {
	b.p.t.Helper()
	next := ""
	for {
		var page struct {
			Items []T
			Next  string
		}
		b.do(http.MethodGet, "/api/orders/"+id.String()+"/"+list+"?limit="+limit+next, nil).ok().into(&page)
		items, answers = append(items, page.Items...), answers+1
		if page.Next == "" {
			return items, answers
		}
		next = "&cursor=" + page.Next
	}
}

func TestHistoryAndDocumentsComeInPages(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.contracted(customer, engineer, 5000)
	// As many rounds of remarks as a long quarrel has, with texts as long as they may be.
	p.exec(`insert into message_bodies (id, order_id, author_id, body, sha256) select gen_random_uuid(), $1, customer_person_id,
		jsonb_build_object('note', repeat('х', 4000)), $2 from orders, generate_series(1, 300) where id = $1`, id, hexSum(nil))
	p.exec(`insert into order_events (order_id, seq, kind, actor_role, actor_party, stage_before, stage_after, body_id, happened_at)
		select $1, 1000 + row_number() over (), 'return-results', 'customer', customer_id, 'work', 'work', b.id, now()
		from orders o join message_bodies b on b.order_id = o.id and b.body ? 'note' and length(b.body ->> 'note') = 4000 where o.id = $1`, id)
	p.exec(`insert into documents (order_id, seq, n, kind, file_id, author_role, created_at)
		select $1, 1000 + g, 1, 'remark', (select file_id from documents where order_id = $1 limit 1), 'customer', now() from generate_series(1, 300) g`, id)

	a := customer.do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).ok()
	require.Less(t, len(a.body), 1<<20, "one answer is bounded")
	events, answers := allPages[HistoryEvent](customer, id, "history", "50")
	require.Greater(t, len(events), 300)
	require.GreaterOrEqual(t, answers, 7)
	for i := range events[1:] {
		require.Greater(t, events[i+1].Seq, events[i].Seq, "each once, in order")
	}
	require.NotEmpty(t, events[len(events)-1].Documents)
	require.Equal(t, codeValidation, customer.do(http.MethodGet, "/api/orders/"+id.String()+"/history?limit=51", nil).problem().Code)

	card := customer.card(id)
	require.True(t, card.MoreDocuments)
	require.Len(t, card.Documents, cardDocuments)
	require.Equal(t, int32(1300), card.Documents[cardDocuments-1].Seq, "the newest")
	documents, _ := allPages[CardDocument](customer, id, "documents", "50")
	require.Equal(t, card.Documents, documents[len(documents)-cardDocuments:])
	require.Len(t, documents, 303)

	rival := p.engineer(synthetic.LoginEmployeeFirst)
	require.Equal(t, http.StatusNotFound, rival.do(http.MethodGet, "/api/orders/"+id.String()+"/documents", nil).status)
	require.Equal(t, http.StatusNotFound, rival.do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).status)
}

func TestResponsesComeInPages(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 7, "termDays": 1}, "text": object{"note": "Готов"}})
	p.exec(`update orders set state = jsonb_set(state, '{responses}', (state -> 'responses') || (
		select jsonb_agg(o.state #> '{responses,0}' || jsonb_build_object('engineer', gen_random_uuid())) from generate_series(1, 120), orders o where o.id = $1)) where id = $1`, id)
	card := customer.card(id)
	require.True(t, card.MoreResponses)
	require.Len(t, card.Responses, cardResponses)
	all, answers := allPages[CardResponse](customer, id, "responses", "50")
	require.Equal(t, 3, answers)
	require.Len(t, all, 121)
	notes := 0
	for _, r := range all {
		if r.Note == "Готов" {
			notes++
		}
	}
	require.Equal(t, 1, notes)
	own, _ := allPages[CardResponse](engineer, id, "responses", "50")
	require.Len(t, own, 1, "an engineer sees his own")
	require.False(t, engineer.card(id).MoreResponses)
}

func TestOneFileStandsOnceInAList(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	f := customer.upload(id, "план.pdf", pdf("план"))
	body := conditions("77", 30)
	body["details"].(object)["files"] = []object{ref(f), ref(f)}
	refused := customer.do(http.MethodPost, "/api/orders/"+id.String()+"/publish", body, "Idempotency-Key", uuid.NewString()).problem()
	require.Equal(t, codeValidation, refused.Code)
	require.Equal(t, "details.files", refused.Errors[0].Field)
	body["details"].(object)["files"] = []object{ref(f)}
	customer.tell(id, order.Publish, body)
}

// Drafts are counted one after the other, however many are made at once.
func TestDraftsOfOnePersonAreLimited(t *testing.T) {
	const most = 4
	p := startPlatform(t, func(s *Setup) { s.Config.Limits.Drafts = most })
	customer, _ := pair(p)
	var made, refused atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			a := customer.do(http.MethodPost, "/api/orders", nil, "Idempotency-Key", uuid.NewString())
			switch {
			case a.status < 300:
				made.Add(1)
			case a.problem().Code == codeTooManyDrafts:
				refused.Add(1)
			}
		})
	}
	all.Wait()
	require.Equal(t, int64(most), made.Load())
	require.Equal(t, int64(4), refused.Load())
	id := value[uuid.UUID](p, "select id from orders limit 1")
	customer.tell(id, order.Publish, conditions("77", 30))
	customer.do(http.MethodPost, "/api/orders", nil, "Idempotency-Key", uuid.NewString()).ok()
	p.customer(synthetic.LoginSecondCustomer).do(http.MethodPost, "/api/orders", nil, "Idempotency-Key", uuid.NewString()).ok()
}
