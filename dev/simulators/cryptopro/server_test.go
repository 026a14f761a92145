package cryptopro_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/dev/simulators/cryptopro"
	"epkr/dev/synthetic"
	"epkr/internal/cms"
	"epkr/internal/mchd"
	"epkr/internal/signature"
	"epkr/internal/testenv/pki"
)

// The store of a person has his own certificates first, which sign for him, and others, each of which
// is refused for its own reason.
func TestStoreOfAPerson(t *testing.T) {
	t.Parallel()
	world := synthetic.New(1)
	world.TestUsers = world.TestUsers[:2] // the others have revoked certificates too, which takes time
	authority, err := pki.Open(t.TempDir())
	require.NoError(t, err)
	server, err := cryptopro.New(authority, world)
	require.NoError(t, err)
	store, err := authority.Store()
	require.NoError(t, err)
	person, _ := world.PersonByLogin(synthetic.LoginCustomer)

	var listed []struct{ Thumbprint, Subject, Issuer string }
	require.NoError(t, json.Unmarshal(ask(t, server, http.MethodGet, "/certificates?name="+url.QueryEscape(person.FullName()), "", http.StatusOK), &listed))
	require.Len(t, listed, 6)
	require.True(t, strings.HasPrefix(listed[0].Subject, "CN="+person.FullName()+", SN="+person.LastName+", G="), listed[0].Subject)
	require.Equal(t, "CN=Аккредитованный тестовый УЦ", listed[0].Issuer)
	for i, refused := range []signature.Code{"", signature.Expired, signature.Revoked, signature.UnknownIssuer, signature.WrongPerson, signature.WrongPerson} {
		signed := ask(t, server, http.MethodPost, "/sign?certificate="+listed[i].Thumbprint, "договор", http.StatusOK)
		s, err := cms.Read(signed)
		require.NoError(t, err)
		require.True(t, s.NamesCertificate, "CAdES-BES")
		r, _, err := (&signature.Checker{Trust: store, Registry: mchd.NoRegistry{}}).Check(t.Context(), signature.Request{
			Document: signature.Bytes([]byte("договор")), Signature: signed, AcceptedAt: time.Now(),
			Signer: signature.Party{Kind: signature.Person, SNILS: person.SNILS, PersonINN: person.INN},
		})
		require.NoError(t, err)
		require.Equal(t, refused == "", r.Valid, listed[i].Subject)
		if refused != "" {
			require.Equal(t, refused, r.Refusals[0].Code, listed[i].Subject)
		}
	}
	ask(t, server, http.MethodGet, "/certificates?name=Никто", "", http.StatusNotFound)
	ask(t, server, http.MethodPost, "/sign?certificate=AB", "договор", http.StatusNotFound)
	require.Contains(t, string(ask(t, server, http.MethodGet, cryptopro.Script, "", http.StatusOK)), "cpcsp_chrome_nmcades")
}

// ask returns the body of an answer, which pages of any origin may read.
func ask(t *testing.T, server http.Handler, method, target, body string, status int) []byte {
	t.Helper()
	answer := httptest.NewRecorder()
	server.ServeHTTP(answer, httptest.NewRequest(method, target, strings.NewReader(body)))
	require.Equal(t, status, answer.Code)
	require.Equal(t, "*", answer.Header().Get("Access-Control-Allow-Origin"))
	all, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return all
}
