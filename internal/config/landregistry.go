package config

import "net/url"

// LandRegistry holds the addresses of the services of Rosreestr to which the card of an order leads
// its performer: absolute https URLs.
type LandRegistry struct {
	Cabinet string // Личный кабинет кадастрового инженера
	// The applications: for cadastral accounting (ГКУ), for registration of rights (ГРП), and for
	// accounting with simultaneous registration.
	Accounting, Rights, Both string
}

const (
	// defaultCabinet is the first page of Личный кабинет.
	defaultCabinet = "https://lk.rosreestr.ru/"
	expectedHTTPS  = "an https:// URL with a host, without a user"
)

// loadLandRegistry reads the addresses. Those of the applications default to the cabinet.
func loadLandRegistry(v *variables) LandRegistry {
	cabinet := v.httpsURL("EPKR_LAND_REGISTRY_CABINET_URL", defaultCabinet)
	return LandRegistry{
		Cabinet:    cabinet,
		Accounting: v.httpsURL("EPKR_LAND_REGISTRY_ACCOUNTING_URL", cabinet),
		Rights:     v.httpsURL("EPKR_LAND_REGISTRY_RIGHTS_URL", cabinet),
		Both:       v.httpsURL("EPKR_LAND_REGISTRY_BOTH_URL", cabinet),
	}
}

// httpsURL reads the address of a page to which people are led.
func (v *variables) httpsURL(name, fallback string) string {
	value := v.text(name, "")
	if value == "" {
		return fallback
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		v.fail(name, "not such a URL", expectedHTTPS)
		return ""
	}
	return value
}
