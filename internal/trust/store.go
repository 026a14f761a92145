// Package trust judges the certificates of signers: whether a certificate leads to a configured
// root, was valid at a moment, may sign documents and is not revoked, and whom it names.
//
// crypto/x509 builds no chains of GOST certificates, and no library that can be had does. Certificates
// and lists of the configuration are trusted to be what an operator chose; those that come with a
// signature are hostile, and only help to find the way to a root.
package trust

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"epkr/internal/gost"
)

const (
	// maxChain limits the certificates between a signer and a root.
	maxChain = 6
	// maxCarried limits the certificates of issuers that are taken from a signature.
	maxCarried = 8
	// maxRSA limits the size in bits of RSA keys: the time of a verification grows with its square.
	maxRSA = 8192
)

// Authorities are what a store is made of.
type Authorities struct {
	// Roots and Intermediates issue qualified certificates (63-ФЗ, article 11).
	Roots, Intermediates []*x509.Certificate
	// Unqualified issue certificates that are not qualified. Nothing in a certificate tells one from a
	// qualified one, so every way through such an authority, or another certificate of its key, is
	// unqualified. They are trusted whoever issued them.
	Unqualified []*x509.Certificate
	// Revocations are the lists of revoked certificates.
	Revocations []*x509.RevocationList
}

// Store has the roots and the intermediate certificates that are trusted, with the issuers' lists of
// revoked certificates. It is safe for concurrent use.
type Store struct {
	authorities []*authority
	unqualified map[string]bool // keys, as SubjectPublicKeyInfo
	verified    verified
}

// authority is an issuer of certificates.
type authority struct {
	certificate *x509.Certificate
	root        bool
	carried     bool         // it came with a signature
	issuers     []*authority // whose signatures on it are verified
	revoked     *revocations // nil if there is no list
}

// revocations is an issuer's list.
type revocations struct {
	list *x509.RevocationList
	at   map[string]time.Time // by the number of the certificate
}

// Load reads a store from the folders roots, intermediates, unqualified and revocations, which have
// files in DER or PEM. A folder may be missing, except roots.
func Load(from fs.FS) (*Store, error) {
	of, err := Read(from)
	if err != nil {
		return nil, err
	}
	return New(of)
}

// Read is Load without the store. The error names the file that cannot be read.
func Read(from fs.FS) (of Authorities, err error) {
	for _, one := range []struct {
		folder       string
		certificates *[]*x509.Certificate
	}{{"roots", &of.Roots}, {"intermediates", &of.Intermediates}, {"unqualified", &of.Unqualified}} {
		if *one.certificates, err = load(from, one.folder, x509.ParseCertificate); err != nil {
			return of, err
		}
	}
	if of.Revocations, err = load(from, "revocations", x509.ParseRevocationList); err != nil {
		return of, err
	}
	if len(of.Roots) == 0 {
		return of, fmt.Errorf("trust: %w: no root certificates", fs.ErrNotExist)
	}
	return of, nil
}

// filesOf lists a folder, without hidden files: Kubernetes keeps folders of its own beside mounted
// files.
func filesOf(from fs.FS, folder string) ([]string, error) {
	files, err := fs.Glob(from, folder+"/[^.]*")
	if err != nil {
		return nil, fmt.Errorf("trust: listing %s: %w", folder, err)
	}
	return files, nil
}

func load[T any](from fs.FS, folder string, parse func([]byte) (T, error)) (all []T, err error) {
	files, err := filesOf(from, folder)
	if err != nil {
		return nil, err
	}
	for _, name := range files {
		data, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("trust: reading %s: %w", name, err)
		}
		ders := [][]byte{data}
		if block, rest := pem.Decode(data); block != nil {
			for ders = nil; block != nil; block, rest = pem.Decode(rest) {
				ders = append(ders, block.Bytes)
			}
		}
		for _, der := range ders {
			one, err := parse(der)
			if err != nil {
				return nil, fmt.Errorf("trust: reading %s: %w", name, err)
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// New returns a store. It fails if a list is of no issuer in the store, because the certificates of
// its issuer would silently not be checked.
func New(of Authorities) (*Store, error) {
	s := &Store{unqualified: map[string]bool{}}
	for _, c := range slices.Concat(of.Roots, of.Unqualified) {
		s.authorities = append(s.authorities, &authority{certificate: c, root: true})
	}
	for _, c := range of.Unqualified {
		s.unqualified[string(c.RawSubjectPublicKeyInfo)] = true
	}
	for _, c := range of.Intermediates {
		s.authorities = append(s.authorities, &authority{certificate: c})
	}
	for _, a := range s.authorities {
		if !a.root {
			a.issuers = s.issuersOf(a.certificate, s.authorities)
		}
	}
	for _, list := range of.Revocations {
		if err := s.add(list); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// oidDelta marks a list of the changes since another list, which alone revokes too little.
var oidDelta = asn1.ObjectIdentifier{2, 5, 29, 27}

// add keeps the newest list of an issuer.
func (s *Store) add(list *x509.RevocationList) error {
	if slices.ContainsFunc(list.Extensions, func(e pkix.Extension) bool { return e.Id.Equal(oidDelta) }) {
		return fmt.Errorf("trust: the revocation list of %v has changes only", list.Issuer)
	}
	for _, a := range s.authorities {
		if !bytes.Equal(a.certificate.RawSubject, list.RawIssuer) || verifyList(list, a.certificate) != nil {
			continue
		}
		if a.revoked != nil && a.revoked.list.ThisUpdate.After(list.ThisUpdate) {
			return nil
		}
		a.revoked = &revocations{list: list, at: make(map[string]time.Time, len(list.RevokedCertificateEntries))}
		for _, entry := range list.RevokedCertificateEntries {
			a.revoked.at[entry.SerialNumber.String()] = entry.RevocationTime
		}
		return nil
	}
	return fmt.Errorf("trust: the revocation list of %v is signed by no known issuer", list.Issuer)
}

// issuersOf returns the authorities whose key signed a certificate.
func (s *Store) issuersOf(c *x509.Certificate, among []*authority) (issuers []*authority) {
	for _, a := range among {
		named := bytes.Equal(a.certificate.RawSubject, c.RawIssuer) && a.certificate != c
		otherKey := len(c.AuthorityKeyId) > 0 && len(a.certificate.SubjectKeyId) > 0 && !bytes.Equal(c.AuthorityKeyId, a.certificate.SubjectKeyId)
		if named && !otherKey && s.verified.by(a, c) {
			issuers = append(issuers, a)
		}
	}
	return issuers
}

// verifyCertificate checks the signature on a certificate, and nothing else.
func verifyCertificate(c, issuer *x509.Certificate) error {
	if issuer.PublicKeyAlgorithm == x509.UnknownPublicKeyAlgorithm {
		return gost.VerifyCertificate(c, issuer)
	}
	if key, isRSA := issuer.PublicKey.(*rsa.PublicKey); isRSA && key.N.BitLen() > maxRSA {
		return fmt.Errorf("trust: the RSA key of %v has %d bits", issuer.Subject, key.N.BitLen())
	}
	return issuer.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature)
}

func verifyList(list *x509.RevocationList, issuer *x509.Certificate) error {
	if issuer.PublicKeyAlgorithm == x509.UnknownPublicKeyAlgorithm {
		return gost.VerifyRevocationList(list, issuer)
	}
	return issuer.CheckSignature(list.SignatureAlgorithm, list.RawTBSRevocationList, list.Signature)
}
