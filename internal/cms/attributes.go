package cms

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
)

// attributeList is a list of attributes of a signer.
type attributeList []attribute

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue `asn1:"set"`
}

func attributes(der []byte) (list attributeList, err error) {
	for len(der) > 0 {
		var one attribute
		if der, err = asn1.Unmarshal(der, &one); err != nil {
			return nil, fmt.Errorf("%w: reading an attribute: %w", ErrNotSignature, err)
		}
		list = append(list, one)
	}
	return list, nil
}

// value returns the first value of an attribute in DER; nil if there is none.
func (l attributeList) value(kind asn1.ObjectIdentifier) []byte {
	for _, a := range l {
		if !a.Type.Equal(kind) {
			continue
		}
		var first asn1.RawValue
		if _, err := asn1.Unmarshal(a.Values.Bytes, &first); err == nil {
			return first.FullBytes
		}
	}
	return nil
}

// read reads the value of an attribute, of which there must be one with one value.
func (l attributeList) read(kind asn1.ObjectIdentifier, into any) error {
	values, count := []byte(nil), 0
	for _, a := range l {
		if a.Type.Equal(kind) {
			values = a.Values.Bytes
			count++
		}
	}
	if count != 1 {
		return fmt.Errorf("%w: %v is there %d times", ErrAttributes, kind, count)
	}
	if err := unmarshal(values, into); err != nil {
		return fmt.Errorf("%w: %v: %w", ErrAttributes, kind, err)
	}
	return nil
}

// certificateID names a certificate by its hash (RFC 5035). The first version has no algorithm: it is
// SHA-1 (RFC 2634).
type certificateID struct {
	Hash         []byte
	IssuerSerial asn1.RawValue `asn1:"optional"`
}

type certificateIDV2 struct {
	Algorithm    pkix.AlgorithmIdentifier `asn1:"optional"`
	Hash         []byte
	IssuerSerial asn1.RawValue `asn1:"optional"`
}

// checkNamed compares the certificate with that which the signed attributes of CAdES name. Plain CMS
// names none.
func (s *Signature) checkNamed(signed attributeList) error {
	if signed.value(oidSigningCertificateV2) != nil {
		var named struct {
			Certificates []certificateIDV2
			Policies     asn1.RawValue `asn1:"optional"`
		}
		if err := signed.read(oidSigningCertificateV2, &named); err != nil {
			return err
		}
		if len(named.Certificates) == 0 {
			return fmt.Errorf("%w: it names no certificate", ErrAttributes)
		}
		algorithm := named.Certificates[0].Algorithm.Algorithm
		newHash, known := hashes[algorithm.String()]
		switch {
		case len(algorithm) == 0:
			newHash, known = sha256.New, true
		case algorithm.String() == s.method.hash:
			newHash, known = s.NewHash, true
		}
		if !known {
			return fmt.Errorf("%w: the hash %v of a certificate", ErrAlgorithm, algorithm)
		}
		h := newHash()
		h.Write(s.Certificate.Raw)
		return sameCertificate(h.Sum(nil), named.Certificates[0].Hash)
	}
	if signed.value(oidSigningCertificate) != nil {
		var named struct {
			Certificates []certificateID
			Policies     asn1.RawValue `asn1:"optional"`
		}
		if err := signed.read(oidSigningCertificate, &named); err != nil {
			return err
		}
		if len(named.Certificates) == 0 {
			return fmt.Errorf("%w: it names no certificate", ErrAttributes)
		}
		sum := sha1.Sum(s.Certificate.Raw) //nolint:gosec // the standard's; the signature covers the attribute
		return sameCertificate(sum[:], named.Certificates[0].Hash)
	}
	return nil
}

func sameCertificate(is, named []byte) error {
	if !bytes.Equal(is, named) {
		return ErrOtherCertificate
	}
	return nil
}
