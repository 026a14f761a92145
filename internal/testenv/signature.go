package testenv

import "testing"

// Signature is a signature of an order's document by a person for a party. All are identifiers, except
// the hash of the document and the role.
type Signature struct {
	Order, File, Document string
	Person, Role, Party   string
}

// AcceptSignature records that a signature is valid, as the API does before it sends a message. It does
// nothing if the signature is not stored, or if no party has sent it.
func AcceptSignature(t testing.TB, databaseURL string, s Signature) {
	t.Helper()
	if s.File == "" || s.Person == "" || s.Party == "" {
		return
	}
	Exec(t, databaseURL, `insert into signature_checks
		(id, order_id, signature_id, document_sha256, person_id, role, party_id, powers, valid, result, evidence, checked_at)
		select gen_random_uuid(), $1, id, $3, $4, $5, $6, '{}', true, '{"format": 1, "valid": true}', '{}', now() from files where id = $2
		on conflict do nothing`,
		s.Order, s.File, s.Document, s.Person, s.Role, s.Party)
}
