package files_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	fileactivities "epkr/activities/files"
	"epkr/apiserver/apitest"
	"epkr/apiserver/files"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// unattachedFile uploads a file of an engineer that is in no document, like the files of a
// performer who left the order.
func unattachedFile(p *apitest.Platform, by *apitest.Browser, id uuid.UUID, name string) files.File {
	p.T.Helper()
	f := files.File{ID: uuid.New(), Name: name, SHA256: apitest.HexSum([]byte(name))}
	token := ""
	for _, c := range by.Cookies() {
		if c.Name == httpapi.SessionCookie {
			token = c.Value
		}
	}
	p.Exec(`insert into files (id, order_id, uploader_id, uploader_role, uploader_party, name, size, sha256, content_type, status, stored_at)
		select $1, $2, person_id, role, party_id, $3, 1, $4, 'application/pdf', 'stored', now() from sessions where token_hash = $5`,
		f.ID, id, name, f.SHA256, httpapi.HashToken(token))
	return f
}

func declaration(size int64) apitest.Object {
	return apitest.Object{"name": "a", "size": size, "sha256": apitest.HexSum(nil)}
}

func declareFile(b *apitest.Browser, id uuid.UUID, size int64) apitest.Answer {
	b.Platform.T.Helper()
	return b.Do(http.MethodPost, "/api/orders/"+id.String()+"/files", declaration(size))
}

// A person without an action that takes files may not upload, least of all a stranger.
func TestUploadRequiresAnActionThatTakesFiles(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	stranger := p.Engineer(synthetic.LoginEmployeeFirst)
	id := customer.PublishOrder("77")
	declare := func(b *apitest.Browser) string {
		a := declareFile(b, id, 1)
		if a.Status == http.StatusCreated {
			return ""
		}
		return a.Problem().Code
	}
	require.Empty(t, declare(customer), "he may amend the conditions")
	require.Equal(t, problems.NoUploads, declare(engineer), "a response takes no file")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	require.Equal(t, problems.NoUploads, declare(engineer))
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	require.Empty(t, declare(engineer), "he sends the contract")
	require.Equal(t, problems.OrderNotFound, declare(stranger))
	customer.RequireApplied(id, order.Cancel, nil)
	require.Equal(t, string(order.CodeClosed), declare(customer))
	require.Equal(t, http.StatusForbidden, declareFile(p.Moderator(), id, 1).Status)
	require.Equal(t, problems.FileTooLarge, declareFile(customer, customer.CreateDraft(), p.Deps.Config.MaxFileBytes+1).Problem().Code)
}

// The quota applies to one person, order and day. Fifty concurrent requests count like consecutive
// ones.
func TestUploadQuotaIsAtomicAndPerPerson(t *testing.T) {
	const most = 7
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Limits.Files, s.Config.Limits.FileBytes = most, 1000 })
	customer, _ := apitest.StartPair(p)
	id, other := customer.CreateDraft(), customer.CreateDraft()
	var accepted, refused atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			response, err := customer.Client.Do(customer.Request(http.MethodPost, "/api/orders/"+id.String()+"/files", declaration(1)))
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
	require.Equal(t, most, apitest.Value[int](p, "select count(*) from files where order_id = $1", id))
	p.Exec("delete from files where order_id = $1", id)
	require.Equal(t, problems.TooManyFiles, declareFile(customer, id, 1).Problem().Code, "deleted files still count")

	require.Equal(t, http.StatusCreated, declareFile(customer, other, 1000).Status, "another order has its own quota")
	require.Equal(t, problems.TooManyFiles, declareFile(customer, other, 1).Problem().Code, "bytes count too")
	require.Equal(t, problems.TooManyFiles, declareFile(customer, customer.CreateDraft(), 1001).Problem().Code)
	p.AdvanceClock(25 * time.Hour)
	customer.SignIn(synthetic.LoginCustomer)
	customer.ChooseRole(order.RoleCustomer, "person")
	require.Equal(t, http.StatusCreated, declareFile(customer, id, 1).Status, "the quota is new the next day")
}

// When one side has used up its quota, the other side still has its own.
func TestUploadQuotaOfOneSideDoesNotAffectTheOther(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Limits.Files, s.Config.Limits.FileBytes = 4, 1<<30 })
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	for range 4 {
		require.Equal(t, http.StatusCreated, declareFile(customer, id, 1).Status)
	}
	require.Equal(t, problems.TooManyFiles, declareFile(customer, id, 1).Problem().Code)
	require.Equal(t, "stored", engineer.Upload(id, "договор.pdf", apitest.PDF("договор")).State)
}

func TestUploadQuotaIsEnforcedByTheStatement(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id, person := customer.CreateDraft(), apitest.Value[uuid.UUID](p, "select person_id from sessions limit 1")
	var written atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			n, err := p.Deps.Store.InsertFile(t.Context(), sqlcgen.InsertFileParams{
				ID: uuid.New(), OrderID: &id, UploaderID: person, Name: "a", Size: 10, Sha256: apitest.HexSum(nil), CreatedAt: time.Now(),
				Day: files.DayOf(time.Now()), MaxFiles: 30, MaxBytes: 95,
			})
			if err == nil {
				written.Add(n)
			}
		})
	}
	all.Wait()
	require.Equal(t, int64(9), written.Load())
}

// The customer of an order may delete files that others left there; nobody else may, and files in
// documents stay.
func TestCustomerDeletesUnreferencedFiles(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 5000)
	left := unattachedFile(p, engineer, id, "черновик акта.pdf")
	contract := customer.Card(id).Documents[0]
	loose := func(b *apitest.Browser) (names []string) {
		var page struct{ Items []files.File }
		b.Do(http.MethodGet, "/api/orders/"+id.String()+"/files?limit=1", nil).OK().Into(&page)
		for _, f := range page.Items {
			names = append(names, f.Name)
		}
		return names
	}
	require.Equal(t, []string{left.Name}, loose(customer))
	require.Equal(t, []string{left.Name}, loose(engineer))
	second := p.Customer(synthetic.LoginSecondCustomer)
	require.Equal(t, http.StatusNotFound, second.Do(http.MethodDelete, apitest.FilePath(id, left), nil).Status)
	require.Equal(t, problems.FileInUse, customer.Do(http.MethodDelete, apitest.FilePath(id, files.File{ID: contract.File}), nil).Problem().Code)
	require.Equal(t, http.StatusNoContent, customer.Do(http.MethodDelete, apitest.FilePath(id, left), nil).Status)
	require.Empty(t, loose(customer))
}

// A stored file that nothing references is swept after a while. A file in a document, a saved form
// or an undecided message never is.
func TestSweepRemovesUnreferencedStoredFiles(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 5000)
	forgotten := unattachedFile(p, engineer, id, "забыт.pdf")
	drafted, awaited := customer.CreateDraft(), customer.CreateDraft()
	inForm, inMessage := unattachedFile(p, customer, drafted, "в форме.pdf"), unattachedFile(p, customer, awaited, "в пути.pdf")
	require.Equal(t, http.StatusOK, customer.Do(http.MethodPut, "/api/orders/"+drafted.String()+"/form", apitest.Object{
		"details": apitest.Object{"files": []apitest.Object{{"id": inForm.ID, "sha256": inForm.SHA256}}}, "version": 0,
	}).Status)
	p.Exec(`insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at)
		select gen_random_uuid(), $1, person_id, 'publish', $2, now() + interval '10 days' from sessions limit 1`, awaited, apitest.HexSum(nil))
	sweep := func(later time.Duration) {
		files := fileactivities.New(p.Deps.Store, p.Deps.Files, func() time.Time { return time.Now().Add(later) })
		require.NoError(t, files.SweepAbandoned(t.Context()))
	}
	documents := len(customer.Card(id).Documents)
	sweep(13 * 24 * time.Hour)
	customer.Do(http.MethodGet, apitest.FilePath(id, forgotten), nil).OK()
	sweep(15 * 24 * time.Hour)
	require.Equal(t, problems.FileNotFound, customer.Do(http.MethodGet, apitest.FilePath(id, forgotten), nil).Problem().Code)
	customer.Do(http.MethodGet, apitest.FilePath(drafted, inForm), nil).OK()
	customer.Do(http.MethodGet, apitest.FilePath(awaited, inMessage), nil).OK()
	require.Len(t, customer.Card(id).Documents, documents)
	require.Equal(t, http.StatusFound, customer.Do(http.MethodGet, apitest.FilePath(id, files.File{ID: customer.Card(id).Documents[0].File})+"/content", nil).Status)
	require.Zero(t, apitest.Value[int](p, "select count(*) from upload_quotas"), "quotas of past days go too")
}
