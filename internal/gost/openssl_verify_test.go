package gost

import (
	"bytes"
	"crypto/rand"
	"math/big"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSignaturesOfOpenSSLAreVerified(t *testing.T) {
	for _, kind := range keyKinds {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			o := newOpenSSL(t)
			key, stranger := o.generate("own", kind), o.generate("stranger", kind)
			for round := range 3 {
				data := make([]byte, 100)
				rand.Read(data)
				signature := o.sign("own", kind, data)
				h := key.Hash()()
				_, _ = h.Write(data)
				digest := h.Sum(nil)

				require.NoError(t, key.Verify(digest, signature))
				require.ErrorIs(t, stranger.Verify(digest, signature), ErrSignature)
				requireOtherOrdersRefused(t, key, digest, signature)
				requireRangesKept(t, key, digest, signature)
				if round == 0 {
					requireEveryByteMatters(t, key, digest, signature)
				}
			}
		})
	}
}

// requireEveryByteMatters flips a bit in each byte of the digest and of the
// signature.
func requireEveryByteMatters(t *testing.T, key *PublicKey, digest, signature []byte) {
	t.Helper()
	for i := range digest {
		changed := bytes.Clone(digest)
		changed[i] ^= 1 << (i % 8)
		require.ErrorIs(t, key.Verify(changed, signature), ErrSignature, "digest byte %d", i)
	}
	for i := range signature {
		changed := bytes.Clone(signature)
		changed[i] ^= 1 << (i % 8)
		require.ErrorIs(t, key.Verify(digest, changed), ErrSignature, "signature byte %d", i)
	}
}

func requireOtherOrdersRefused(t *testing.T, key *PublicKey, digest, signature []byte) {
	t.Helper()
	half := len(signature) / 2
	swapped := slices.Concat(signature[half:], signature[:half])
	require.ErrorIs(t, key.Verify(digest, swapped), ErrSignature, "r || s")
	reversed := bytes.Clone(signature)
	slices.Reverse(reversed)
	require.ErrorIs(t, key.Verify(digest, reversed), ErrSignature, "raw order of КриптоПро CSP")

	require.ErrorIs(t, key.Verify(digest, nil), ErrSignature)
	require.ErrorIs(t, key.Verify(digest, signature[1:]), ErrSignature)
	require.ErrorIs(t, key.Verify(digest, append(bytes.Clone(signature), 0)), ErrSignature)
	require.Error(t, key.Verify(digest[1:], signature))
	require.Error(t, key.Verify(nil, signature))
}

func requireRangesKept(t *testing.T, key *PublicKey, digest, signature []byte) {
	t.Helper()
	half := len(signature) / 2
	s, r := signature[:half], signature[half:]
	zero := make([]byte, half)
	order := key.set.curve.q.FillBytes(make([]byte, half))
	for name, halves := range map[string][2][]byte{
		"r = 0": {s, zero}, "s = 0": {zero, r}, "both zero": {zero, zero},
		"r = q": {s, order}, "s = q": {order, r},
	} {
		require.ErrorIs(t, key.Verify(digest, slices.Concat(halves[0], halves[1])), ErrSignature, name)
	}
	for name, number := range map[string][]byte{"r": r, "s": s} {
		larger := new(big.Int).Add(new(big.Int).SetBytes(number), key.set.curve.q)
		if larger.BitLen() > 8*half {
			continue // does not fit into the signature
		}
		bytes := larger.FillBytes(make([]byte, half))
		changed := slices.Concat(s, bytes)
		if name == "s" {
			changed = slices.Concat(bytes, r)
		}
		require.ErrorIs(t, key.Verify(digest, changed), ErrSignature, "%s + q", name)
	}
}

func TestCertificatesOfOpenSSLAreVerified(t *testing.T) {
	for _, kind := range keyKinds {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			o := newOpenSSL(t)
			o.generate("root", kind)
			o.generate("other", kind)
			o.generate("leaf", kind)
			root, other := o.selfSigned("root", kind), o.selfSigned("other", kind)
			leaf := o.issued("leaf", "root", kind)

			require.NoError(t, VerifyCertificate(root, root))
			require.NoError(t, VerifyCertificate(other, other))
			require.NoError(t, VerifyCertificate(leaf, root))
			require.ErrorIs(t, VerifyCertificate(leaf, other), ErrSignature)
			require.ErrorIs(t, VerifyCertificate(leaf, leaf), ErrSignature)
			require.ErrorIs(t, VerifyCertificate(root, leaf), ErrSignature)

			forged := *leaf
			forged.Raw = bytes.Clone(leaf.Raw)
			at := bytes.Index(forged.Raw, []byte("leaf"))
			forged.Raw[at] = 'L'
			require.ErrorIs(t, VerifyCertificate(&forged, root), ErrSignature)
			forged.Raw = append(bytes.Clone(leaf.Raw), 0)
			require.Error(t, VerifyCertificate(&forged, root))
		})
	}
}

func TestCertificateOfAnotherAlgorithmIsUnsupported(t *testing.T) {
	o := newOpenSSL(t)
	short, long := keyKind{GOST2012_256, "A", "CryptoPro-A"}, keyKind{GOST2012_512, "A", "TC26-512-A"}
	o.generate("short", short)
	o.generate("long", long)
	shortCert, longCert := o.selfSigned("short", short), o.selfSigned("long", long)
	o.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "rsa.key", "-subj", "/CN=rsa", "-out", "rsa.crt")
	rsaCert := o.certificate("rsa")

	require.ErrorIs(t, VerifyCertificate(shortCert, longCert), ErrUnsupported)
	require.ErrorIs(t, VerifyCertificate(longCert, shortCert), ErrUnsupported)
	require.ErrorIs(t, VerifyCertificate(rsaCert, rsaCert), ErrUnsupported)
	require.ErrorIs(t, VerifyCertificate(rsaCert, shortCert), ErrUnsupported)
	require.ErrorIs(t, VerifyCertificate(shortCert, rsaCert), ErrUnsupported)
	_, err := PublicKeyOf(rsaCert)
	require.ErrorIs(t, err, ErrUnsupported)
}

func TestCertificateHashIsOfDER(t *testing.T) {
	o := newOpenSSL(t)
	kind := keyKind{GOST2012_256, "A", "CryptoPro-A"}
	o.generate("own", kind)
	cert := o.selfSigned("own", kind)
	o.write("own.der", cert.Raw)
	require.Equal(t, o.run("dgst", "-md_gost12_256", "-binary", "own.der"), CertificateHash(cert.Raw))
}

func TestJWSAcceptsTheOrderOfESIAOnly(t *testing.T) {
	o := newOpenSSL(t)
	kind := keyKind{GOST2012_256, "A", "CryptoPro-A"}
	key, stranger := o.generate("esia", kind), o.generate("stranger", kind)
	long := o.generate("long", keyKind{GOST2012_512, "A", "TC26-512-A"})
	const signingInput = "eyJ2ZXIiOjEsInR5cCI6IkpXVCIsImFsZyI6IkdPU1QzNDEwXzIwMTJfMjU2In0.eyJ1cm46ZXNpYTpzYmpfaWQiOjF9"
	signature := o.sign("esia", kind, []byte(signingInput))
	require.Len(t, signature, 64)

	require.NoError(t, VerifyJWS(key, signingInput, signature))
	require.ErrorIs(t, VerifyJWS(stranger, signingInput, signature), ErrSignature)
	require.ErrorIs(t, VerifyJWS(key, signingInput+" ", signature), ErrSignature)
	require.ErrorIs(t, VerifyJWS(key, signingInput, nil), ErrSignature)
	require.ErrorIs(t, VerifyJWS(long, signingInput, signature), ErrUnsupported)

	require.ErrorIs(t, VerifyJWS(key, signingInput, slices.Concat(signature[32:], signature[:32])), ErrSignature, "r || s")
	reversed := bytes.Clone(signature)
	slices.Reverse(reversed)
	require.ErrorIs(t, VerifyJWS(key, signingInput, reversed), ErrSignature, "reversed")
}
