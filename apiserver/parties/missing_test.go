package parties_test

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/wire"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

func TestWhatAContractNeedsOfEachKindOfParty(t *testing.T) {
	acceptance.Covers(t, "S-31")
	p := apitest.Start(t)
	person, entrepreneur := p.Customer(synthetic.LoginCustomer), p.SignedIn(synthetic.LoginCustomerEntrepreneur, order.RoleCustomer, "entrepreneur")
	organisation := head(p)
	missing := func(b *apitest.Browser) []wire.Missing { return read(b).Missing }
	require.Empty(t, missing(person))
	require.Equal(t, []wire.Missing{"bank"}, missing(entrepreneur))
	require.Equal(t, []wire.Missing{"inn", "kpp", "address", "bank"}, missing(organisation))

	p.Exec(`update parties set inn = '', address = '', kpp = ''`)
	require.Equal(t, []wire.Missing{"address"}, missing(person), "a natural person needs no ИНН and no bank")
	require.Equal(t, []wire.Missing{"inn", "address", "bank"}, missing(entrepreneur))
	saved(organisation, form(0, with("inn", "7707083893"), with("kpp", "773601001"), with("address", "г. Москва, ул. Лесная, д. 2")))
	require.Empty(t, missing(organisation), "typed values count where ЕСИА gave none")
	p.Exec(`update people set snils = ''`)
	require.Equal(t, []wire.Missing{"snils", "address"}, missing(person))
}

// The codes of the database are those of the API: another one would break its clients.
func TestEveryCodeOfTheDatabaseIsDescribed(t *testing.T) {
	migration, err := os.ReadFile("../../db/migrations/00027_requisites.sql")
	require.NoError(t, err)
	described, err := os.ReadFile("../openapi.json")
	require.NoError(t, err)
	list := regexp.MustCompile(`(?s)"missingForContract": \{.*?"enum": \[(.*?)\]`).FindSubmatch(described)
	require.NotNil(t, list)
	var codes, known []string
	for _, found := range regexp.MustCompile(`(?:then|array\[)\s*'([a-z]+)'`).FindAllStringSubmatch(string(migration), -1) {
		codes = append(codes, found[1])
	}
	for _, found := range regexp.MustCompile(`"([a-z]+)"`).FindAllStringSubmatch(string(list[1]), -1) {
		known = append(known, found[1])
	}
	slices.Sort(codes)
	slices.Sort(known)
	require.Equal(t, known, slices.Compact(codes))
}
