package files_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	fileactivities "epkr/activities/files"
	"epkr/apiserver/apitest"
	"epkr/apiserver/files"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

func TestFileIsSentInPartsAndResumed(t *testing.T) {
	acceptance.Covers(t, "R-GEN-8")
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	content := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("план участка "), files.PartSize/20)...)
	f := customer.BeginFile(id, `C:\Документы\план.pdf`, content, apitest.HexSum(content))
	require.Equal(t, "план.pdf", f.Name)
	require.Equal(t, "uploading", f.State)
	first, second := content[:f.PartSize], content[f.PartSize:]
	require.Equal(t, http.StatusOK, customer.PutPart(id, f, 1, first, first))
	require.Equal(t, problems.UploadUnequal, customer.Do(http.MethodPost, apitest.FilePath(id, f)+"/complete", nil).Problem().Code)

	var resumed struct{ File files.File }
	customer.Do(http.MethodGet, apitest.FilePath(id, f), nil).OK().Into(&resumed)
	require.Equal(t, []int{1}, resumed.File.Parts)
	require.Equal(t, http.StatusOK, customer.PutPart(id, f, 2, second, second))
	stored := customer.Complete(id, f, "stored")
	require.Equal(t, "application/pdf", stored.ContentType)

	leads := customer.Do(http.MethodGet, apitest.FilePath(id, f)+"/content", nil)
	require.Equal(t, http.StatusFound, leads.Status, leads.Text())
	response, err := http.Get(leads.Header.Get("Location"))
	require.NoError(t, err)
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.True(t, bytes.Equal(content, got))
	require.True(t, strings.HasPrefix(response.Header.Get("Content-Disposition"), "attachment"))
	require.Equal(t, "stored", customer.Complete(id, f, "stored").State, "completing again changes nothing")
}

func TestPartThatDiffersFromItsDeclarationIsRefused(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	content := apitest.PDF("план")
	f := customer.BeginFile(id, "план.pdf", content, apitest.HexSum(content))
	require.NotEqual(t, http.StatusOK, customer.PutPart(id, f, 1, content, bytes.ToUpper(content)))
	wrong := customer.Do(http.MethodPost, apitest.FilePath(id, f)+"/parts", apitest.Object{"part": 1, "length": 1, "sha256": apitest.Base64Sum(content)})
	require.Equal(t, problems.Validation, wrong.Problem().Code)
	beyond := customer.Do(http.MethodPost, apitest.FilePath(id, f)+"/parts", apitest.Object{"part": 2, "length": 1, "sha256": apitest.Base64Sum(content)})
	require.Equal(t, problems.Validation, beyond.Problem().Code)
	require.Equal(t, problems.UploadUnequal, customer.Do(http.MethodPost, apitest.FilePath(id, f)+"/complete", nil).Problem().Code)
}

func TestFileThatDiffersFromItsDeclarationIsRejected(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	content := apitest.PDF("план")
	f := customer.BeginFile(id, "план.pdf", content, apitest.HexSum(apitest.PDF("другой")))
	require.Equal(t, http.StatusOK, customer.PutPart(id, f, 1, content, content))
	require.Contains(t, customer.Complete(id, f, "rejected").Problem, "отличается")
	require.Equal(t, problems.FileNotStored, customer.Do(http.MethodGet, apitest.FilePath(id, f)+"/content", nil).Problem().Code)
	body := apitest.Conditions("77", 30)
	body["details"].(apitest.Object)["files"] = []apitest.Object{apitest.Ref(f)}
	customer.RequireRefused(order.CodeFileUnknown, id, order.Publish, body)
}

func TestFilesAreVisibleByRights(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.CreateDraft()
	attached, loose := customer.Upload(id, "план.pdf", apitest.PDF("план")), customer.Upload(id, "черновик.pdf", apitest.PDF("черновик"))
	body := apitest.Conditions("77", 30)
	body["details"].(apitest.Object)["files"] = []apitest.Object{apitest.Ref(attached)}
	customer.RequireApplied(id, order.Publish, body)
	offered := unattachedFile(p, engineer, id, "смета.pdf")
	colleague, stranger := p.Engineer(synthetic.LoginEmployeeFirst), p.Customer(synthetic.LoginSecondCustomer)

	for _, one := range []struct {
		who  *apitest.Browser
		file files.File
		sees bool
	}{
		{customer, attached, true},
		{customer, loose, true},
		{customer, offered, true},
		{engineer, attached, true},
		{engineer, loose, false},
		{engineer, offered, true},
		{colleague, attached, true},
		{colleague, loose, false},
		{colleague, offered, false},
		{stranger, attached, false},
		{stranger, offered, false},
	} {
		a := one.who.Do(http.MethodGet, apitest.FilePath(id, one.file)+"/content", nil)
		if one.sees {
			require.Equal(t, http.StatusFound, a.Status, one.file.Name+": "+a.Text())
			continue
		}
		require.Equal(t, http.StatusNotFound, a.Status, one.file.Name+": "+a.Text())
	}
	require.Equal(t, problems.FileNotFound, colleague.Do(http.MethodDelete, apitest.FilePath(id, offered), nil).Problem().Code, "an engineer deletes only his own files")
	require.Equal(t, problems.FileInUse, customer.Do(http.MethodDelete, apitest.FilePath(id, attached), nil).Problem().Code)
}

func TestMessageReferencesOnlyItsSendersFilesOfTheOrder(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id, other := customer.CreateDraft(), customer.CreateDraft()
	foreign := customer.Upload(other, "план.pdf", apitest.PDF("план"))
	body := apitest.Conditions("77", 30)
	body["details"].(apitest.Object)["files"] = []apitest.Object{apitest.Ref(foreign)}
	customer.RequireRefused(order.CodeFileUnknown, id, order.Publish, body)
}

func TestUnusedFileIsDeletedAndSharedContentStays(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	one, same := customer.Upload(id, "a.pdf", apitest.PDF("один")), customer.Upload(id, "b.pdf", apitest.PDF("один"))
	open := customer.BeginFile(id, "c.pdf", apitest.PDF("c"), apitest.HexSum(apitest.PDF("c")))
	for _, f := range []files.File{one, open} {
		a := customer.Do(http.MethodDelete, apitest.FilePath(id, f), nil)
		require.Equal(t, http.StatusNoContent, a.Status, a.Text())
		require.Equal(t, problems.FileNotFound, customer.Do(http.MethodGet, apitest.FilePath(id, f), nil).Problem().Code)
	}
	body, _, err := p.Deps.Files.Open(t.Context(), one.SHA256)
	require.NoError(t, err, "the other file has the same content")
	require.NoError(t, body.Close())
	customer.Do(http.MethodDelete, apitest.FilePath(id, same), nil).OK()
	_, _, err = p.Deps.Files.Open(t.Context(), one.SHA256)
	require.Error(t, err)
}

// A file that a message references during its removal is in use: the removal waits for the message
// and is refused.
func TestFileReferencedDuringItsRemovalStays(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	file := customer.Upload(id, "a.pdf", apitest.PDF("a"))
	commit := testenv.HoldTransaction(t, p.DatabaseURL, `with named as (select id from files where id = $2 for key share)
		insert into documents (order_id, seq, n, kind, file_id, author_role, created_at)
		select $1, 100, 1, 'form', id, 'customer', now() from named`, id, file.ID)
	answered := make(chan apitest.Answer, 1)
	go func() { answered <- customer.Do(http.MethodDelete, apitest.FilePath(id, file), nil) }()
	testenv.Eventually(t, "the removal waits for the message", func() bool { return testenv.Blocked(t, p.DatabaseURL) })
	commit()
	require.Equal(t, problems.FileInUse, (<-answered).Problem().Code)
	body, _, err := p.Deps.Files.Open(t.Context(), file.SHA256)
	require.NoError(t, err)
	require.NoError(t, body.Close())
}

func TestSweepRemovesAbandonedUploads(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	stored := unattachedFile(p, engineer, id, "смета.pdf")
	abandoned := customer.BeginFile(id, "c.pdf", apitest.PDF("c"), apitest.HexSum(apitest.PDF("c")))
	p.Exec(`insert into message_bodies (id, order_id, author_id, body, sha256)
		select $1, id, customer_person_id, '{}', $2 from orders where id = $3`, uuid.New(), apitest.HexSum(nil), id)
	sweep := func(later time.Duration) {
		files := fileactivities.New(p.Deps.Store, p.Deps.Files, func() time.Time { return time.Now().Add(later) })
		require.NoError(t, files.SweepAbandoned(t.Context()))
	}
	sweep(0)
	customer.Do(http.MethodGet, apitest.FilePath(id, abandoned), nil).OK()
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from message_bodies where not used"))
	sweep(8 * 24 * time.Hour)
	require.Equal(t, problems.FileNotFound, customer.Do(http.MethodGet, apitest.FilePath(id, abandoned), nil).Problem().Code)
	require.Zero(t, apitest.Value[int](p, "select count(*) from message_bodies where not used"))
	require.Equal(t, "Химки", customer.Card(id).Form.City, "the text of an applied message stays")
	engineer.Do(http.MethodGet, apitest.FilePath(id, stored), nil).OK()
}
