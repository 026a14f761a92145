package signature

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"epkr/internal/humantext"
	"epkr/internal/mchd"
	"epkr/internal/trust"
)

// Result is the outcome of a check. It is complete in itself, so that it can be stored as JSON and
// shown years later. Times are in UTC, hashes in hexadecimal digits.
type Result struct {
	// Format is the version of this structure: 1.
	Format int `json:"format"`
	// Valid means that nothing was refused.
	Valid    bool      `json:"valid"`
	Refusals []Finding `json:"refusals,omitempty"`
	Warnings []Finding `json:"warnings,omitempty"`

	// AcceptedAt is when the platform received the signature.
	AcceptedAt time.Time `json:"accepted_at"`
	// SignatureSHA256 is the hash of the signature as it was received.
	SignatureSHA256 string   `json:"signature_sha256"`
	Form            Form     `json:"form,omitempty"`
	Document        Document `json:"document"`
	// What follows is known if the signature could be read. It is not proven if the document or the
	// signature was refused.
	Signer      *Signer       `json:"signer,omitempty"`
	Algorithm   *Algorithm    `json:"algorithm,omitempty"`
	Certificate *Certificate  `json:"certificate,omitempty"`
	Chain       []Certificate `json:"chain,omitempty"` // from the signer to the root
	Moment      *Moment       `json:"moment,omitempty"`
	// RevocationChecked is about the signer's chain, RevocationLists are those of every chain.
	RevocationChecked bool   `json:"revocation_checked"`
	RevocationLists   []List `json:"revocation_lists,omitempty"`
	// PowerOfAttorney is that of the signer, if one was needed.
	PowerOfAttorney *PowerOfAttorney `json:"power_of_attorney,omitempty"`
}

// Form is the form of a signature.
type Form string

// The forms: CAdES-BES names its certificate, CAdES-T has a time stamp too (ETSI EN 319 122-1).
const (
	PlainCMS Form = "CMS"
	CAdESBES Form = "CAdES-BES"
	CAdEST   Form = "CAdES-T"
)

// Document is what was checked.
type Document struct {
	// Size in bytes; 0 if the caller gave the digest.
	Size int64 `json:"size,omitempty"`
	// Hash is the identifier of the hash, for example 1.2.643.7.1.1.2.2 (Streebog-256).
	Hash   string `json:"hash,omitempty"`
	Digest string `json:"digest,omitempty"`
}

// Signer is whom the certificate names.
type Signer struct {
	Name            string `json:"name"`
	Position        string `json:"position,omitempty"`
	Organisation    string `json:"organisation,omitempty"`
	SNILS           string `json:"snils,omitempty"`            // 11 digits
	INN             string `json:"inn,omitempty"`              // 12 digits
	OrganisationINN string `json:"organisation_inn,omitempty"` // 10 digits
	OGRN            string `json:"ogrn,omitempty"`             // 13 digits
	OGRNIP          string `json:"ogrnip,omitempty"`           // 15 digits
}

// signerOf returns whom a certificate names, with the digits of the numbers.
func signerOf(c *x509.Certificate) Signer {
	s := Signer(trust.HolderOf(c))
	for _, number := range []*string{&s.SNILS, &s.INN, &s.OrganisationINN, &s.OGRN, &s.OGRNIP} {
		*number = short(digits(*number))
	}
	for _, text := range []*string{&s.Name, &s.Position, &s.Organisation} {
		*text = shown(*text)
	}
	return s
}

// String returns the name for people.
func (s Signer) String() string {
	if s.Organisation == "" || s.Organisation == s.Name {
		return s.Name
	}
	return s.Name + " (" + s.Organisation + ")"
}

// Algorithm is how the document was signed.
type Algorithm struct {
	Name         string `json:"name"`                    // for people
	ParameterSet string `json:"parameter_set,omitempty"` // of a GOST key
	// Outdated means GOST R 34.10-2001.
	Outdated bool `json:"outdated,omitempty"`
}

// Certificate is a certificate of a chain.
type Certificate struct {
	Subject   string    `json:"subject"` // its common name
	Issuer    string    `json:"issuer"`  // its common name
	Serial    string    `json:"serial"`  // in hexadecimal digits
	NotBefore time.Time `json:"not_before"`
	NotAfter  time.Time `json:"not_after"`
	SHA256    string    `json:"sha256"`
}

// List is a list of revoked certificates.
type List struct {
	Issuer     string    `json:"issuer"`
	Number     string    `json:"number,omitempty"`
	ThisUpdate time.Time `json:"this_update"`
	NextUpdate time.Time `json:"next_update"`
	SHA256     string    `json:"sha256"`
}

// MomentSource is why a signature existed at a moment.
type MomentSource string

// The sources: a trusted time stamp, the acceptance by the platform, or the check of a signature that
// may have been made long before.
const (
	ByTimeStamp  MomentSource = "time_stamp"
	ByAcceptance MomentSource = "acceptance"
	ByCheck      MomentSource = "check"
)

// Moment is the moment for which certificates were judged.
type Moment struct {
	At     time.Time    `json:"at"`
	Source MomentSource `json:"source"`
	// SigningTime is what the signer says; nothing rests on it. Zero if he does not say.
	SigningTime time.Time `json:"signing_time,omitzero"`
	// TimeStampChain is that of the authority of the time stamp.
	TimeStampChain []Certificate `json:"time_stamp_chain,omitempty"`
}

// PowerOfAttorney is a power of attorney as it was judged.
type PowerOfAttorney struct {
	mchd.PowerOfAttorney
	SHA256 string `json:"sha256"`
	// State is what the registry of the ФНС says.
	State mchd.State `json:"state"`
	// Signature is the check of the signature of who gave it.
	Signature Result `json:"signature"`
	// Delegates is the power of attorney whose authority this one delegates.
	Delegates *PowerOfAttorney `json:"delegates,omitempty"`
}

// Evidence is what a result rests on, in DER: the certificates and the lists of all chains, each once.
type Evidence struct {
	Certificates    [][]byte
	RevocationLists [][]byte
}

// join adds other evidence.
func (e *Evidence) join(other Evidence) {
	e.Certificates = appendNew(e.Certificates, other.Certificates, bytes.Equal)
	e.RevocationLists = appendNew(e.RevocationLists, other.RevocationLists, bytes.Equal)
}

// evidenceOf returns what a verdict rests on.
func evidenceOf(v trust.Verdict) (e Evidence) {
	for _, c := range v.Chain {
		e.Certificates = append(e.Certificates, c.Raw)
	}
	for _, l := range v.Lists {
		e.RevocationLists = append(e.RevocationLists, l.Raw)
	}
	return e
}

// appendNew appends those that are not in it yet.
func appendNew[T any](all, more []T, equal func(a, b T) bool) []T {
	for _, one := range more {
		if !slices.ContainsFunc(all, func(known T) bool { return equal(known, one) }) {
			all = append(all, one)
		}
	}
	return all
}

func describe(chain []*x509.Certificate) (all []Certificate) {
	for _, c := range chain {
		all = append(all, describeOne(c))
	}
	return all
}

func describeOne(c *x509.Certificate) Certificate {
	return Certificate{
		Subject: commonName(c.Subject), Issuer: commonName(c.Issuer), Serial: short(fmt.Sprintf("%X", c.SerialNumber.Bytes())),
		NotBefore: utc(c.NotBefore), NotAfter: utc(c.NotAfter), SHA256: sha(c.Raw),
	}
}

func describeLists(lists []*x509.RevocationList) (all []List) {
	for _, l := range lists {
		one := List{Issuer: commonName(l.Issuer), ThisUpdate: utc(l.ThisUpdate), NextUpdate: utc(l.NextUpdate), SHA256: sha(l.Raw)}
		if l.Number != nil {
			one.Number = short(l.Number.String())
		}
		all = append(all, one)
	}
	return all
}

// utc returns a time in UTC; the zero time if its year there is none of JSON, which ends at 9999.
func utc(t time.Time) time.Time {
	if t = t.UTC(); t.Year() < 0 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// commonName returns what people call the owner of a name.
func commonName(n pkix.Name) string {
	if n.CommonName == "" && len(n.Organization) > 0 {
		return shown(n.Organization[0])
	}
	return shown(n.CommonName)
}

// maxText limits the texts that are taken from a certificate, in characters: those of a hostile one
// may have megabytes.
const maxText = 1000

// shown returns a text of a certificate as it can be stored and shown: in one line, without invisible
// characters, and with U+FFFD in place of control characters, which PostgreSQL does not store.
func shown(text string) string {
	return short(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return utf8.RuneError
		}
		return r
	}, humantext.Line(strings.ToValidUTF8(text, "\uFFFD"))))
}

// short returns a text without what exceeds maxText.
func short(text string) string {
	if runes := []rune(text); len(runes) > maxText {
		return string(runes[:maxText-1]) + "…"
	}
	return text
}

func sha(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
