package signature_test

import (
	"bytes"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"

	"epkr/internal/cms"
	"epkr/internal/signature"
	"epkr/internal/testenv/openssl"
	"epkr/internal/testenv/pki"
)

type refusals = []signature.Code

// ofParameterSets are signatures by keys of every kind, as of «Госключ» and as of КриптоПро.
func (k *kit) ofParameterSets(t *testing.T) (all []agreement) {
	for _, key := range pki.Keys {
		var warned refusals
		if key.Algorithm == "gost2001" {
			warned = refusals{signature.KeyOutdated}
		}
		all = append(all,
			agreement{name: setName(key) + ", plain", signature: k.sign(t, setName(key), contract), warned: warned},
			agreement{name: setName(key) + ", CAdES-BES", signature: k.sign(t, setName(key), contract, "-cades"), warned: warned})
	}
	return all
}

// ofTampering are signatures of other documents, and changed ones.
func (k *kit) ofTampering(t *testing.T) (all []agreement) {
	for _, key := range []pki.Key{pki.Keys[0], pki.Keys[7], pki.Keys[10]} {
		name := setName(key)
		good := k.sign(t, name, contract, "-cades")
		s, err := cms.Read(good)
		require.NoError(t, err)
		attribute, value := bytes.Clone(good), bytes.Clone(good)
		at := bytes.LastIndex(good, []byte(s.SigningTime.Format("060102")))
		require.Positive(t, at)
		attribute[at+1] ^= 1        // the year of the signing time
		value[len(value)-7] ^= 1    // the value comes last
		digest := bytes.Clone(good) // the digest of the document
		at = bytes.Index(digest, []byte{0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 4})
		require.Positive(t, at)
		digest[at+20] ^= 1
		all = append(all,
			agreement{name: name + ", changed document", signature: good, document: changed, refused: refusals{signature.OtherDocument}},
			agreement{name: name + ", changed signing time", signature: attribute, refused: refusals{signature.Forged}},
			agreement{name: name + ", changed value", signature: value, refused: refusals{signature.Forged}},
			agreement{name: name + ", changed digest", signature: digest, refused: refusals{signature.OtherDocument}})
	}
	base := []byte(base64.StdEncoding.EncodeToString(contract))
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Bytes(base)
	require.NoError(t, err)
	return append(all,
		agreement{name: "empty document in place of the contract", signature: k.sign(t, "engineer", nil), refused: refusals{signature.OtherDocument}},
		agreement{name: "base64 signed", signature: k.sign(t, "engineer", base), refused: refusals{signature.Base64Signed}},
		agreement{name: "base64 in UTF-16 signed", signature: k.sign(t, "engineer", wide), refused: refusals{signature.Base64Signed}},
		agreement{name: "another certificate of the engineer put in", signature: k.replaced(t), refused: refusals{signature.OtherCertificate}},
	)
}

// replaced is a signature of CAdES that names another certificate of the same key than that in it.
func (k *kit) replaced(t *testing.T) []byte {
	t.Helper()
	k.Must(t, "req", "-x509", "-new", "-key", "engineer.key", "-subj", "/CN=one", "-set_serial", "7", "-days", "30", "-md_gost12_256", "-out", "one.crt")
	k.Must(t, "req", "-x509", "-new", "-key", "engineer.key", "-subj", "/CN=one", "-set_serial", "7", "-days", "300", "-md_gost12_256", "-out", "two.crt")
	return k.Must(t, "cms", "-sign", "-binary", "-in", save(t, contract), "-outform", "DER", "-md", "md_gost12_256",
		"-signer", "one.crt", "-inkey", "engineer.key", "-nocerts", "-certfile", "two.crt", "-cades")
}

// ofEncodings is one signature in every form in which people send it.
func (k *kit) ofEncodings(t *testing.T) []agreement {
	der := k.sign(t, "engineer", contract, "-cades")
	text := []byte(base64.StdEncoding.EncodeToString(der))
	var lines []byte
	for chunk := text; len(chunk) > 0; chunk = chunk[min(64, len(chunk)):] {
		lines = append(append(lines, chunk[:min(64, len(chunk))]...), "\r\n"...)
	}
	armour := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	return []agreement{
		{name: "DER", signature: der},
		{name: "BER", signature: openssl.ToBER(der)},
		{name: "BER, plain", signature: openssl.ToBER(k.sign(t, "engineer", contract))},
		{name: "BEGIN CMS", signature: armour("CMS", der)},
		{name: "BEGIN PKCS7", signature: armour("PKCS7", der)},
		{name: "BEGIN, BER", signature: armour("CMS", openssl.ToBER(der))},
		{name: "base64 in one line", signature: text},
		{name: "base64 in lines", signature: lines},
		{name: "base64 with a byte order mark", signature: append([]byte("\xef\xbb\xbf"), lines...)},
		{name: "base64 of BER", signature: []byte(base64.StdEncoding.EncodeToString(openssl.ToBER(der)))},
		{name: "base64, another document", signature: text, document: changed, refused: refusals{signature.OtherDocument}},
		{name: "BER, another document", signature: openssl.ToBER(der), document: changed, refused: refusals{signature.OtherDocument}},
	}
}

// ofForms are things that are no detached signature of one signer.
func (k *kit) ofForms(t *testing.T) []agreement {
	der := k.sign(t, "engineer", contract)
	file := save(t, contract)
	cmsOf := func(args ...string) []byte {
		return k.Must(t, append([]string{"cms", "-binary", "-in", file, "-outform", "DER"}, args...)...)
	}
	rsa := func(options ...string) []byte { return k.sign(t, "rsa", contract, options...) }
	return []agreement{
		{name: "nothing", signature: nil, refused: refusals{signature.NotSignature}},
		{name: "text", signature: []byte("подпись"), refused: refusals{signature.NotSignature}},
		{name: "the document", signature: contract, refused: refusals{signature.NotSignature}},
		{name: "a PDF", signature: []byte("%PDF-1.7\n"), refused: refusals{signature.NotSignature}},
		{name: "a certificate", signature: k.certificate(t, "engineer").Raw, refused: refusals{signature.NotSignature}},
		{name: "a certificate, PEM", signature: k.Read(t, "engineer.crt"), refused: refusals{signature.NotSignature}},
		{name: "cut off", signature: der[:len(der)-1], refused: refusals{signature.Damaged}},
		{name: "half", signature: der[:len(der)/2], refused: refusals{signature.Damaged}},
		{name: "with more bytes", signature: append(bytes.Clone(der), 0), refused: refusals{signature.Damaged}, differs: noForm},
		{name: "too large", signature: append(bytes.Clone(der), make([]byte, cms.MaxSize)...), refused: refusals{signature.TooLarge}, differs: noForm},
		{name: "encrypted", signature: cmsOf("-encrypt", "-aes256", k.Path("rsa.crt")), refused: refusals{signature.OtherCMS}},
		{name: "a digest", signature: cmsOf("-digest_create"), refused: refusals{signature.OtherCMS}},
		{name: "data", signature: cmsOf("-data_create"), refused: refusals{signature.OtherCMS}},
		{name: "attached", signature: k.sign(t, "engineer", contract, "-nodetach"), refused: refusals{signature.Attached}, differs: noForm},
		{name: "attached, another document", signature: k.sign(t, "engineer", changed, "-nodetach"), refused: refusals{signature.Attached}},
		{name: "two signers", signature: k.sign(t, "engineer", contract, "-signer", "stranger.crt", "-inkey", "stranger.key"), refused: refusals{signature.Signers}, differs: noForm},
		{name: "no certificate", signature: k.sign(t, "engineer", contract, "-nocerts"), refused: refusals{signature.NoCertificate}},
		{name: "no attributes", signature: k.sign(t, "engineer", contract, "-noattr"), refused: refusals{signature.Incomplete}, differs: noForm},
		{name: "content of another type", signature: k.sign(t, "engineer", contract, "-econtent_type", "1.2.840.113549.1.9.16.1.4"), refused: refusals{signature.Incomplete}, differs: noForm},
		{name: "named by key", signature: k.sign(t, "engineer", contract, "-keyid")},
		{name: "RSA", signature: rsa(), store: withRSA},
		{name: "RSA, CAdES-BES", signature: rsa("-cades"), store: withRSA},
		{name: "RSA, another document", signature: rsa(), store: withRSA, document: changed, refused: refusals{signature.OtherDocument}},
		{name: "RSA without an RSA root", signature: rsa(), refused: refusals{signature.UnknownIssuer}},
		{name: "RSA under a GOST root", signature: k.sign(t, "rsa-under-gost", contract), refused: refusals{signature.RSANotAllowed}, differs: noClasses},
		{name: "RSA-PSS", signature: rsa("-keyopt", "rsa_padding_mode:pss"), store: withRSA, refused: refusals{signature.UnknownAlgorithm}, differs: noAlgorithm},
		{name: "RSA, SHA-1", signature: cmsOf("-sign", "-md", "sha1", "-signer", k.Path("rsa.crt"), "-inkey", k.Path("rsa.key")), store: withRSA, refused: refusals{signature.UnknownAlgorithm}, differs: noAlgorithm},
	}
}

// The signatures of «Госключ» are plain CMS with three signed attributes and one certificate, whose
// algorithm is named by that of the key.
func TestGoskey(t *testing.T) {
	t.Parallel()
	k := theKit(t)
	plain := k.sign(t, "without-inn", contract, "-nosmimecap")
	for name, oid := range map[string]asn1.ObjectIdentifier{
		"«Госключ»": {1, 2, 643, 7, 1, 1, 1, 1}, "КриптоПро": {1, 2, 643, 7, 1, 1, 3, 2},
	} {
		s, err := pki.WithAlgorithm(plain, oid)
		require.NoError(t, err)
		oidDER, err := asn1.Marshal(oid)
		require.NoError(t, err)
		require.Contains(t, string(s[len(s)-100:]), string(oidDER))
		require.Equal(t, 3, bytes.Count(s, []byte{0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9}), "attributes")
		r := k.judge(t, agreement{name: name, signature: s})
		require.Equal(t, signature.PlainCMS, r.Form)
		require.Len(t, r.Chain, 3, "the issuers are from the store")
		require.Equal(t, &signature.Signer{Name: "Межевой Пётр Ильич", SNILS: engineer.SNILS}, r.Signer)
		require.Equal(t, &signature.Algorithm{Name: "ГОСТ Р 34.10-2012, 256 бит", ParameterSet: "CryptoPro-A"}, r.Algorithm)
		require.Equal(t, signature.ByAcceptance, r.Moment.Source)
		require.WithinDuration(t, k.made, r.Moment.SigningTime, time.Hour)
		require.True(t, r.RevocationChecked)
		require.Len(t, r.RevocationLists, 2)
		require.Equal(t, "42", r.RevocationLists[0].Number)
	}
	foreign, err := pki.WithAlgorithm(plain, asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 3, 3})
	require.NoError(t, err)
	k.judge(t, agreement{signature: foreign, refused: refusals{signature.UnknownAlgorithm}, differs: noForm})
}
