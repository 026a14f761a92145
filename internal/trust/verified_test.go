package trust

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// issuer makes certificates of a kind that Go signs.
type issuer struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// newIssuer returns an authority by another, or by itself if that is nil.
func newIssuer(t *testing.T, name string, by *issuer) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	i := &issuer{key: key}
	i.certificate = certify(t, name, &key.PublicKey, true, by, i)
	return i
}

// certify returns a certificate by an issuer, or by itself.
func certify(t *testing.T, name string, key any, ca bool, by, itself *issuer) *x509.Certificate {
	t.Helper()
	number, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: number, Subject: pkix.Name{CommonName: name}, IsCA: ca, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	if ca {
		template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	}
	parent := template
	if by == nil {
		by = itself
	} else {
		parent = by.certificate
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key, by.key)
	require.NoError(t, err)
	c, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return c
}

// signerOf returns a signer's certificate.
func signerOf(t *testing.T, by *issuer) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return certify(t, "signer", &key.PublicKey, false, by, nil)
}

// What an authority of the store signed is verified once, and what a hostile one signed each time;
// the memory for it is limited.
func TestRemembersWhatIsVerified(t *testing.T) {
	t.Parallel()
	root := newIssuer(t, "root", nil)
	carried := newIssuer(t, "carried", root)
	s, err := New(Authorities{Roots: []*x509.Certificate{root.certificate}})
	require.NoError(t, err)

	signer := signerOf(t, root)
	for range 2 {
		_, err = s.Judge(signer, nil, time.Now())
		require.NoError(t, err)
		require.Len(t, s.verified.pair, 1)
	}
	_, err = s.Judge(signerOf(t, carried), []*x509.Certificate{carried.certificate}, time.Now())
	require.NoError(t, err)
	require.Len(t, s.verified.pair, 2, "the root signed the carried one; what that signed is not remembered")

	forged := *signer
	forged.Raw = append([]byte(nil), signer.Raw...)
	forged.Raw[len(forged.Raw)-1] ^= 1
	forged.Signature = append([]byte(nil), signer.Signature...)
	forged.Signature[len(forged.Signature)-1] ^= 1
	_, err = s.Judge(&forged, nil, time.Now())
	require.ErrorIs(t, err, ErrUnknownIssuer)

	for i := range maxVerified + 10 {
		s.verified.keep([64]byte{byte(i), byte(i >> 8), byte(i >> 16)})
	}
	require.Len(t, s.verified.pair, maxVerified)
}

// A way through an authority for unqualified certificates is unqualified, also through another
// certificate of its key; a qualified way is preferred.
func TestUnqualified(t *testing.T) {
	t.Parallel()
	root := newIssuer(t, "root", nil)
	unqualified := newIssuer(t, "unqualified", nil)
	cross := certify(t, "unqualified", &unqualified.key.PublicKey, true, root, nil)
	qualified := newIssuer(t, "qualified", root)
	byBoth := certify(t, "qualified", &qualified.key.PublicKey, true, unqualified, nil)
	s, err := New(Authorities{Roots: []*x509.Certificate{root.certificate}, Unqualified: []*x509.Certificate{unqualified.certificate}})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		signer    *x509.Certificate
		carried   []*x509.Certificate
		qualified bool
	}{
		"of the root":              {signerOf(t, root), nil, true},
		"of a carried issuer":      {signerOf(t, qualified), []*x509.Certificate{qualified.certificate}, true},
		"of one of both kinds":     {signerOf(t, qualified), []*x509.Certificate{qualified.certificate, byBoth}, true},
		"of one of either kind":    {signerOf(t, qualified), []*x509.Certificate{byBoth, qualified.certificate}, true},
		"unqualified":              {signerOf(t, unqualified), nil, false},
		"unqualified under a root": {signerOf(t, unqualified), []*x509.Certificate{cross}, false},
	} {
		v, err := s.Judge(c.signer, c.carried, time.Now())
		require.NoError(t, err, name)
		require.Equal(t, c.qualified, v.Qualified, name)
	}
	s, err = New(Authorities{Roots: []*x509.Certificate{root.certificate}, Unqualified: []*x509.Certificate{cross}})
	require.NoError(t, err)
	v, err := s.Judge(signerOf(t, unqualified), []*x509.Certificate{unqualified.certificate}, time.Now())
	require.NoError(t, err)
	require.False(t, v.Qualified)
}

// A list of changes is refused: it would replace the list of all.
func TestListOfChanges(t *testing.T) {
	t.Parallel()
	root := newIssuer(t, "root", nil)
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: big.NewInt(2), ThisUpdate: time.Now(), NextUpdate: time.Now().Add(time.Hour),
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: []byte{2, 1, 1}}},
	}, root.certificate, root.key)
	require.NoError(t, err)
	list, err := x509.ParseRevocationList(der)
	require.NoError(t, err)
	_, err = New(Authorities{Roots: []*x509.Certificate{root.certificate}, Revocations: []*x509.RevocationList{list}})
	require.ErrorContains(t, err, "changes only")
}

// A carried issuer with an enormous RSA key is refused before its key is used.
func TestEnormousKey(t *testing.T) {
	t.Parallel()
	modulus := new(big.Int).Lsh(big.NewInt(1), 1<<20)
	enormous := &x509.Certificate{PublicKeyAlgorithm: x509.RSA, PublicKey: &rsa.PublicKey{N: modulus.Add(modulus, big.NewInt(1)), E: 1<<31 - 1}}
	c := &x509.Certificate{SignatureAlgorithm: x509.SHA256WithRSA, Signature: make([]byte, 1<<17+1)}
	require.ErrorContains(t, verifyCertificate(c, enormous), "bits")
}
