package pki_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv/pki"
)

// Certificates, lists, signatures and time stamps of the kit are accepted by OpenSSL, and what is
// expired or revoked is not.
func TestKitAgreesWithOpenSSL(t *testing.T) {
	t.Parallel()
	p, err := pki.New(t.TempDir())
	require.NoError(t, err)
	engineer := pki.Person("Межевой", "Пётр Ильич", "087654303")
	for _, c := range []pki.Certificate{
		{Name: "engineer", Subject: engineer},
		{Name: "revoked", Subject: engineer},
		{Name: "expired", Subject: engineer, From: time.Now().AddDate(-2, 0, 0), To: time.Now().AddDate(-1, 0, 0)},
	} {
		require.NoError(t, p.Issue(c))
	}
	require.NoError(t, p.Revoke("revoked", pki.Issuer, time.Now().Add(-time.Hour)))
	require.NoError(t, p.List(pki.Issuer, time.Now().Add(-time.Minute), time.Now().Add(time.Hour)))

	var trusted []byte
	for _, name := range []string{"root.crt", "issuer.crt", "issuer.crl", "root.crl"} {
		trusted = append(trusted, p.Read(t, name)...)
	}
	p.Write(t, "trusted.pem", trusted)
	p.Write(t, "document", []byte("договор"))
	for name, accepted := range map[string]bool{"engineer": true, "revoked": false, "expired": false} {
		signature, err := p.Sign(name, []byte("договор"), "-cades")
		require.NoError(t, err)
		signature, err = p.Stamp(signature, pki.TimeStamper)
		require.NoError(t, err)
		p.Write(t, "signature", signature)
		_, err = p.Run("cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "signature", "-content", "document",
			"-CAfile", "trusted.pem", "-crl_check", "-out", os.DevNull, "-attime", strconv.FormatInt(time.Now().Unix(), 10))
		require.Equal(t, accepted, err == nil, name)
		p.Must(t, "ts", "-verify", "-data", "stamped", "-token_in", "-in", "stamp.der", "-CAfile", "trusted.pem")
	}
}
