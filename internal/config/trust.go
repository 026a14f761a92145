package config

import (
	"crypto/x509"
	"os"
	"slices"

	"epkr/internal/trust"
)

// loadTrust reads the authorities of EPKR_TRUST; nil without one.
func loadTrust(v *variables) (store *trust.Store, certificates []*x509.Certificate) {
	folder := v.text("EPKR_TRUST", "")
	if folder == "" {
		return nil, nil
	}
	const expected = "a folder with certificates in roots, intermediates and unqualified, and their lists in revocations, PEM or DER"
	of, err := trust.Read(os.DirFS(folder))
	if err == nil {
		store, err = trust.New(of)
	}
	if err != nil {
		v.fail("EPKR_TRUST", "cannot be used: "+err.Error(), expected)
		return nil, nil
	}
	return store, slices.Concat(of.Roots, of.Intermediates, of.Unqualified)
}
