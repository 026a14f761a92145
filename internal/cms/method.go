package cms

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"hash"
	"slices"

	"epkr/internal/gost"
)

// The identifiers of the hashes of GOST R 34.11-2012.
const (
	Streebog256 = "1.2.643.7.1.1.2.2"
	Streebog512 = "1.2.643.7.1.1.2.3"
)

// method is how a key verifies.
type method struct {
	hash     string // its identifier
	newHash  func() hash.Hash
	verify   func(digest, signature []byte) error
	outdated bool
}

// hashes are the accepted hashes by their identifiers.
var hashes = map[string]func() hash.Hash{
	Streebog256:              gost.New256,
	Streebog512:              gost.New512,
	"2.16.840.1.101.3.4.2.1": sha256.New,
	"2.16.840.1.101.3.4.2.2": sha512.New384,
	"2.16.840.1.101.3.4.2.3": sha512.New,
}

// NewHashes returns a hash of each kind by its identifier, for a document that is read before its
// signature. That of the outdated GOST R 34.10-2001 is not among them.
func NewHashes() map[string]hash.Hash {
	all := make(map[string]hash.Hash, len(hashes))
	for name, newHash := range hashes {
		all[name] = newHash()
	}
	return all
}

// rsaHashes are the hashes of RSA signatures.
var rsaHashes = map[string]crypto.Hash{
	"2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// gostMethods are the identifiers that belong to a GOST key: the hash, and the signature, which
// КриптоПро names with the hash and «Госключ» by the algorithm of the key.
var gostMethods = map[gost.Algorithm]struct {
	hash       string
	signatures []string
}{
	gost.GOST2001:     {"1.2.643.2.2.9", []string{"1.2.643.2.2.3", "1.2.643.2.2.19"}},
	gost.GOST2012_256: {Streebog256, []string{"1.2.643.7.1.1.3.2", "1.2.643.7.1.1.1.1"}},
	gost.GOST2012_512: {Streebog512, []string{"1.2.643.7.1.1.3.3", "1.2.643.7.1.1.1.2"}},
}

// maxRSA limits the size in bits of RSA keys: the time of a verification grows with its square.
const maxRSA = 8192

// rsaSignatures are the identifiers of RSA signatures by PKCS #1 v1.5.
var rsaSignatures = []string{
	"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12", "1.2.840.113549.1.1.13",
}

// methodOf returns how the key of a certificate verifies, if the algorithms of the signature are its.
func methodOf(certificate *x509.Certificate, digest, signature asn1.ObjectIdentifier) (method, error) {
	refused := fmt.Errorf("%w: digest %v, signature %v, key %v", ErrAlgorithm, digest, signature, certificate.PublicKeyAlgorithm)
	if key, isRSA := certificate.PublicKey.(*rsa.PublicKey); isRSA {
		h, known := rsaHashes[digest.String()]
		if !known || key.N.BitLen() > maxRSA || !slices.Contains(rsaSignatures, signature.String()) {
			return method{}, refused
		}
		return method{hash: digest.String(), newHash: h.New, verify: func(digest, signature []byte) error {
			return rsa.VerifyPKCS1v15(key, h, digest, signature)
		}}, nil
	}
	key, err := gost.PublicKeyOf(certificate)
	if err != nil {
		return method{}, fmt.Errorf("%w: %w", refused, err)
	}
	of := gostMethods[key.Algorithm()]
	if digest.String() != of.hash || !slices.Contains(of.signatures, signature.String()) {
		return method{}, refused
	}
	return method{hash: of.hash, newHash: key.Hash(), verify: key.Verify, outdated: key.Algorithm() == gost.GOST2001}, nil
}
