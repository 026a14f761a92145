package wire

import "github.com/danielgtaylor/huma/v2"

// Missing is a code of the SQL functions missing_for_contract and performer_missing_for_contract:
// what a contract needs of a party and is not there.
type Missing string

var missing = []Missing{"snils", "inn", "kpp", "ogrn", "address", "bank", "employer", "form"}

// Schema lists the codes in the description of the API, for huma.
func (Missing) Schema(huma.Registry) *huma.Schema { return OneOf(missing) }

// MissingOf converts codes of the database; it never returns nil.
func MissingOf(codes []string) []Missing {
	all := make([]Missing, len(codes))
	for i, code := range codes {
		all[i] = Missing(code)
	}
	return all
}
