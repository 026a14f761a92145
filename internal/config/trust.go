package config

import (
	"crypto/x509"
	"errors"
	"os"
	"slices"

	"epkr/internal/trust"
)

// loadTrust reads the authorities of EPKR_TRUST; nil without one. The certificates are for the
// production rules at the start; a test CA that comes later is refused as well.
func loadTrust(v *variables, environment Environment) (source *trust.Source, certificates []*x509.Certificate) {
	folder := v.text("EPKR_TRUST", "")
	if folder == "" {
		return nil, nil
	}
	const expected = "a folder with certificates in roots, intermediates and unqualified, and their lists in revocations, PEM or DER"
	source, of, err := trust.Open(os.DirFS(folder))
	if err != nil {
		v.fail("EPKR_TRUST", "cannot be used: "+err.Error(), expected)
		return nil, nil
	}
	if environment == Production {
		source.Accept = func(of trust.Authorities) error {
			if anyTestCertificate(certificatesIn(of)) {
				return errTestAuthority
			}
			return nil
		}
	}
	return source, certificatesIn(of)
}

var errTestAuthority = errors.New("EPKR_TRUST holds a test CA, which production does not trust")

func certificatesIn(of trust.Authorities) []*x509.Certificate {
	return slices.Concat(of.Roots, of.Intermediates, of.Unqualified)
}
