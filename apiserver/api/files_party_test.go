package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// representatives are two people who act for one organisation as a customer.
func representatives(p *platform) (first, second *browser) {
	p.t.Helper()
	first = p.browser()
	first.signIn(synthetic.LoginCustomerHead)
	account := first.choose(order.RoleCustomer, "organisation")
	first.consent()
	second = p.browser()
	second.signIn(synthetic.LoginSecondCustomer)
	p.exec(`insert into representatives (person_id, party_id, chief, active, read_at)
		select id, $1, true, true, now() from people where snils = $2`, account.Party, p.person(synthetic.LoginSecondCustomer).SNILS)
	second.take(account).ok()
	second.consent()
	return first, second
}

// What one representative uploaded, another of the same organisation goes on with: to publish, to amend, to read, to end an upload and to
// remove a file.
func TestFilesBelongToThePartyAndNotToWhoUploadedThem(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	first, second := representatives(p)
	id := first.draft()
	plan := first.upload(id, "план.pdf", pdf("план"))
	second.tell(id, order.Publish, withFiles(conditions("77", 30), plan))

	more := second.upload(id, "выписка.pdf", pdf("выписка"))
	first.tell(id, order.Amend, withFiles(conditions("77", 40), plan, more))
	second.tell(id, order.Amend, withFiles(conditions("77", 50), plan, more))
	require.Len(t, second.card(id).Terms.Files, 2)

	begun := first.beginFile(id, "смета.pdf", pdf("смета"), hexSum(pdf("смета")))
	require.Equal(t, http.StatusOK, second.putPart(id, begun, 1, pdf("смета"), pdf("смета")))
	ended := second.complete(id, begun, "stored")
	require.Equal(t, http.StatusFound, second.do(http.MethodGet, filesOf(id, ended)+"/content", nil).status)
	require.Equal(t, http.StatusNoContent, second.do(http.MethodDelete, filesOf(id, ended), nil).status)
	require.Equal(t, codeFileInUse, second.do(http.MethodDelete, filesOf(id, plan), nil).problem().Code)
}

// The form that one representative saved with its files, another publishes.
func TestFormSavedByOneRepresentativeIsPublishedByAnother(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	first, second := representatives(p)
	id := first.draft()
	body := withFiles(conditions("77", 30), first.upload(id, "план.pdf", pdf("план")))
	first.do(http.MethodPut, "/api/orders/"+id.String()+"/form", object{"version": 0, "details": body["details"], "text": body["text"]}).ok()
	var saved SavedForm
	second.do(http.MethodGet, "/api/orders/"+id.String()+"/form", nil).ok().into(&saved)
	second.tell(id, order.Publish, object{"details": saved.Form.Details, "text": saved.Form.Text})
}

// One person is a customer of his own and for an organisation: the files of the one are none of the other's.
func TestFileOfAnotherPartyOfTheSamePersonIsUnknown(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	_, second := representatives(p)
	id := second.draft()
	file := second.upload(id, "план.pdf", pdf("план"))
	own := p.person(synthetic.LoginSecondCustomer).SNILS
	p.exec(`update files set uploader_party = (select p.id from parties p join people w on w.id = p.person_id and p.kind = 'person' where w.snils = $1)`, own)
	second.refuse(order.CodeFileUnknown, id, order.Publish, withFiles(conditions("77", 30), file))

	p.exec(`update files set uploader_role = 'engineer', uploader_party = (select customer_id from orders)`)
	second.refuse(order.CodeFileUnknown, id, order.Publish, withFiles(conditions("77", 30), file))
}
