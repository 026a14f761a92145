package cms_test

import (
	"bytes"
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/cms"
	"epkr/internal/testenv/cost"
	"epkr/internal/testenv/openssl"
)

// verify reads a signature and verifies it for a document.
func verify(signature, of []byte) error {
	s, err := cms.Read(signature)
	if err != nil {
		return err
	}
	h := s.NewHash()
	h.Write(of)
	return s.Verify(h.Sum(nil))
}

// Signatures of every kind of key, plain as of «Госключ» and CAdES as of КриптоПро, are accepted as
// OpenSSL accepts them; for another document, with another value or with other attributes neither
// accepts them.
func TestAgreesWithOpenSSL(t *testing.T) {
	t.Parallel()
	for _, k := range keys {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			o := signer(t, k)
			for name, options := range map[string][]string{"plain": nil, "CAdES": {"-cades"}, "by key": {"-keyid"}} {
				signature := o.sign(t, k, options...)
				require.True(t, o.accepts(t, signature, document), name)
				require.NoError(t, verify(signature, document), name)
				s, err := cms.Read(signature)
				require.NoError(t, err)
				require.Equal(t, "Подписант "+k.name, s.Certificate.Subject.CommonName)
				require.Equal(t, name == "CAdES", s.NamesCertificate)
				require.WithinDuration(t, time.Now(), s.SigningTime, time.Hour)
				require.Equal(t, k.algorithm == "gost2001", s.Outdated())

				other := append(bytes.Clone(document), ' ')
				require.False(t, o.accepts(t, signature, other), name)
				require.ErrorIs(t, verify(signature, other), cms.ErrOtherDocument, name)

				value := bytes.Clone(signature)
				value[len(value)-7] ^= 1 // in the value, which comes last
				require.False(t, o.accepts(t, value, document), name)
				require.ErrorIs(t, verify(value, document), cms.ErrForged, name)

				// The year of the signing time.
				at := bytes.LastIndex(signature, []byte(s.SigningTime.Format("060102")))
				require.Positive(t, at)
				attributes := bytes.Clone(signature)
				attributes[at+1] ^= 1
				require.False(t, o.accepts(t, attributes, document), name)
				require.ErrorIs(t, verify(attributes, document), cms.ErrForged, name)
			}
		})
	}
}

// A signature is read in every form in which people send it.
func TestReadsEveryEncoding(t *testing.T) {
	t.Parallel()
	o := signer(t, keys[0])
	der := o.sign(t, keys[0], "-cades")
	oneLine := base64.StdEncoding.EncodeToString(der)
	wrapped := bytes.Join(chunks([]byte(oneLine), 76), []byte("\r\n"))
	for name, signature := range map[string][]byte{
		"DER": der, "BER": openssl.ToBER(der), "PEM": toPEM(der), "base64": []byte(oneLine), "base64 in lines": wrapped,
		"base64 with a byte order mark": append([]byte("\xef\xbb\xbf"), wrapped...), "BER in base64": toPEM(openssl.ToBER(der)),
	} {
		require.NoError(t, verify(signature, document), name)
		require.ErrorIs(t, verify(signature, nil), cms.ErrOtherDocument, name)
	}
	plain := openssl.ToBER(o.sign(t, keys[0]))
	require.NoError(t, verify(plain, document))
	require.True(t, o.accepts(t, plain, document), "the BER of the test is BER")
}

func chunks(data []byte, size int) (all [][]byte) {
	for len(data) > size {
		all, data = append(all, data[:size]), data[size:]
	}
	return append(all, data)
}

// What is not one detached signature with its certificate is refused by the name of its fault.
func TestNamesTheFault(t *testing.T) {
	t.Parallel()
	a, b, r := keys[0], keys[1], keys[12]
	o := signer(t, a, b, r)
	der := o.sign(t, a)
	cut := der[:len(der)-1]
	longer := append(bytes.Clone(der), 0)
	foreign := o.Must(t, "cms", "-encrypt", "-binary", "-aes256", "-in", "document", "-outform", "DER", r.name+".crt")
	for name, c := range map[string]struct {
		signature []byte
		err       error
	}{
		"nothing":               {nil, cms.ErrNotSignature},
		"text":                  {[]byte("подпись"), cms.ErrNotSignature},
		"a certificate":         {o.Read(t, a.name+".crt"), cms.ErrNotSignature},
		"the document":          {document, cms.ErrNotSignature},
		"cut off":               {cut, cms.ErrDamaged},
		"PEM, cut off":          {toPEM(der)[:500], cms.ErrDamaged},
		"base64, cut off":       {[]byte(base64.StdEncoding.EncodeToString(der))[:501], cms.ErrDamaged},
		"with more bytes":       {longer, cms.ErrDamaged},
		"an encrypted document": {foreign, cms.ErrType},
		"attached":              {o.sign(t, a, "-nodetach"), cms.ErrAttached},
		"two signers":           {o.sign(t, a, "-signer", b.name+".crt", "-inkey", b.name+".key"), cms.ErrSigners},
		"no certificate":        {o.sign(t, a, "-nocerts"), cms.ErrNoCertificate},
		"no attributes":         {o.sign(t, a, "-noattr"), cms.ErrAttributes},
		"another type":          {o.sign(t, a, "-econtent_type", "1.2.840.113549.1.9.16.1.4"), cms.ErrAttributes},
		"a weak hash":           {o.sign(t, key{name: r.name, digest: "sha1"}), cms.ErrAlgorithm},
		"too large":             {bytes.Repeat([]byte{0x30}, cms.MaxSize+1), cms.ErrTooLarge},
	} {
		_, err := cms.Read(c.signature)
		require.ErrorIs(t, err, c.err, name)
	}
}

// CAdES names the certificate: another one of the same key, issuer and number does not take its place.
func TestCertificateCannotBeReplaced(t *testing.T) {
	t.Parallel()
	k := keys[0]
	o := signer(t, k)
	for name, days := range map[string]string{"one": "30", "other": "3000"} {
		o.Must(t, "req", "-x509", "-new", "-key", k.name+".key", "-"+k.digest, "-subj", "/CN=signer", "-set_serial", "7", "-days", days, "-out", name+".crt")
	}
	for _, version := range []string{"-cades", ""} {
		options := []string{
			"cms", "-sign", "-binary", "-in", "document", "-outform", "DER", "-md", k.digest, "-signer", "one.crt", "-inkey", k.name + ".key",
			"-nocerts", "-certfile", "other.crt",
		}
		if version == "" { // plain CMS does not say which
			require.NoError(t, verify(o.Must(t, options...), document))
			continue
		}
		signature := o.Must(t, append(options, version)...)
		require.ErrorIs(t, verify(signature, document), cms.ErrOtherCertificate)
		require.False(t, o.accepts(t, signature, document, version))
	}
}

// Nested and endless encodings are refused, with memory of a small multiple of their size.
func TestHostileEncodingsAreCheap(t *testing.T) {
	for name, bomb := range map[string][]byte{
		"nested, definite":   nested(1<<20, false),
		"nested, indefinite": nested(5<<20, true),
		"many elements":      append([]byte{0x30, 0x80}, bytes.Repeat([]byte{5, 0}, 1<<20)...),
		"many strings":       append([]byte{0x24, 0x80}, bytes.Repeat([]byte{4, 0}, 1<<20)...),
		"a long length":      {0x30, 0x88, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
		"a longer length":    {0x30, 0xff, 1, 2, 3},
		"a long tag":         {0x30, 0x06, 0x1f, 0x81, 0x82, 0x83, 0x84, 0x05},
	} {
		var err error
		spent := cost.Of(func() { _, err = cms.Read(bomb) })
		require.Error(t, err, name)
		require.Less(t, spent.Allocated, uint64(16<<20), name)
	}
}

// nested returns a sequence in a sequence in a sequence, as deep as the size allows.
func nested(size int, indefinite bool) []byte {
	if indefinite {
		return bytes.Repeat([]byte{0x30, 0x80}, size/2)
	}
	whole := make([]byte, 0, size)
	for left := size; left > 6; left -= 6 {
		n := left - 6
		whole = append(whole, 0x30, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	return whole
}
