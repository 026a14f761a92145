package cms

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"hash"
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
			return nil, fmt.Errorf("%w: reading an attribute: %w", ErrDamaged, err)
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

// certificateID names a certificate by its hash (RFC 5035; RFC 2634, which has no algorithm).
type certificateID struct {
	Algorithm    pkix.AlgorithmIdentifier `asn1:"optional"`
	Hash         []byte
	IssuerSerial asn1.RawValue `asn1:"optional"`
}

// checkNamed compares the certificate with that which the signed attributes of CAdES name. Plain CMS
// names none.
func (s *Signature) checkNamed(signed attributeList) error {
	for _, version := range []struct {
		kind    asn1.ObjectIdentifier
		newHash func() hash.Hash // where the attribute names none
	}{{oidSigningCertificateV2, sha256.New}, {oidSigningCertificate, sha1.New}} {
		if signed.value(version.kind) == nil {
			continue
		}
		var named struct {
			Certificates []certificateID
			Policies     asn1.RawValue `asn1:"optional"`
		}
		if err := signed.read(version.kind, &named); err != nil {
			return err
		}
		if len(named.Certificates) == 0 {
			return fmt.Errorf("%w: it names no certificate", ErrAttributes)
		}
		newHash := version.newHash
		if algorithm := named.Certificates[0].Algorithm.Algorithm.String(); algorithm == s.method.hash {
			newHash = s.NewHash
		} else if algorithm != "" {
			var known bool
			if newHash, known = hashes[algorithm]; !known {
				return fmt.Errorf("%w: the hash %s of a certificate", ErrAlgorithm, algorithm)
			}
		}
		h := newHash()
		h.Write(s.Certificate.Raw)
		if !bytes.Equal(h.Sum(nil), named.Certificates[0].Hash) {
			return ErrOtherCertificate
		}
		s.NamesCertificate = true
	}
	return nil
}
