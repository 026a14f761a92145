package cms_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/cms"
	"epkr/internal/testenv/openssl"
	"epkr/internal/testenv/pki"
)

// A time stamp is read with its time and its certificate if it was made for the signature, by the key
// of a certificate for time stamps.
func TestTimeStamps(t *testing.T) {
	t.Parallel()
	p, err := pki.New(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, p.Issue(pki.Certificate{Name: "signer", Subject: pki.Person("Межевой", "Пётр", "087654303")}))
	plain, err := p.Sign("signer", document)
	require.NoError(t, err)
	stamped, err := p.Stamp(plain, pki.TimeStamper)
	require.NoError(t, err)
	token := read(t, stamped).TimeStamp
	foreign, err := p.Token([]byte("of another signature"), pki.TimeStamper)
	require.NoError(t, err)
	withToken := func(token []byte) []byte {
		signature, err := pki.AddToken(plain, token)
		require.NoError(t, err)
		return signature
	}
	asDocument, err := p.Sign("signer", document, "-nodetach")
	require.NoError(t, err)
	tampered := bytes.Clone(token)
	at := bytes.Index(tampered, []byte(time.Now().UTC().Format("200601"))) // in TSTInfo
	require.Positive(t, at)
	tampered[at+1] ^= 1
	forged := bytes.Clone(token)
	forged[len(forged)-7] ^= 1

	for name, signature := range map[string][]byte{"DER": stamped, "BER": openssl.ToBER(stamped)} {
		s := read(t, signature)
		require.NoError(t, verify(signature, document), name)
		stamp, err := s.ReadTimeStamp()
		require.NoError(t, err, name)
		require.WithinDuration(t, time.Now(), stamp.Time, time.Hour)
		require.Equal(t, "Служба штампов времени (тест)", stamp.Certificate.Subject.CommonName)
		require.NotEmpty(t, stamp.Certificates)
	}
	stamp, err := read(t, plain).ReadTimeStamp()
	require.NoError(t, err)
	require.Nil(t, stamp)
	for name, token := range map[string][]byte{
		"of another signature": foreign, "of another time": tampered, "of another key": forged,
		"a signature of a document": asDocument, "a detached signature": plain, "empty": {0x30, 0}, "nothing": {5, 0},
	} {
		_, err := read(t, withToken(token)).ReadTimeStamp()
		require.ErrorIs(t, err, cms.ErrTimeStamp, name)
	}
}

// A certificate for documents makes no time stamps, nor one for which they are one purpose of several.
func TestTimeStampsNeedTheirUsage(t *testing.T) {
	t.Parallel()
	p, err := pki.New(t.TempDir())
	require.NoError(t, err)
	for _, usage := range []pki.Usage{pki.Signer, pki.StampsAndMore, pki.StampsUncritically} {
		require.NoError(t, p.Issue(pki.Certificate{Name: string(usage), Subject: pki.Person("Межевой", "Пётр", "087654303"), Usage: usage}))
	}
	at := time.Now().AddDate(0, 0, -3).Truncate(time.Second)
	for by, accepted := range map[string]bool{
		pki.TimeStamper: true, string(pki.Signer): false, string(pki.StampsAndMore): false, string(pki.StampsUncritically): false,
	} {
		signature, err := p.Sign(string(pki.Signer), document)
		require.NoError(t, err)
		value, err := pki.Value(signature)
		require.NoError(t, err)
		token, err := p.TokenAt(value, by, at)
		require.NoError(t, err)
		stamped, err := pki.AddToken(signature, token)
		require.NoError(t, err)
		stamp, err := read(t, stamped).ReadTimeStamp()
		if !accepted {
			require.ErrorContains(t, err, "not for time stamps", by)
			continue
		}
		require.NoError(t, err)
		require.True(t, at.Equal(stamp.Time))
	}
}

func read(t *testing.T, signature []byte) *cms.Signature {
	t.Helper()
	s, err := cms.Read(signature)
	require.NoError(t, err)
	return s
}
