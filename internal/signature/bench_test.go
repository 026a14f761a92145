package signature_test

import (
	"bytes"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/signature"
)

// BenchmarkCheck compares the check of a document of 300 kB with a known issuer with OpenSSL, which is
// a process of its own for each signature.
func BenchmarkCheck(b *testing.B) {
	k := theKit(b)
	document := bytes.Repeat([]byte("межа"), 300<<10/8)
	signed := k.sign(b, "engineer", document, "-cades")
	request := signature.Request{Document: signature.Bytes(document), Signature: signed, AcceptedAt: time.Now(), Signer: theEngineer}
	b.Run("platform", func(b *testing.B) {
		c := k.checker(all)
		for b.Loop() {
			r, _, err := c.Check(b.Context(), request)
			require.NoError(b, err)
			require.True(b, r.Valid)
		}
	})
	b.Run("openssl", func(b *testing.B) {
		s, d := save(b, signed), save(b, document)
		for b.Loop() {
			k.Must(b, "cms", "-verify", "-binary", "-inform", "DER", "-in", s, "-content", d, "-CAfile", k.stores[all].file, "-crl_check", "-out", os.DevNull)
		}
	})
}
