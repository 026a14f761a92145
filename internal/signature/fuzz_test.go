package signature_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/cms"
	"epkr/internal/mchd"
	"epkr/internal/signature"
	"epkr/internal/testenv/openssl"
	"epkr/internal/testenv/pki"
	"epkr/internal/trust"
)

var update = flag.Bool("update", false, "make the material of the fuzz test anew")

// TestMakeSeeds makes the material of the fuzz test.
func TestMakeSeeds(t *testing.T) {
	if !*update {
		t.Skip("only with -update")
	}
	k := theKit(t)
	write := func(name string, data []byte) {
		path := filepath.Join("testdata", name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	for file, from := range map[string]string{
		"roots/root.crt": "root.crt", "intermediates/issuer.crt": "issuer.crt", "unqualified/unqualified.crt": "unqualified.crt", "revocations/issuer.crl": "issuer.crl",
	} {
		write("authorities/"+file, k.Read(t, from))
	}
	stamped, err := k.Stamp(k.sign(t, "engineer", contract, "-cades"), pki.TimeStamper)
	require.NoError(t, err)
	write("seeds/plain.der", k.sign(t, "engineer", contract, "-nosmimecap"))
	write("seeds/stamped.der", stamped)
	write("seeds/stamped.ber", openssl.ToBER(stamped))
	write("seeds/issuer.der", k.sign(t, "agent", contract, "-certfile", "issuer.crt"))
	write("seeds/rsa.der", k.sign(t, "rsa-under-gost", contract))
	write("seeds/unqualified.der", k.sign(t, "by-unqualified", contract))
}

// Any bytes give a result, and none that is accepted names another signer than the engineer.
func FuzzCheck(f *testing.F) {
	store, err := trust.Load(os.DirFS("testdata/authorities"))
	require.NoError(f, err)
	seeds, err := filepath.Glob("testdata/seeds/*")
	require.NoError(f, err)
	var at time.Time
	for _, name := range seeds {
		seed, err := os.ReadFile(name)
		require.NoError(f, err)
		s, err := cms.Read(seed)
		require.NoError(f, err)
		if s.Certificate.NotBefore.After(at) {
			at = s.Certificate.NotBefore
		}
		f.Add(seed)
	}
	at = at.Add(time.Minute)
	checker := &signature.Checker{Trust: store, Registry: mchd.NoRegistry{}}
	accepted := map[string]bool{}
	check := func(t testing.TB, s []byte) signature.Result {
		r, _, err := checker.Check(t.Context(), signature.Request{Document: signature.Bytes(contract), Signature: s, AcceptedAt: at, Signer: theEngineer})
		require.NoError(t, err)
		require.Equal(t, r.Valid, len(r.Refusals) == 0)
		require.False(t, r.Valid && r.Signer.SNILS != engineer.SNILS)
		return r
	}
	for _, name := range seeds {
		seed, err := os.ReadFile(name)
		require.NoError(f, err)
		accepted[filepath.Base(name)] = check(f, seed).Valid
	}
	require.Equal(f, map[string]bool{
		"plain.der": true, "stamped.der": true, "stamped.ber": true, "issuer.der": false, "rsa.der": false, "unqualified.der": false,
	}, accepted, "the seeds reach all of the check")
	f.Fuzz(func(t *testing.T, s []byte) { check(t, s) })
}
