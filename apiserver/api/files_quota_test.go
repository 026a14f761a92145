package api

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/activities"
	"epkr/db/sqlcgen"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// leftBehind is a file of an engineer that stands in no document, as one who was chosen and went leaves it.
func (p *platform) leftBehind(by *browser, id uuid.UUID, name string) File {
	p.t.Helper()
	f := File{ID: uuid.New(), Name: name, SHA256: hexSum([]byte(name))}
	token := ""
	for _, c := range by.cookies() {
		if c.Name == sessionCookie {
			token = c.Value
		}
	}
	p.exec(`insert into files (id, order_id, uploader_id, uploader_role, uploader_party, name, size, sha256, content_type, status, stored_at)
		select $1, $2, person_id, role, party_id, $3, 1, $4, 'application/pdf', 'stored', now() from sessions where token_hash = $5`,
		f.ID, id, name, f.SHA256, hashToken(token))
	return f
}

func declaration(size int64) object { return object{"name": "a", "size": size, "sha256": hexSum(nil)} }

func (b *browser) declareFile(id uuid.UUID, size int64) answer {
	b.p.t.Helper()
	return b.do(http.MethodPost, "/api/orders/"+id.String()+"/files", declaration(size))
}

// Who has no action that takes a file has nothing to upload: a stranger least of all.
func TestOnlyWhoMayAttachAFileUploads(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	stranger := p.engineer(synthetic.LoginEmployeeFirst)
	id := customer.published("77")
	declare := func(b *browser) string {
		a := b.declareFile(id, 1)
		if a.status == http.StatusCreated {
			return ""
		}
		return a.problem().Code
	}
	require.Empty(t, declare(customer), "he may amend the conditions")
	require.Equal(t, codeNoUploads, declare(engineer), "a response takes no file")
	engineer.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 20}})
	require.Equal(t, codeNoUploads, declare(engineer))
	customer.tell(id, order.Choose, object{"details": object{"engineer": customer.card(id).Responses[0].Engineer.ID}})
	require.Empty(t, declare(engineer), "he sends the contract")
	require.Equal(t, codeOrderNotFound, declare(stranger))
	customer.tell(id, order.Cancel, nil)
	require.Equal(t, string(order.CodeClosed), declare(customer))
	require.Equal(t, http.StatusForbidden, p.moderator().declareFile(id, 1).status)
	require.Equal(t, codeFileTooLarge, customer.declareFile(customer.draft(), p.deps.Config.MaxFileBytes+1).problem().Code)
}

// The quota is one person's, for one order and one day: fifty requests at once count as well as one after another.
func TestQuotaOfUploadsIsAtomicAndOfOnePersonOnly(t *testing.T) {
	const most = 7
	p := startPlatform(t, func(s *Setup) { s.Config.Limits.Files, s.Config.Limits.FileBytes = most, 1000 })
	customer, _ := pair(p)
	id, other := customer.draft(), customer.draft()
	var accepted, refused atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			response, err := customer.client.Do(customer.request(http.MethodPost, "/api/orders/"+id.String()+"/files", declaration(1)))
			if err != nil {
				return
			}
			defer response.Body.Close()
			switch response.StatusCode {
			case http.StatusCreated:
				accepted.Add(1)
			case http.StatusConflict:
				refused.Add(1)
			}
		})
	}
	all.Wait()
	require.Equal(t, int64(most), accepted.Load())
	require.Equal(t, int64(50-most), refused.Load())
	require.Equal(t, most, value[int](p, "select count(*) from files where order_id = $1", id))
	p.exec("delete from files where order_id = $1", id)
	require.Equal(t, codeTooManyFiles, customer.declareFile(id, 1).problem().Code, "who deletes and sends again goes on counting")

	require.Equal(t, http.StatusCreated, customer.declareFile(other, 1000).status, "another order has its own")
	require.Equal(t, codeTooManyFiles, customer.declareFile(other, 1).problem().Code, "bytes count too")
	require.Equal(t, codeTooManyFiles, customer.declareFile(customer.draft(), 1001).problem().Code)
	p.later(25 * time.Hour)
	customer.signIn(synthetic.LoginCustomer)
	customer.choose(order.RoleCustomer, "person")
	require.Equal(t, http.StatusCreated, customer.declareFile(id, 1).status, "another day")
}

// What one side has used up the other still has.
func TestQuotaOfOneSideLeavesTheOthersAlone(t *testing.T) {
	p := startPlatform(t, func(s *Setup) { s.Config.Limits.Files, s.Config.Limits.FileBytes = 4, 1<<30 })
	customer, engineer := pair(p)
	id := customer.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 20}})
	customer.tell(id, order.Choose, object{"details": object{"engineer": customer.card(id).Responses[0].Engineer.ID}})
	for range 4 {
		require.Equal(t, http.StatusCreated, customer.declareFile(id, 1).status)
	}
	require.Equal(t, codeTooManyFiles, customer.declareFile(id, 1).problem().Code)
	require.Equal(t, "stored", engineer.upload(id, "договор.pdf", pdf("договор")).State)
}

func TestQuotaHoldsInTheStatementItself(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id, person := customer.draft(), value[uuid.UUID](p, "select person_id from sessions limit 1")
	var written atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			n, err := p.deps.Store.InsertFile(t.Context(), sqlcgen.InsertFileParams{
				ID: uuid.New(), OrderID: id, UploaderID: person, Name: "a", Size: 10, Sha256: hexSum(nil), CreatedAt: time.Now(),
				Day: dayOf(time.Now()), MaxFiles: 30, MaxBytes: 95,
			})
			if err == nil {
				written.Add(n)
			}
		})
	}
	all.Wait()
	require.Equal(t, int64(9), written.Load())
}

// The customer of an order clears away what others left there; nobody else does, and no document goes.
func TestCustomerRemovesWhatNoDocumentNames(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.contracted(customer, engineer, 5000)
	left := p.leftBehind(engineer, id, "черновик акта.pdf")
	contract := customer.card(id).Documents[0]
	loose := func(b *browser) (names []string) {
		var page struct{ Items []File }
		b.do(http.MethodGet, "/api/orders/"+id.String()+"/files?limit=1", nil).ok().into(&page)
		for _, f := range page.Items {
			names = append(names, f.Name)
		}
		return names
	}
	require.Equal(t, []string{left.Name}, loose(customer))
	require.Equal(t, []string{left.Name}, loose(engineer))
	second := p.customer(synthetic.LoginSecondCustomer)
	require.Equal(t, http.StatusNotFound, second.do(http.MethodDelete, filesOf(id, left), nil).status)
	require.Equal(t, codeFileInUse, customer.do(http.MethodDelete, filesOf(id, File{ID: contract.File}), nil).problem().Code)
	require.Equal(t, http.StatusNoContent, customer.do(http.MethodDelete, filesOf(id, left), nil).status)
	require.Empty(t, loose(customer))
}

// A stored file that nothing names goes after a while; one that a document, a saved form or a message on its way names never.
func TestSweepTakesStoredFilesThatNothingNames(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.contracted(customer, engineer, 5000)
	forgotten := p.leftBehind(engineer, id, "забыт.pdf")
	drafted, awaited := customer.draft(), customer.draft()
	inForm, inMessage := p.leftBehind(customer, drafted, "в форме.pdf"), p.leftBehind(customer, awaited, "в пути.pdf")
	require.Equal(t, http.StatusOK, customer.do(http.MethodPut, "/api/orders/"+drafted.String()+"/form", object{
		"details": object{"files": []object{{"id": inForm.ID, "sha256": inForm.SHA256}}}, "version": 0,
	}).status)
	p.exec(`insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at)
		select gen_random_uuid(), $1, person_id, 'publish', $2, now() + interval '10 days' from sessions limit 1`, awaited, hexSum(nil))
	sweep := func(later time.Duration) {
		files := activities.NewFiles(p.deps.Store, p.deps.Files, func() time.Time { return time.Now().Add(later) })
		require.NoError(t, files.SweepAbandoned(t.Context()))
	}
	documents := len(customer.card(id).Documents)
	sweep(13 * 24 * time.Hour)
	customer.do(http.MethodGet, filesOf(id, forgotten), nil).ok()
	sweep(15 * 24 * time.Hour)
	require.Equal(t, codeFileNotFound, customer.do(http.MethodGet, filesOf(id, forgotten), nil).problem().Code)
	customer.do(http.MethodGet, filesOf(drafted, inForm), nil).ok()
	customer.do(http.MethodGet, filesOf(awaited, inMessage), nil).ok()
	require.Len(t, customer.card(id).Documents, documents)
	require.Equal(t, http.StatusFound, customer.do(http.MethodGet, filesOf(id, File{ID: customer.card(id).Documents[0].File})+"/content", nil).status)
	require.Zero(t, value[int](p, "select count(*) from upload_quotas"), "quotas of past days go too")
}
