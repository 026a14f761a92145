package api

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/activities"
	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

func TestFileIsSentInPartsAndResumed_R_CHAT_2(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	content := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("план участка "), partSize/20)...)
	f := customer.beginFile(id, `C:\Документы\план.pdf`, content, hexSum(content))
	require.Equal(t, "план.pdf", f.Name)
	require.Equal(t, "uploading", f.State)
	first, second := content[:f.PartSize], content[f.PartSize:]
	require.Equal(t, http.StatusOK, customer.putPart(id, f, 1, first, first))
	require.Equal(t, codeUploadUnequal, customer.do(http.MethodPost, filesOf(id, f)+"/complete", nil).problem().Code)

	var resumed struct{ File File }
	customer.do(http.MethodGet, filesOf(id, f), nil).ok().into(&resumed)
	require.Equal(t, []int{1}, resumed.File.Parts)
	require.Equal(t, http.StatusOK, customer.putPart(id, f, 2, second, second))
	kept := customer.complete(id, f, "stored")
	require.Equal(t, "application/pdf", kept.ContentType)

	leads := customer.do(http.MethodGet, filesOf(id, f)+"/content", nil)
	require.Equal(t, http.StatusFound, leads.status, leads.text())
	response, err := http.Get(leads.header.Get("Location"))
	require.NoError(t, err)
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.True(t, bytes.Equal(content, got))
	require.True(t, strings.HasPrefix(response.Header.Get("Content-Disposition"), "attachment"))
	require.Equal(t, "stored", customer.complete(id, f, "stored").State, "completing again changes nothing")
}

func TestPartUnlikeItsDeclarationIsRefused(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	content := pdf("план")
	f := customer.beginFile(id, "план.pdf", content, hexSum(content))
	require.NotEqual(t, http.StatusOK, customer.putPart(id, f, 1, content, bytes.ToUpper(content)))
	wrong := customer.do(http.MethodPost, filesOf(id, f)+"/parts", object{"part": 1, "length": 1, "sha256": base64Sum(content)})
	require.Equal(t, codeValidation, wrong.problem().Code)
	beyond := customer.do(http.MethodPost, filesOf(id, f)+"/parts", object{"part": 2, "length": 1, "sha256": base64Sum(content)})
	require.Equal(t, codeValidation, beyond.problem().Code)
	require.Equal(t, codeUploadUnequal, customer.do(http.MethodPost, filesOf(id, f)+"/complete", nil).problem().Code)
}

func TestFileUnlikeItsDeclarationIsRejectedWithTheReason(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	content := pdf("план")
	f := customer.beginFile(id, "план.pdf", content, hexSum(pdf("другой")))
	require.Equal(t, http.StatusOK, customer.putPart(id, f, 1, content, content))
	require.Contains(t, customer.complete(id, f, "rejected").Problem, "отличается")
	require.Equal(t, codeFileNotStored, customer.do(http.MethodGet, filesOf(id, f)+"/content", nil).problem().Code)
	body := conditions("77", 30)
	body["details"].(object)["files"] = []object{ref(f)}
	customer.refuse(order.CodeFileUnknown, id, order.Publish, body)
}

func TestFilesAreSeenByRight(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.draft()
	attached, loose := customer.upload(id, "план.pdf", pdf("план")), customer.upload(id, "черновик.pdf", pdf("черновик"))
	body := conditions("77", 30)
	body["details"].(object)["files"] = []object{ref(attached)}
	customer.tell(id, order.Publish, body)
	offered := p.leftBehind(engineer, id, "смета.pdf")
	colleague, stranger := p.engineer(synthetic.LoginEmployeeFirst), p.customer(synthetic.LoginSecondCustomer)

	for _, one := range []struct {
		who  *browser
		file File
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
		a := one.who.do(http.MethodGet, filesOf(id, one.file)+"/content", nil)
		if one.sees {
			require.Equal(t, http.StatusFound, a.status, one.file.Name+": "+a.text())
			continue
		}
		require.Equal(t, http.StatusNotFound, a.status, one.file.Name+": "+a.text())
	}
	require.Equal(t, codeFileNotFound, colleague.do(http.MethodDelete, filesOf(id, offered), nil).problem().Code, "only one's own")
	require.Equal(t, codeFileInUse, customer.do(http.MethodDelete, filesOf(id, attached), nil).problem().Code)
}

func TestMessageNamesOnlyFilesThatItsSenderUploadedForTheOrder(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id, other := customer.draft(), customer.draft()
	foreign := customer.upload(other, "план.pdf", pdf("план"))
	body := conditions("77", 30)
	body["details"].(object)["files"] = []object{ref(foreign)}
	customer.refuse(order.CodeFileUnknown, id, order.Publish, body)
}

func TestOwnUnusedFileIsDeletedAndASharedContentStays(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	one, same := customer.upload(id, "a.pdf", pdf("один")), customer.upload(id, "b.pdf", pdf("один"))
	open := customer.beginFile(id, "c.pdf", pdf("c"), hexSum(pdf("c")))
	for _, f := range []File{one, open} {
		a := customer.do(http.MethodDelete, filesOf(id, f), nil)
		require.Equal(t, http.StatusNoContent, a.status, a.text())
		require.Equal(t, codeFileNotFound, customer.do(http.MethodGet, filesOf(id, f), nil).problem().Code)
	}
	body, _, err := p.deps.Files.Open(t.Context(), one.SHA256)
	require.NoError(t, err, "the other file has the same content")
	require.NoError(t, body.Close())
	customer.do(http.MethodDelete, filesOf(id, same), nil).ok()
	_, _, err = p.deps.Files.Open(t.Context(), one.SHA256)
	require.Error(t, err)
}

// A file that a message names in the moment of its removal is in use: the removal waits for the message and says so.
func TestFileNamedWhileItIsRemovedStays(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.published("77")
	file := customer.upload(id, "a.pdf", pdf("a"))
	commit := testenv.Hold(t, p.databaseURL, `with named as (select id from files where id = $2 for key share)
		insert into documents (order_id, seq, n, kind, file_id, author_role, created_at)
		select $1, 100, 1, 'form', id, 'customer', now() from named`, id, file.ID)
	answered := make(chan answer, 1)
	go func() { answered <- customer.do(http.MethodDelete, filesOf(id, file), nil) }()
	testenv.Eventually(t, "the removal waits for the message", func() bool { return testenv.Blocked(t, p.databaseURL) })
	commit()
	require.Equal(t, codeFileInUse, (<-answered).problem().Code)
	body, _, err := p.deps.Files.Open(t.Context(), file.SHA256)
	require.NoError(t, err)
	require.NoError(t, body.Close())
}

func TestSweepRemovesWhatNobodyCameBackFor(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	kept := p.leftBehind(engineer, id, "смета.pdf")
	abandoned := customer.beginFile(id, "c.pdf", pdf("c"), hexSum(pdf("c")))
	p.exec(`insert into message_bodies (id, order_id, author_id, body, sha256)
		select $1, id, customer_person_id, '{}', $2 from orders where id = $3`, uuid.New(), hexSum(nil), id)
	sweep := func(later time.Duration) {
		files := activities.NewFiles(p.deps.Store, p.deps.Files, func() time.Time { return time.Now().Add(later) })
		require.NoError(t, files.SweepAbandoned(t.Context()))
	}
	sweep(0)
	customer.do(http.MethodGet, filesOf(id, abandoned), nil).ok()
	require.Equal(t, 1, value[int](p, "select count(*) from message_bodies where not used"))
	sweep(8 * 24 * time.Hour)
	require.Equal(t, codeFileNotFound, customer.do(http.MethodGet, filesOf(id, abandoned), nil).problem().Code)
	require.Zero(t, value[int](p, "select count(*) from message_bodies where not used"))
	require.Equal(t, "Химки", customer.card(id).Form.City, "the text of an applied message stays")
	engineer.do(http.MethodGet, filesOf(id, kept), nil).ok()
}
