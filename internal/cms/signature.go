package cms

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"hash"
	"time"
)

var (
	// ErrType means that CMS has another type than signed data: it is encrypted, for example.
	ErrType = errors.New("cms: not signed data")
	// ErrAttached means that a signature contains a document, instead of lying beside it.
	ErrAttached = errors.New("cms: the signature contains the document")
	// ErrSigners means that a signature has no signer, or several.
	ErrSigners = errors.New("cms: the signature does not have one signer")
	// ErrNoCertificate means that the certificate of the signer is not in the signature.
	ErrNoCertificate = errors.New("cms: the signer's certificate is missing")
	// ErrAlgorithm means that a signature or its key is of an algorithm that is not accepted, or that
	// the algorithms do not fit each other.
	ErrAlgorithm = errors.New("cms: an algorithm is not accepted")
	// ErrAttributes means that the signed attributes lack the type of the content or its digest, or
	// that they are about other things than a document.
	ErrAttributes = errors.New("cms: the signed attributes are incomplete")
	// ErrOtherCertificate means that the signer named another certificate than that which is in the
	// signature.
	ErrOtherCertificate = errors.New("cms: the signer named another certificate")
	// ErrOtherDocument means that another document was signed.
	ErrOtherDocument = errors.New("cms: another document was signed")
	// ErrForged means that the key of the certificate did not make the signature.
	ErrForged = errors.New("cms: the signature does not match the certificate")
)

// Signature is a detached signature of one signer. Nothing in it is proven before [Signature.Verify].
type Signature struct {
	// Certificate is the signer's.
	Certificate *x509.Certificate
	// Certificates are all that came along, the signer's among them.
	Certificates []*x509.Certificate
	// SigningTime is when the signer says that he signed; zero if he does not.
	SigningTime time.Time
	// TimeStamp is the token of a time stamp (RFC 3161) on the signature in DER, which
	// [Signature.ReadTimeStamp] reads; nil if there is none.
	TimeStamp []byte
	// NamesCertificate means that the signed attributes name the certificate, as CAdES-BES demands.
	NamesCertificate bool

	contentType asn1.ObjectIdentifier
	method      method
	digest      []byte // of the document, as it was signed
	attributes  []byte // as they were signed
	value       []byte
}

var (
	oidSignedData = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidData       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}

	oidContentType          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSigningCertificate   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidTimeStamp            = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 14}
)

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version          int
	DigestAlgorithms asn1.RawValue
	Encapsulated     struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"optional,explicit,tag:0"`
	}
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	CRLs         asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version            int
	Signer             asn1.RawValue
	DigestAlgorithm    pkix.AlgorithmIdentifier
	SignedAttributes   asn1.RawValue `asn1:"optional,tag:0"`
	SignatureAlgorithm pkix.AlgorithmIdentifier
	Signature          []byte
	UnsignedAttributes asn1.RawValue `asn1:"optional,tag:1"`
}

// Read reads a detached signature in DER or BER, or either of them in base64. The errors are those of
// this package, except ErrOtherDocument, ErrForged and ErrTimeStamp.
func Read(signature []byte) (*Signature, error) {
	der, err := DER(signature)
	if err != nil {
		return nil, err
	}
	data, err := readSignedData(der)
	if err != nil {
		return nil, err
	}
	if len(data.Encapsulated.Content.FullBytes) > 0 {
		return nil, ErrAttached
	}
	return newSignature(data, oidData)
}

func readSignedData(der []byte) (data signedData, err error) {
	var info contentInfo
	if rest, err := asn1.Unmarshal(der, &info); err != nil || len(rest) > 0 {
		if begins(der) {
			return data, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return data, fmt.Errorf("%w: %w", ErrNotSignature, err)
	}
	if !info.Type.Equal(oidSignedData) {
		return data, fmt.Errorf("%w: its type is %v", ErrType, info.Type)
	}
	return data, unmarshal(info.Content.Bytes, &data)
}

// newSignature returns the signature of signed data about content of a type.
func newSignature(data signedData, contentType asn1.ObjectIdentifier) (s *Signature, err error) {
	switch {
	case !data.Encapsulated.Type.Equal(contentType):
		return nil, fmt.Errorf("%w: the content is of type %v", ErrAttributes, data.Encapsulated.Type)
	case len(data.Signers) != 1:
		return nil, fmt.Errorf("%w: there are %d", ErrSigners, len(data.Signers))
	}
	s = &Signature{contentType: contentType, value: data.Signers[0].Signature}
	if s.Certificates, err = certificates(data.Certificates.Bytes); err != nil {
		return nil, err
	}
	if err := s.readSigner(data.Signers[0]); err != nil {
		return nil, err
	}
	return s, nil
}

// certificates reads the bag of certificates. Other things in it, such as attribute certificates, are
// skipped.
func certificates(bag []byte) (all []*x509.Certificate, err error) {
	for len(bag) > 0 {
		var one asn1.RawValue
		if bag, err = asn1.Unmarshal(bag, &one); err != nil {
			return nil, fmt.Errorf("%w: reading the certificates: %w", ErrDamaged, err)
		}
		if one.Class != asn1.ClassUniversal || one.Tag != asn1.TagSequence {
			continue
		}
		certificate, err := x509.ParseCertificate(one.FullBytes)
		if err != nil {
			return nil, fmt.Errorf("%w: reading a certificate: %w", ErrDamaged, err)
		}
		all = append(all, certificate)
	}
	return all, nil
}

func (s *Signature) readSigner(info signerInfo) (err error) {
	if s.Certificate, err = s.signerOf(info.Signer); err != nil {
		return err
	}
	if s.method, err = methodOf(s.Certificate, info.DigestAlgorithm.Algorithm, info.SignatureAlgorithm.Algorithm); err != nil {
		return err
	}
	if len(info.SignedAttributes.FullBytes) == 0 {
		return fmt.Errorf("%w: there are none", ErrAttributes)
	}
	// They are signed under the tag of a set (RFC 5652 section 5.4).
	s.attributes = append([]byte{asn1.TagSet | constructed}, info.SignedAttributes.FullBytes[1:]...)
	signed, err := attributes(info.SignedAttributes.Bytes)
	if err != nil {
		return err
	}
	if err := s.readSigned(signed); err != nil {
		return err
	}
	unsigned, err := attributes(info.UnsignedAttributes.Bytes)
	if err != nil {
		return err
	}
	s.TimeStamp = unsigned.value(oidTimeStamp)
	return nil
}

// signerOf returns the certificate that an identifier of a signer names: issuer and number, or the
// identifier of a key.
func (s *Signature) signerOf(identifier asn1.RawValue) (*x509.Certificate, error) {
	var named struct {
		Issuer asn1.RawValue
		Number asn1.RawValue
	}
	byKey := identifier.Class == asn1.ClassContextSpecific && identifier.Tag == 0
	if !byKey {
		if err := unmarshal(identifier.FullBytes, &named); err != nil {
			return nil, err
		}
	}
	for _, c := range s.Certificates {
		if byKey && bytes.Equal(c.SubjectKeyId, identifier.Bytes) {
			return c, nil
		}
		if byKey || !bytes.Equal(c.RawIssuer, named.Issuer.FullBytes) {
			continue
		}
		if number, err := asn1.Marshal(c.SerialNumber); err == nil && bytes.Equal(number, named.Number.FullBytes) {
			return c, nil
		}
	}
	return nil, ErrNoCertificate
}

// readSigned reads the signed attributes.
func (s *Signature) readSigned(signed attributeList) error {
	var contentType asn1.ObjectIdentifier
	if err := signed.read(oidContentType, &contentType); err != nil {
		return err
	}
	if !contentType.Equal(s.contentType) {
		return fmt.Errorf("%w: the content is of type %v", ErrAttributes, contentType)
	}
	if err := signed.read(oidMessageDigest, &s.digest); err != nil {
		return err
	}
	if signed.value(oidSigningTime) != nil {
		if err := signed.read(oidSigningTime, &s.SigningTime); err != nil {
			return err
		}
	}
	return s.checkNamed(signed)
}

// NewHash returns the hash that the document is to be written to; its sum is what [Signature.Verify]
// takes.
func (s *Signature) NewHash() hash.Hash { return s.method.newHash() }

// Hash returns the identifier of the hash of the document, for example 1.2.643.7.1.1.2.2.
func (s *Signature) Hash() string { return s.method.hash }

// Outdated reports whether the key is of GOST R 34.10-2001, which may not sign since 2019.
func (s *Signature) Outdated() bool { return s.method.outdated }

// Verify checks that the key of the certificate signed the document with this digest, which is the sum
// of [Signature.NewHash]. The errors are ErrOtherDocument and ErrForged.
func (s *Signature) Verify(digest []byte) error {
	if !bytes.Equal(digest, s.digest) {
		return ErrOtherDocument
	}
	h := s.NewHash()
	h.Write(s.attributes)
	if err := s.method.verify(h.Sum(nil), s.value); err != nil {
		return fmt.Errorf("%w: %w", ErrForged, err)
	}
	return nil
}

// unmarshal reads a whole value.
func unmarshal(der []byte, into any) error {
	rest, err := asn1.Unmarshal(der, into)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if len(rest) > 0 {
		return fmt.Errorf("%w: %d bytes follow it", ErrDamaged, len(rest))
	}
	return nil
}
