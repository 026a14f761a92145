package config

import (
	"os"
	"slices"

	"epkr/internal/trust"
)

// loadTrust reads the authorities of EPKR_TRUST; nil without one.
func (a *API) loadTrust(v *variables) {
	folder := v.text("EPKR_TRUST", "")
	if folder == "" {
		return
	}
	const expected = "a folder with certificates in roots, intermediates and unqualified, and their lists in revocations, PEM or DER"
	of, err := trust.Read(os.DirFS(folder))
	if err == nil {
		a.Trust, err = trust.New(of)
	}
	if err != nil {
		v.fail("EPKR_TRUST", "cannot be used: "+err.Error(), expected)
		return
	}
	a.authorities = slices.Concat(of.Roots, of.Intermediates, of.Unqualified)
}
