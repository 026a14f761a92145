package files_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders/messages"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// representatives are two people who act for one organisation as a customer.
func representatives(p *apitest.Platform) (first, second *apitest.Browser) {
	p.T.Helper()
	first = p.Browser()
	first.SignIn(synthetic.LoginCustomerHead)
	account := first.Choose(order.RoleCustomer, "organisation")
	first.Consent()
	second = p.Browser()
	second.SignIn(synthetic.LoginSecondCustomer)
	p.Exec(`insert into representatives (person_id, party_id, chief, active, read_at)
		select id, $1, true, true, now() from people where snils = $2`, account.Party, p.Person(synthetic.LoginSecondCustomer).SNILS)
	second.Take(account).OK()
	second.Consent()
	return first, second
}

// What one representative uploaded, another of the same organisation goes on with: to publish, to amend, to read, to end an upload and to
// remove a file.
func TestFilesBelongToThePartyAndNotToWhoUploadedThem(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	first, second := representatives(p)
	id := first.Draft()
	plan := first.Upload(id, "план.pdf", apitest.PDF("план"))
	second.Tell(id, order.Publish, apitest.WithFiles(apitest.Conditions("77", 30), plan))

	more := second.Upload(id, "выписка.pdf", apitest.PDF("выписка"))
	first.Tell(id, order.Amend, apitest.WithFiles(apitest.Conditions("77", 40), plan, more))
	second.Tell(id, order.Amend, apitest.WithFiles(apitest.Conditions("77", 50), plan, more))
	require.Len(t, second.Card(id).Terms.Files, 2)

	begun := first.BeginFile(id, "смета.pdf", apitest.PDF("смета"), apitest.HexSum(apitest.PDF("смета")))
	require.Equal(t, http.StatusOK, second.PutPart(id, begun, 1, apitest.PDF("смета"), apitest.PDF("смета")))
	ended := second.Complete(id, begun, "stored")
	require.Equal(t, http.StatusFound, second.Do(http.MethodGet, apitest.FilesOf(id, ended)+"/content", nil).Status)
	require.Equal(t, http.StatusNoContent, second.Do(http.MethodDelete, apitest.FilesOf(id, ended), nil).Status)
	require.Equal(t, problems.FileInUse, second.Do(http.MethodDelete, apitest.FilesOf(id, plan), nil).Problem().Code)
}

// The form that one representative saved with its files, another publishes.
func TestFormSavedByOneRepresentativeIsPublishedByAnother(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	first, second := representatives(p)
	id := first.Draft()
	body := apitest.WithFiles(apitest.Conditions("77", 30), first.Upload(id, "план.pdf", apitest.PDF("план")))
	first.Do(http.MethodPut, "/api/orders/"+id.String()+"/form", apitest.Object{"version": 0, "details": body["details"], "text": body["text"]}).OK()
	var saved messages.SavedForm
	second.Do(http.MethodGet, "/api/orders/"+id.String()+"/form", nil).OK().Into(&saved)
	second.Tell(id, order.Publish, apitest.Object{"details": saved.Form.Details, "text": saved.Form.Text})
}

// One person is a customer of his own and for an organisation: the files of the one are none of the other's.
func TestFileOfAnotherPartyOfTheSamePersonIsUnknown(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	_, second := representatives(p)
	id := second.Draft()
	file := second.Upload(id, "план.pdf", apitest.PDF("план"))
	own := p.Person(synthetic.LoginSecondCustomer).SNILS
	p.Exec(`update files set uploader_party = (select p.id from parties p join people w on w.id = p.person_id and p.kind = 'person' where w.snils = $1)`, own)
	second.Refuse(order.CodeFileUnknown, id, order.Publish, apitest.WithFiles(apitest.Conditions("77", 30), file))

	p.Exec(`update files set uploader_role = 'engineer', uploader_party = (select customer_id from orders)`)
	second.Refuse(order.CodeFileUnknown, id, order.Publish, apitest.WithFiles(apitest.Conditions("77", 30), file))
}
