package pki

import (
	"crypto/x509"
	"fmt"
	"math/big"
	"os"
	"slices"
	"strings"
	"time"

	"epkr/internal/trust"
)

type revocation struct {
	number *big.Int
	at     time.Time
}

// Revoke enters a certificate into the next list of its issuer, once.
func (p *PKI) Revoke(name, issuer string, at time.Time) error {
	c, err := p.Certificate(name)
	if err != nil {
		return err
	}
	same := func(r revocation) bool { return r.number.Cmp(c.SerialNumber) == 0 }
	if !slices.ContainsFunc(p.revoked[issuer], same) {
		p.revoked[issuer] = append(p.revoked[issuer], revocation{c.SerialNumber, at})
	}
	return nil
}

// List makes an issuer's list of revoked certificates.
func (p *PKI) List(issuer string, from, to time.Time) error {
	var index strings.Builder
	for _, r := range p.revoked[issuer] {
		fmt.Fprintf(&index, "R\t%s\t%s\t%X\tunknown\t/CN=revoked\n", date(r.at.AddDate(1, 0, 0)), date(r.at), r.number.Bytes())
	}
	digest, err := p.digestOf(issuer)
	if err != nil {
		return err
	}
	if err := p.write("index.txt", []byte(index.String())); err != nil {
		return err
	}
	if err := p.write("crlnumber", []byte("2A\n")); err != nil {
		return err
	}
	if err := p.run("ca", "-gencrl", "-md", digest, "-cert", issuer+".crt", "-keyfile", issuer+".key",
		"-crl_lastupdate", date(from), "-crl_nextupdate", date(to), "-out", issuer+".crl.new"); err != nil {
		return err
	}
	if err := os.Rename(p.Path(issuer+".crl.new"), p.Path(issuer+".crl")); err != nil {
		return fmt.Errorf("listing what %s revoked: %w", issuer, err)
	}
	return nil
}

// listed are the authorities that have lists.
var listed = []string{Root, Issuer}

// renewLists makes the lists for a year.
func (p *PKI) renewLists() error {
	for _, issuer := range listed {
		if err := p.List(issuer, time.Now().Add(-time.Minute), time.Now().AddDate(1, 0, 0)); err != nil {
			return err
		}
	}
	return nil
}

// Authorities returns the root, the accredited and the unqualified authority with their lists.
func (p *PKI) Authorities() (of trust.Authorities, err error) {
	for name, into := range map[string]*[]*x509.Certificate{Root: &of.Roots, Issuer: &of.Intermediates, Unqualified: &of.Unqualified} {
		c, err := p.Certificate(name)
		if err != nil {
			return of, err
		}
		*into = append(*into, c)
	}
	for _, name := range listed {
		list, err := p.list(name)
		if err != nil {
			return of, err
		}
		of.Revocations = append(of.Revocations, list)
	}
	return of, nil
}

// list reads an issuer's list of revoked certificates.
func (p *PKI) list(issuer string) (*x509.RevocationList, error) {
	der, err := p.der(issuer + ".crl")
	if err != nil {
		return nil, err
	}
	list, err := x509.ParseRevocationList(der)
	if err != nil {
		return nil, fmt.Errorf("reading the list of %s: %w", issuer, err)
	}
	return list, nil
}
