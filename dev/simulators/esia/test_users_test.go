package esia_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	esiasim "epkr/dev/simulators/esia"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/esia"
)

// The demonstration signs in by these names, so each must lead to the person described.
func TestEveryTestUserSignsIn(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	world := synthetic.New(1)
	key, err := esiasim.EnsureKey(t.Context(), b.directory, "client", "EPKR", esia.GOST)
	require.NoError(t, err)
	server, err := esiasim.New(t.Context(), esiasim.Config{
		Directory: b.directory, TokenKey: esia.GOST, World: world,
		Clients: []esiasim.Client{{ID: clientID, Key: key, Redirects: []string{redirectURI}}},
	})
	require.NoError(t, err)
	listener := httptest.NewServer(server)
	defer listener.Close()
	b.config.BaseURL = listener.URL
	b.client = b.with(t, b.config)
	for _, member := range world.TestUsers {
		t.Run(member.Login, func(t *testing.T) {
			b.visitor = esiasim.NewVisitor()
			expected, found := world.PersonByLogin(member.Login)
			require.True(t, found)
			request := b.client.PersonRequest(state, redirectURI)
			code, err := b.code(t, request, member.Login)
			if !expected.Trusted {
				require.Equal(t, esia.CodeUnconfirmed, esia.CodeOf(err))
				return
			}
			require.NoError(t, err)
			token, err := b.client.Exchange(t.Context(), request, code)
			require.NoError(t, err)
			person, err := b.client.Person(t.Context(), token)
			require.NoError(t, err)
			require.Equal(t, expected.OID, person.OID)
			require.Equal(t, expected.Email, person.Email)
			require.Equal(t, expected.LastName, person.LastName)
			roles, err := b.client.Roles(t.Context(), token)
			require.NoError(t, err)
			require.Len(t, roles, len(expected.Organisations))
		})
	}
}
