package orders_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// acceptSignatures records that the signatures in the details of a message are valid.
func acceptSignatures(t testing.TB, url, id string, by order.Actor, details any) {
	t.Helper()
	for _, s := range order.SignaturesIn(details) {
		testenv.AcceptSignature(t, url, testenv.Signature{
			Order: id, File: s.Signature.ID, Document: s.Document, Person: by.Person, Role: string(by.Role), Party: by.Party,
		})
	}
}

// A signature counts only as it was checked: of this document, for this party, and found valid.
func TestSignatureCountsOnlyAsItWasChecked(t *testing.T) {
	acceptance.Covers(t, "S-6")
	t.Parallel()
	for name, change := range map[string]func(c *testUsers, s *testenv.Signature){
		"not checked":         func(_ *testUsers, s *testenv.Signature) { *s = testenv.Signature{} },
		"of another document": func(c *testUsers, s *testenv.Signature) { s.Document = c.file(c.engineer, "another").SHA256 },
		"of another party":    func(c *testUsers, s *testenv.Signature) { s.Party = c.colleague.Party },
		"in another role":     func(_ *testUsers, s *testenv.Signature) { s.Role = string(order.RoleCustomer) },
		"of another order":    func(c *testUsers, s *testenv.Signature) { s.Order = c.engineer.Party },
	} {
		c := newTestUsers(t)
		c.respond(c.engineer)
		c.requireApplied(order.Choose, c.customer, choiceOf(c.engineer))
		contract := order.ContractTerms{
			File: c.file(c.engineer, "contract"), Signature: c.file(c.engineer, "signature"),
			ContractConditions: order.ContractConditions{Price: 100, TermDate: time.Now().AddDate(0, 1, 0).Format(time.DateOnly)},
		}
		c.accept = func(order.Actor, any) {
			checked := testenv.Signature{
				Order: c.state.ID, File: contract.Signature.ID, Document: contract.File.SHA256,
				Person: c.engineer.Person, Role: string(c.engineer.Role), Party: c.engineer.Party,
			}
			if change(c, &checked); checked.Order != "" {
				testenv.AcceptSignature(t, c.url, checked)
			}
		}
		require.Equal(t, order.CodeNotSigned, c.record(order.SendContract, c.engineer, contract).Code, name)
	}
}
