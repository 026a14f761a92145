package trust

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"
)

var (
	// ErrNotYetValid means that a certificate was not valid yet at the moment.
	ErrNotYetValid = errors.New("trust: the certificate is not valid yet")
	// ErrExpired means that a certificate, or the term of its key, had ended before the moment.
	ErrExpired = errors.New("trust: the certificate has expired")
	// ErrUsage means that a certificate is not for signing documents.
	ErrUsage = errors.New("trust: the certificate is not for signing documents")
	// ErrUnknownIssuer means that no way leads from a certificate to a configured root.
	ErrUnknownIssuer = errors.New("trust: the issuer of the certificate is unknown")
	// ErrIssuer means that a way leads to a root, but an issuer on it may not issue, or was not valid
	// at the moment.
	ErrIssuer = errors.New("trust: an issuer may not issue the certificate")
	// ErrRevoked means that the certificate, or that of an issuer, had been revoked at the moment.
	ErrRevoked = errors.New("trust: the certificate is revoked")
)

// Verdict is what a certificate was judged by.
type Verdict struct {
	// Chain begins with the signer's certificate and ends with a root.
	Chain []*x509.Certificate
	// RevocationChecked is false if the list of an issuer on the chain is missing or was out of date at
	// the moment.
	RevocationChecked bool
	// Lists are the lists that were consulted.
	Lists []*x509.RevocationList
	// Qualified is false if the chain contains an authority that issues unqualified certificates.
	Qualified bool
}

// Judge judges a signer's certificate at a moment. carried are the certificates that came with the
// signature. The errors are those of this package; with one the verdict has what led to it.
func (s *Store) Judge(c *x509.Certificate, carried []*x509.Certificate, at time.Time) (Verdict, error) {
	if err := checkTerm(c, at); err != nil {
		return Verdict{}, err
	}
	if err := checkSigner(c); err != nil {
		return Verdict{}, err
	}
	known := s.withCarried(c, carried)
	var best Verdict
	found := error(ErrUnknownIssuer)
	for _, way := range ways([]*authority{{certificate: c, issuers: s.issuersOf(c, known)}}) {
		v, err := s.judge(way, at)
		if errors.Is(err, ErrRevoked) { // by one issuer is by all
			return v, err
		}
		if best.Chain == nil || err == nil && (found != nil || v.betterThan(best)) {
			best, found = v, err
		}
	}
	return best, found
}

// betterThan prefers the qualified, and then the checked, of two accepted verdicts.
func (v Verdict) betterThan(other Verdict) bool {
	if v.Qualified != other.Qualified {
		return v.Qualified
	}
	return v.RevocationChecked && !other.RevocationChecked
}

// withCarried returns the authorities of the store and those that came with a signature.
func (s *Store) withCarried(signer *x509.Certificate, carried []*x509.Certificate) []*authority {
	known := slices.Clone(s.authorities)
	var added []*authority
	for _, c := range carried {
		same := func(a *authority) bool { return bytes.Equal(a.certificate.Raw, c.Raw) }
		if c.IsCA && !c.Equal(signer) && len(added) < maxCarried && !slices.ContainsFunc(known, same) {
			a := &authority{certificate: c, carried: true}
			known, added = append(known, a), append(added, a)
		}
	}
	for _, a := range added {
		a.issuers = s.issuersOf(a.certificate, known)
	}
	return known
}

// ways returns the ways from the last authority of one to the roots.
func ways(way []*authority) (all [][]*authority) {
	last := way[len(way)-1]
	if last.root {
		return [][]*authority{way}
	}
	if len(way) > maxChain {
		return nil
	}
	for _, issuer := range last.issuers {
		if !slices.Contains(way, issuer) {
			all = append(all, ways(append(slices.Clone(way), issuer))...)
		}
	}
	return all
}

// judge judges the issuers on a way to a root, and what they revoked.
func (s *Store) judge(way []*authority, at time.Time) (Verdict, error) {
	v := Verdict{RevocationChecked: true, Qualified: true}
	for _, a := range way {
		v.Chain = append(v.Chain, a.certificate)
		if s.unqualified[string(a.certificate.RawSubjectPublicKeyInfo)] {
			v.Qualified = false
		}
	}
	for i, a := range way[1:] {
		if err := checkIssuer(a.certificate, i, at); err != nil {
			return v, err
		}
		if a.revoked == nil {
			v.RevocationChecked = false
			continue
		}
		v.Lists = append(v.Lists, a.revoked.list)
		issued := way[i].certificate
		if when, revoked := a.revoked.at[issued.SerialNumber.String()]; revoked && !when.After(at) {
			return v, fmt.Errorf("%w: %v on %s", ErrRevoked, issued.Subject, when.Format(time.RFC3339))
		}
		if next := a.revoked.list.NextUpdate; !next.IsZero() && next.Before(at) {
			v.RevocationChecked = false
		}
	}
	return v, nil
}

// checkIssuer checks that an issuer may issue certificates, with so many issuers below it.
func checkIssuer(c *x509.Certificate, below int, at time.Time) error {
	switch {
	case !c.BasicConstraintsValid || !c.IsCA:
		return fmt.Errorf("%w: %v is not a certification authority", ErrIssuer, c.Subject)
	case c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
		return fmt.Errorf("%w: the key of %v is not for certificates", ErrIssuer, c.Subject)
	case (c.MaxPathLen > 0 || c.MaxPathLenZero) && below > c.MaxPathLen:
		return fmt.Errorf("%w: %v may have %d issuers below it", ErrIssuer, c.Subject, c.MaxPathLen)
	}
	if err := checkTerm(c, at); err != nil {
		return fmt.Errorf("%w: %v: %w", ErrIssuer, c.Subject, err)
	}
	return nil
}

// checkSigner checks that a certificate may sign documents.
func checkSigner(c *x509.Certificate) error {
	const signs = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if c.KeyUsage != 0 && c.KeyUsage&signs == 0 {
		return ErrUsage
	}
	if len(c.UnhandledCriticalExtensions) > 0 {
		return fmt.Errorf("%w: the critical extension %v is unknown", ErrUsage, c.UnhandledCriticalExtensions[0])
	}
	return nil
}

var oidKeyTerm = asn1.ObjectIdentifier{2, 5, 29, 16}

// checkTerm checks the term of a certificate, and of its key if it has one of its own.
func checkTerm(c *x509.Certificate, at time.Time) error {
	from, to := c.NotBefore, c.NotAfter
	for _, e := range c.Extensions {
		if !e.Id.Equal(oidKeyTerm) {
			continue
		}
		var term struct {
			From asn1.RawValue `asn1:"optional,tag:0"`
			To   asn1.RawValue `asn1:"optional,tag:1"`
		}
		if _, err := asn1.Unmarshal(e.Value, &term); err != nil {
			return fmt.Errorf("%w: the term of its key cannot be read: %w", ErrUsage, err)
		}
		if t, err := time.Parse("20060102150405Z", string(term.From.Bytes)); err == nil && t.After(from) {
			from = t
		}
		if t, err := time.Parse("20060102150405Z", string(term.To.Bytes)); err == nil && t.Before(to) {
			to = t
		}
	}
	switch {
	case at.Before(from):
		return fmt.Errorf("%w: it is from %s", ErrNotYetValid, from.Format(time.RFC3339))
	case at.After(to):
		return fmt.Errorf("%w: it was until %s", ErrExpired, to.Format(time.RFC3339))
	}
	return nil
}
