package cms

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrTimeStamp means that the time stamp of a signature is damaged, of another signature, or not made
// by a certificate for time stamps.
var ErrTimeStamp = errors.New("cms: the time stamp does not prove the time of the signature")

var (
	oidTSTInfo          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidExtendedKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
)

// TimeStamp is a token of RFC 3161 that proves that a signature existed at a time, if its certificate
// is trusted, which the caller decides.
type TimeStamp struct {
	// Time is when the signature existed, in UTC.
	Time time.Time
	// Certificate is that of the authority.
	Certificate *x509.Certificate
	// Certificates are all that came along.
	Certificates []*x509.Certificate
}

// tstInfo is the beginning of TSTInfo (RFC 3161 section 2.4.2).
type tstInfo struct {
	Version int
	Policy  asn1.ObjectIdentifier
	Imprint struct {
		Algorithm struct{ Algorithm asn1.ObjectIdentifier }
		Digest    []byte
	}
	Number asn1.RawValue
	Time   time.Time `asn1:"generalized"`
}

// ReadTimeStamp reads the time stamp of a signature, and checks that it was made for it by the key of
// its certificate. It returns nil if there is none. The error is ErrTimeStamp.
func (s *Signature) ReadTimeStamp() (*TimeStamp, error) {
	if s.TimeStamp == nil {
		return nil, nil
	}
	stamp, err := s.readTimeStamp()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrTimeStamp, err)
	}
	return stamp, nil
}

func (s *Signature) readTimeStamp() (*TimeStamp, error) {
	data, err := readSignedData(s.TimeStamp)
	if err != nil {
		return nil, err
	}
	token, err := newSignature(data, oidTSTInfo)
	if err != nil {
		return nil, err
	}
	var content []byte
	if err := unmarshal(data.Encapsulated.Content.Bytes, &content); err != nil {
		return nil, err
	}
	h := token.NewHash()
	h.Write(content)
	if err := token.Verify(h.Sum(nil)); err != nil {
		return nil, err
	}
	var info tstInfo
	if err := unmarshal(content, &info); err != nil {
		return nil, err
	}
	if err := s.checkImprint(info); err != nil {
		return nil, err
	}
	if !stampsTime(token.Certificate) {
		return nil, errors.New("its certificate is not for time stamps")
	}
	return &TimeStamp{Time: info.Time.UTC(), Certificate: token.Certificate, Certificates: token.Certificates}, nil
}

// checkImprint checks that a time stamp is about the value of this signature.
func (s *Signature) checkImprint(info tstInfo) error {
	newHash, known := hashes[info.Imprint.Algorithm.Algorithm.String()]
	if !known {
		return fmt.Errorf("%w: the hash %v of a time stamp", ErrAlgorithm, info.Imprint.Algorithm.Algorithm)
	}
	h := newHash()
	h.Write(s.value)
	if !bytes.Equal(h.Sum(nil), info.Imprint.Digest) {
		return errors.New("it is of another signature")
	}
	return nil
}

// stampsTime reports whether time stamps are the one purpose of a certificate (RFC 3161 section 2.3).
func stampsTime(c *x509.Certificate) bool {
	critical := slices.ContainsFunc(c.Extensions, func(e pkix.Extension) bool { return e.Critical && e.Id.Equal(oidExtendedKeyUsage) })
	return critical && len(c.UnknownExtKeyUsage) == 0 && slices.Equal(c.ExtKeyUsage, []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping})
}
