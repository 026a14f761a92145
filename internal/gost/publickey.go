package gost

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"
	"math/big"
	"reflect"
	"slices"
)

// Algorithm is the signature algorithm of a public key.
type Algorithm int

// The algorithms of signature keys. GOST2001 keys occur only in certificates issued before 2019.
const (
	GOST2001     Algorithm = iota + 1 // GOST R 34.10-2001, 1.2.643.2.2.19
	GOST2012_256                      // GOST R 34.10-2012 of 256 bits, 1.2.643.7.1.1.1.1
	GOST2012_512                      // GOST R 34.10-2012 of 512 bits, 1.2.643.7.1.1.1.2
)

// algorithmTraits are the properties of an algorithm.
type algorithmTraits struct {
	name         string
	key          asn1.ObjectIdentifier // of the key in SubjectPublicKeyInfo
	digest       asn1.ObjectIdentifier // of the hash, as the key's parameters name it
	withDigest   asn1.ObjectIdentifier // of the signature in a certificate
	size         int                   // of the digest, r, s and a coordinate, in bytes
	hash         func() hash.Hash
	digestNeeded bool // the parameters must name the hash
}

var algorithms = map[Algorithm]algorithmTraits{
	GOST2001: {
		name:       "GOST R 34.10-2001",
		key:        asn1.ObjectIdentifier{1, 2, 643, 2, 2, 19},
		digest:     asn1.ObjectIdentifier{1, 2, 643, 2, 2, 30, 1},
		withDigest: asn1.ObjectIdentifier{1, 2, 643, 2, 2, 3},
		size:       size256, hash: new94, digestNeeded: true,
	},
	GOST2012_256: {
		name:       "GOST R 34.10-2012 (256)",
		key:        asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 1},
		digest:     asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 2},
		withDigest: asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 3, 2},
		size:       size256, hash: New256,
	},
	GOST2012_512: {
		name:       "GOST R 34.10-2012 (512)",
		key:        asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 2},
		digest:     asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 2, 3},
		withDigest: asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 3, 3},
		size:       size512, hash: New512,
	},
}

// String returns the name of the standard.
func (a Algorithm) String() string { return algorithms[a].name }

func (a Algorithm) size() int { return algorithms[a].size }

// PublicKey is a point of a known curve. Only ParsePublicKey and PublicKeyOf create one, so every
// PublicKey has been checked. It is safe for concurrent use.
type PublicKey struct {
	algorithm Algorithm
	set       parameterSet
	point     *point
}

// Algorithm returns the standard of the key.
func (k *PublicKey) Algorithm() Algorithm { return k.algorithm }

// ParameterSet returns the short name of the key's curve, for example CryptoPro-A, TC26-256-B or
// TC26-512-A.
func (k *PublicKey) ParameterSet() string { return k.set.name }

// Hash returns the constructor of the hash that the key signs: Streebog-256 or Streebog-512, or
// GOST R 34.11-94 with the CryptoPro substitution for a key of GOST R 34.10-2001.
func (k *PublicKey) Hash() func() hash.Hash { return algorithms[k.algorithm].hash }

// PublicKeyOf reads the GOST public key of a certificate; the errors are those
// of ParsePublicKey.
func PublicKeyOf(cert *x509.Certificate) (*PublicKey, error) {
	return ParsePublicKey(cert.RawSubjectPublicKeyInfo)
}

type subjectPublicKeyInfo struct {
	Algorithm pkix.AlgorithmIdentifier
	Key       asn1.BitString
}

// keyParameters is GostR3410-2001-PublicKeyParameters of RFC 4491 section 2.3.2
// and GostR3410-2012-PublicKeyParameters of RFC 9215 section 4.
type keyParameters struct {
	Curve  asn1.ObjectIdentifier
	Digest asn1.ObjectIdentifier `asn1:"optional"`
	Cipher asn1.ObjectIdentifier `asn1:"optional"`
}

// ParsePublicKey reads a SubjectPublicKeyInfo in DER (RFC 4491 section 2.3,
// RFC 9215 section 4) and checks that the point lies on the curve and in the
// group of the base point. The errors are ErrUnsupported for another algorithm,
// an unknown parameter set or a hash that the algorithm is not used with, and
// ErrMalformedKey for everything else.
func ParsePublicKey(spkiDER []byte) (*PublicKey, error) {
	var info subjectPublicKeyInfo
	if err := unmarshalAll(spkiDER, &info); err != nil {
		return nil, fmt.Errorf("%w: reading SubjectPublicKeyInfo: %w", ErrMalformedKey, err)
	}
	algorithm, ok := algorithmOfKey(info.Algorithm.Algorithm)
	if !ok {
		return nil, fmt.Errorf("%w: public key %v", ErrUnsupported, info.Algorithm.Algorithm)
	}
	set, err := parseParameters(algorithm, info.Algorithm.Parameters.FullBytes)
	if err != nil {
		return nil, err
	}
	p, err := parsePoint(set, info.Key)
	if err != nil {
		return nil, err
	}
	return &PublicKey{algorithm, set, p}, nil
}

func algorithmOfKey(oid asn1.ObjectIdentifier) (Algorithm, bool) {
	for algorithm, traits := range algorithms {
		if traits.key.Equal(oid) {
			return algorithm, true
		}
	}
	return 0, false
}

func parseParameters(algorithm Algorithm, der []byte) (parameterSet, error) {
	var parameters keyParameters
	if err := unmarshalAll(der, &parameters); err != nil {
		return parameterSet{}, fmt.Errorf("%w: reading its parameters: %w", ErrMalformedKey, err)
	}
	set, ok := findParameterSet(algorithm, parameters.Curve)
	if !ok {
		return parameterSet{}, fmt.Errorf("%w: parameter set %v of %v", ErrUnsupported, parameters.Curve, algorithm)
	}
	traits := algorithms[algorithm]
	omitted := len(parameters.Digest) == 0 && !traits.digestNeeded
	if !omitted && !parameters.Digest.Equal(traits.digest) {
		return parameterSet{}, fmt.Errorf("%w: hash %v with %v", ErrUnsupported, parameters.Digest, algorithm)
	}
	return set, nil
}

// parsePoint reads x || y, both little-endian, from the OCTET STRING inside the BIT STRING.
func parsePoint(set parameterSet, key asn1.BitString) (*point, error) {
	var raw []byte
	if key.BitLength%8 != 0 {
		return nil, fmt.Errorf("%w: %d bits are not whole bytes", ErrMalformedKey, key.BitLength)
	}
	if err := unmarshalAll(key.Bytes, &raw); err != nil {
		return nil, fmt.Errorf("%w: reading the point: %w", ErrMalformedKey, err)
	}
	if len(raw) != 2*set.size {
		return nil, fmt.Errorf("%w: %d bytes instead of %d", ErrMalformedKey, len(raw), 2*set.size)
	}
	x, y := littleEndian(raw[:set.size]), littleEndian(raw[set.size:])
	if !set.curve.contains(x, y) {
		return nil, fmt.Errorf("%w: the point is not on the curve %s", ErrMalformedKey, set.name)
	}
	p := affine(x, y)
	if !set.curve.inSubgroup(p) {
		return nil, fmt.Errorf("%w: the point is not in the group of %s", ErrMalformedKey, set.name)
	}
	return p, nil
}

func littleEndian(b []byte) *big.Int {
	reversed := slices.Clone(b)
	slices.Reverse(reversed)
	return new(big.Int).SetBytes(reversed)
}

// unmarshalAll is asn1.Unmarshal that also refuses bytes after the value and any other deviation
// from DER: asn1 ignores extra members at the end of a SEQUENCE.
func unmarshalAll(der []byte, value any) error {
	rest, err := asn1.Unmarshal(der, value)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return fmt.Errorf("%d bytes follow the value", len(rest))
	}
	again, err := asn1.Marshal(reflect.ValueOf(value).Elem().Interface())
	if err != nil {
		return err
	}
	if !bytes.Equal(again, der) {
		return errors.New("the value has surplus members or is no DER")
	}
	return nil
}
