package play

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
)

func TestPublishCallsTheSimulator(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		asked = append(asked, r.URL.Path+" "+body.String())
		_, _ = w.Write([]byte(`{"as_of":"2026-03-01T00:00:00Z","rows":1,"changed":1}`))
	}))
	defer server.Close()
	at := Platform{RegistryURL: server.URL}
	person, found := synthetic.New(synthetic.LocalSeed).PersonByLogin("engineer-moscow")
	require.True(t, found)
	asOf, err := at.publish(t.Context(), "engineer-moscow", false)
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), asOf)
	_, err = at.publish(t.Context(), "engineer-moscow", true)
	require.NoError(t, err)
	require.Equal(t, []string{
		`/control/drop {"snils":["` + person.SNILS + "\"]}\n", `/control/restore {"snils":["` + person.SNILS + "\"]}\n",
	}, asked)
	_, err = at.publish(t.Context(), "nobody", false)
	require.ErrorContains(t, err, "nobody")
}
