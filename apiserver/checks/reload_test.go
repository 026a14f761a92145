package checks_test

import (
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/checks"
	"epkr/internal/signature"
	"epkr/internal/testenv/pki"
	"epkr/internal/trust"
)

// A list that comes while the process runs revokes in the next check.
func TestListsAreFollowed(t *testing.T) {
	authority, err := pki.New(t.TempDir())
	require.NoError(t, err)
	folder, document := t.TempDir(), []byte("договор")
	require.NoError(t, authority.Export(folder))
	person := pki.Person("Межевой", "Пётр Ильич", "087654303")
	signed, err := authority.SignAs(person, document)
	require.NoError(t, err)
	source, _, err := trust.Open(os.DirFS(folder))
	require.NoError(t, err)
	service := checks.New(checks.Dependencies{Trust: source, Now: time.Now})
	r, err := service.Judge(t.Context(), document, signed)
	require.NoError(t, err)
	require.True(t, r.Valid, r.Refusals)

	signer, err := authority.Ensure(pki.Certificate{Name: "signer", Subject: person})
	require.NoError(t, err)
	require.NoError(t, authority.Revoke(signer, pki.Issuer, time.Now().Add(-time.Hour)))
	require.NoError(t, authority.List(pki.Issuer, time.Now(), time.Now().AddDate(1, 0, 0)))
	require.NoError(t, authority.Export(folder))
	source.Look(t.Context(), slog.New(slog.DiscardHandler))
	r, err = service.Judge(t.Context(), document, signed)
	require.NoError(t, err)
	require.False(t, r.Valid)
	require.Equal(t, signature.Revoked, r.Refusals[0].Code)
}
