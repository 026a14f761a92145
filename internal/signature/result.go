package signature

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

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

	// SignatureSHA256 is the hash of the signature as it was received.
	SignatureSHA256 string   `json:"signature_sha256"`
	Form            Form     `json:"form,omitempty"`
	Document        Document `json:"document"`
	// What follows is known if the signature could be read. It is not proven if the document or the
	// signature was refused.
	Signer            *Signer       `json:"signer,omitempty"`
	Algorithm         *Algorithm    `json:"algorithm,omitempty"`
	Certificate       *Certificate  `json:"certificate,omitempty"`
	Chain             []Certificate `json:"chain,omitempty"` // from the signer to the root
	Moment            *Moment       `json:"moment,omitempty"`
	RevocationChecked bool          `json:"revocation_checked"`
	RevocationLists   []List        `json:"revocation_lists,omitempty"`
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
		*number = digits(*number)
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

// The sources: a trusted time stamp, or the acceptance by the platform.
const (
	ByTimeStamp  MomentSource = "time_stamp"
	ByAcceptance MomentSource = "acceptance"
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

// add keeps what a verdict rests on.
func (e *Evidence) add(v trust.Verdict) {
	for _, c := range v.Chain {
		e.Certificates = appendNew(e.Certificates, c.Raw)
	}
	for _, l := range v.Lists {
		e.RevocationLists = appendNew(e.RevocationLists, l.Raw)
	}
}

func (e *Evidence) join(other Evidence) {
	for _, c := range other.Certificates {
		e.Certificates = appendNew(e.Certificates, c)
	}
	for _, l := range other.RevocationLists {
		e.RevocationLists = appendNew(e.RevocationLists, l)
	}
}

func appendNew(all [][]byte, one []byte) [][]byte {
	if slices.ContainsFunc(all, func(known []byte) bool { return string(known) == string(one) }) {
		return all
	}
	return append(all, one)
}

func describe(chain []*x509.Certificate) (all []Certificate) {
	for _, c := range chain {
		all = append(all, describeOne(c))
	}
	return all
}

func describeOne(c *x509.Certificate) Certificate {
	return Certificate{
		Subject: commonName(c.Subject), Issuer: commonName(c.Issuer), Serial: fmt.Sprintf("%X", c.SerialNumber.Bytes()),
		NotBefore: c.NotBefore.UTC(), NotAfter: c.NotAfter.UTC(), SHA256: sha(c.Raw),
	}
}

func describeLists(lists []*x509.RevocationList) (all []List) {
	for _, l := range lists {
		one := List{Issuer: commonName(l.Issuer), ThisUpdate: l.ThisUpdate.UTC(), NextUpdate: l.NextUpdate.UTC(), SHA256: sha(l.Raw)}
		if l.Number != nil {
			one.Number = l.Number.String()
		}
		all = append(all, one)
	}
	return all
}

// commonName returns what people call the owner of a name.
func commonName(n pkix.Name) string {
	if n.CommonName == "" && len(n.Organization) > 0 {
		return n.Organization[0]
	}
	return n.CommonName
}

func sha(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
