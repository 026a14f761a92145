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

// representatives returns two people who act for one organisation as a customer.
func representatives(p *apitest.Platform) (first, second *apitest.Browser) {
	p.T.Helper()
	first = p.Browser()
	first.SignIn(synthetic.LoginCustomerHead)
	account := first.ChooseRole(order.RoleCustomer, "organisation")
	first.Consent()
	second = p.Browser()
	second.SignIn(synthetic.LoginSecondCustomer)
	p.Exec(`insert into representatives (person_id, party_id, chief, active, read_at)
		select id, $1, true, true, now() from people where snils = $2`, account.Party, p.Person(synthetic.LoginSecondCustomer).SNILS)
	second.TakeRole(account).OK()
	second.Consent()
	return first, second
}

// Another representative of the same organisation can use what the first one uploaded: publish,
// amend, read, complete an upload and remove a file.
func TestFilesBelongToThePartyAndNotToTheirUploader(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	first, second := representatives(p)
	id := first.CreateDraft()
	plan := first.Upload(id, "план.pdf", apitest.PDF("план"))
	second.RequireApplied(id, order.Publish, apitest.WithFiles(apitest.Conditions("77", 30), plan))

	more := second.Upload(id, "выписка.pdf", apitest.PDF("выписка"))
	first.RequireApplied(id, order.Amend, apitest.WithFiles(apitest.Conditions("77", 40), plan, more))
	second.RequireApplied(id, order.Amend, apitest.WithFiles(apitest.Conditions("77", 50), plan, more))
	require.Len(t, second.Card(id).Terms.Files, 2)

	begun := first.BeginFile(id, "смета.pdf", apitest.PDF("смета"), apitest.HexSum(apitest.PDF("смета")))
	require.Equal(t, http.StatusOK, second.PutPart(id, begun, 1, apitest.PDF("смета"), apitest.PDF("смета")))
	ended := second.Complete(id, begun, "stored")
	require.Equal(t, http.StatusFound, second.Do(http.MethodGet, apitest.FilePath(id, ended)+"/content", nil).Status)
	require.Equal(t, http.StatusNoContent, second.Do(http.MethodDelete, apitest.FilePath(id, ended), nil).Status)
	require.Equal(t, problems.FileInUse, second.Do(http.MethodDelete, apitest.FilePath(id, plan), nil).Problem().Code)
}

// A representative publishes the form that another one saved with its files.
func TestFormSavedByOneRepresentativeIsPublishedByAnother(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	first, second := representatives(p)
	id := first.CreateDraft()
	body := apitest.WithFiles(apitest.Conditions("77", 30), first.Upload(id, "план.pdf", apitest.PDF("план")))
	first.Do(http.MethodPut, "/api/orders/"+id.String()+"/form", apitest.Object{"version": 0, "details": body["details"], "text": body["text"]}).OK()
	var saved messages.SavedForm
	second.Do(http.MethodGet, "/api/orders/"+id.String()+"/form", nil).OK().Into(&saved)
	second.RequireApplied(id, order.Publish, apitest.Object{"details": saved.Form.Details, "text": saved.Form.Text})
}

// One person is a customer himself and for an organisation: files of one party are not visible to
// the other.
func TestFileOfAnotherPartyOfTheSamePersonIsNotFound(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	_, second := representatives(p)
	id := second.CreateDraft()
	file := second.Upload(id, "план.pdf", apitest.PDF("план"))
	own := p.Person(synthetic.LoginSecondCustomer).SNILS
	p.Exec(`update files set uploader_party = (select p.id from parties p join people w on w.id = p.person_id and p.kind = 'person' where w.snils = $1)`, own)
	second.RequireRefused(order.CodeFileUnknown, id, order.Publish, apitest.WithFiles(apitest.Conditions("77", 30), file))

	p.Exec(`update files set uploader_role = 'engineer', uploader_party = (select customer_id from orders)`)
	second.RequireRefused(order.CodeFileUnknown, id, order.Publish, apitest.WithFiles(apitest.Conditions("77", 30), file))
}
