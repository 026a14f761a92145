package gost

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
)

// signed is a certificate or a revocation list: what is signed, and the signature.
type signed struct {
	Content   asn1.RawValue
	Algorithm pkix.AlgorithmIdentifier
	Signature asn1.BitString
}

// VerifyCertificate checks that the issuer's GOST key signed the certificate: signatures
// 1.2.643.7.1.1.3.2 and 1.2.643.7.1.1.3.3 (RFC 9215 section 2) and 1.2.643.2.2.3 (RFC 4491 section
// 2.2.2). It returns nil if the signature is valid, ErrUnsupported if either certificate is of
// another kind or the signature does not match the kind of the issuer's key, and otherwise
// ErrMalformedKey or ErrSignature. It does not check names, dates, key usage and revocation.
func VerifyCertificate(cert, issuer *x509.Certificate) error {
	if err := verifySigned(cert.Raw, issuer); err != nil {
		return fmt.Errorf("verifying a certificate: %w", err)
	}
	return nil
}

// VerifyRevocationList checks that the issuer's GOST key signed the list. The errors are those of
// [VerifyCertificate].
func VerifyRevocationList(list *x509.RevocationList, issuer *x509.Certificate) error {
	if err := verifySigned(list.Raw, issuer); err != nil {
		return fmt.Errorf("verifying a revocation list: %w", err)
	}
	return nil
}

func verifySigned(der []byte, issuer *x509.Certificate) error {
	var s signed
	if err := unmarshalAll(der, &s); err != nil {
		return fmt.Errorf("gost: reading what is signed: %w", err)
	}
	key, err := PublicKeyOf(issuer)
	if err != nil {
		return fmt.Errorf("reading the issuer's key: %w", err)
	}
	if !algorithms[key.algorithm].withDigest.Equal(s.Algorithm.Algorithm) {
		return fmt.Errorf("%w: signature %v by a key of %v", ErrUnsupported, s.Algorithm.Algorithm, key.algorithm)
	}
	if s.Signature.BitLength%8 != 0 {
		return fmt.Errorf("%w: %d bits are not whole bytes", ErrSignature, s.Signature.BitLength)
	}
	h := key.Hash()()
	h.Write(s.Content.FullBytes)
	return key.Verify(h.Sum(nil), s.Signature.Bytes)
}

// CertificateHash returns the Streebog-256 hash of a certificate in DER: 32 bytes. ЕСИА expects it
// as client_certificate_hash, and refuses the hash of the PEM text with ESIA-007053.
func CertificateHash(der []byte) []byte {
	sum := Sum256(der)
	return sum[:]
}
