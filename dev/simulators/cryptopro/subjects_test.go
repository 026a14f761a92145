package cryptopro_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/dev/simulators/cryptopro"
	"epkr/dev/synthetic"
	"epkr/internal/mchd"
	"epkr/internal/signature"
	"epkr/internal/testenv/pki"
)

// The certificates of test users sign for them, their business and the organisation that they head.
func TestSubjectsSignForTheirParties(t *testing.T) {
	t.Parallel()
	world, authority := synthetic.New(1), pki.Shared(t)
	store, err := authority.Store()
	require.NoError(t, err)
	checker := &signature.Checker{Trust: store, Registry: mchd.NoRegistry{}}
	for login, kinds := range map[string][]signature.PartyKind{
		synthetic.LoginCustomer:             {signature.Person},
		synthetic.LoginCustomerEntrepreneur: {signature.Person, signature.Entrepreneur},
		synthetic.LoginCustomerHead:         {signature.Person, signature.Organisation},
		synthetic.LoginCustomerEmployee:     {signature.Person},
		synthetic.LoginEngineerMoscow:       {signature.Person, signature.Entrepreneur},
		synthetic.LoginEmployeeFirst:        {signature.Person},
	} {
		person, found := world.PersonByLogin(login)
		require.True(t, found)
		subjects := cryptopro.Subjects(world, person)
		require.Len(t, subjects, len(kinds), login)
		for i, s := range subjects {
			party := signature.Party{Kind: kinds[i], SNILS: person.SNILS, PersonINN: person.INN}
			switch kinds[i] {
			case signature.Organisation:
				party.INN, party.OGRN = s.OrganisationINN, s.OGRN
			case signature.Entrepreneur:
				party.INN, party.OGRN = person.INN, s.OGRNIP
			}
			signed, err := authority.SignAs(s, []byte("договор"))
			require.NoError(t, err)
			r, _, err := checker.Check(t.Context(), signature.Request{
				Document: signature.Bytes([]byte("договор")), Signature: signed, AcceptedAt: time.Now(), Signer: party,
			})
			require.NoError(t, err)
			require.True(t, r.Valid, "%s: %v", login, r.Refusals)
			require.Empty(t, r.Warnings)
		}
	}
}
