package order_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

// spellings returns all texts that parsers accept as the same UUID.
func spellings(id string) []string {
	bare := strings.ReplaceAll(id, "-", "")
	return []string{
		id, strings.ToUpper(id), "{" + id + "}", "{" + strings.ToUpper(id) + "}", "(" + id + ")", "urn:uuid:" + id, "URN:UUID:" + strings.ToUpper(id), bare, strings.ToUpper(bare),
	}
}

func TestCanonicalID(t *testing.T) {
	id := uuid.NewString()
	for _, spelt := range spellings(id) {
		parsed, err := uuid.Parse(spelt)
		require.NoError(t, err, "the test uses spellings that parsers accept")
		require.Equal(t, parsed.String(), order.CanonicalID(spelt))
	}
	for _, other := range []string{"", "person-customer", id + "0", id[:35], "{" + id, strings.Replace(id, "-", "_", 1)} {
		require.Equal(t, other, order.CanonicalID(other))
	}
}

func FuzzCanonicalIDAgreesWithParsers(f *testing.F) {
	for _, spelt := range spellings("0d6e1ad8-7a83-4a30-9fd7-1a52e3f1a0bc") {
		f.Add(spelt)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if parsed, err := uuid.Parse(text); err == nil {
			require.Equal(t, parsed.String(), order.CanonicalID(text))
		}
	})
}

// The cases are all details with ids; a new field that CanonicalIDs does not rewrite fails here.
func TestDetailsHaveCanonicalIDs(t *testing.T) {
	id := uuid.NewString()
	upper := strings.ToUpper(id)
	file := order.FileRef{ID: upper, SHA256: sum("x")}
	signed := order.SignedAct{File: file, Signature: file}
	for _, details := range []any{
		&order.EngineerChoice{Engineer: upper}, &order.EngineerStatus{Engineer: upper}, &order.Terms{Files: []order.FileRef{file}}, &order.ContractTerms{File: file, Signature: file},
		&order.ContractSignature{Signature: file}, &order.Invoice{File: &file}, &order.PaymentReport{File: &file}, &order.ActDelivery{Act: signed},
		&order.ActSignature{Signature: &file}, &order.Remarks{Files: []order.FileRef{file}},
		&order.ResultsDelivery{Files: []order.FileRef{file}, Act: &signed, Invoice: &order.Invoice{File: &file}},
		&order.FinalDelivery{Files: []order.FileRef{file}, Act: &signed, Invoice: &order.Invoice{File: &file}},
	} {
		order.CanonicalIDs(details)
		text, err := json.Marshal(details)
		require.NoError(t, err)
		require.NotContains(t, string(text), upper, "%T", details)
		require.Contains(t, string(text), id, "%T", details)
		file.ID = upper
		signed.File.ID, signed.Signature.ID = upper, upper
	}
}

func TestMessageHasCanonicalIDs(t *testing.T) {
	id := uuid.NewString()
	for _, spelt := range spellings(id) {
		payload, err := json.Marshal(order.Message{
			ID: spelt, Actor: order.Actor{Role: order.RoleCustomer, Person: spelt, Party: spelt}, Body: &order.BodyRef{ID: spelt},
		})
		require.NoError(t, err)
		m := order.ParseMessage("publish", payload)
		require.Empty(t, m.Unreadable)
		require.Equal(t, []string{id, id, id, id}, []string{m.ID, m.Actor.Person, m.Actor.Party, m.Body.ID})
	}
}

// Without canonical ids a moderator could replace an engineer by the same one, which lifted the
// holds and the dispute.
func TestEngineerIsNotReplacedByHimselfInAnotherSpelling(t *testing.T) {
	id := uuid.NewString()
	l := work(t, 5000, false)
	l.s.Performer.ID = id
	l.facts = append(l.facts, func(f *order.Facts) { f.Engineer = eligible("performer"); f.Engineer.ID = id })
	for _, spelt := range spellings(id) {
		l.requireRefused(order.CodeSameEngineer, order.ReplaceEngineer, moderator, order.EngineerChoice{Engineer: spelt})
	}
}
