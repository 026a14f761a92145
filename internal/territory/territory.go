// Package territory provides the regions of Russia, their cities and the districts of the cadastre.
//
// All data come from its embedded files (data/README.md names their sources and licences). It has
// no streets: a street is free text. A region is identified by the two-digit code of the subject of
// the federation, a string such as "77". The first part of a cadastral number is a cadastral
// district, which may differ from that code (SubjectOfDistrict).
package territory

import (
	"slices"
	"strings"

	"epkr/internal/searchtext"
)

// baikonur is a region in the data, but it is a leased city and not a subject of the federation.
const baikonur = "99"

// Region is a subject of the federation, or Байконур.
type Region struct {
	Code            string // two digits, "77"
	Name            string // full name: «Московская область», «Республика Татарстан», «Москва»
	FederalDistrict string // «Центральный»; "" where none is assigned
	Timezone        string // of the capital, "UTC+3"
	Subject         bool   // one of the 89 subjects; false for Байконур only
}

// City is a city of a region.
type City struct {
	Name       string // «Воскресенск»
	RegionCode string // two digits
	Area       string // district of the region: «Бахчисарайский р-н»; "" for most cities
	Timezone   string // "UTC+3"
	Population int    // inhabitants, from the source
}

// Regions returns all regions in the order of their codes: the 89 subjects and Байконур. The caller
// owns the slice.
func Regions() []Region { return slices.Clone(load().regions) }

// Subjects returns the 89 subjects of the federation in the order of their codes. The caller owns
// the slice.
func Subjects() []Region {
	return slices.DeleteFunc(Regions(), func(r Region) bool { return !r.Subject })
}

// RegionByCode returns the region with that two-digit code.
func RegionByCode(code string) (Region, bool) {
	r, ok := load().byCode[code]
	return r, ok
}

// Cities returns the cities of a region, the largest first; nil for an unknown region. The caller
// owns the slice.
func Cities(regionCode string) []City {
	return slices.Clone(load().citiesOf[regionCode])
}

// Suggest returns cities that match what a person has typed so far: first names that begin with it,
// then names in which every typed word begins a word, in any order; each group with the largest
// first. Case, ё or е, hyphens or spaces and «г.» do not matter (package searchtext). An empty
// regionCode means the whole country, an empty query every city of the region; limit must be
// positive.
func Suggest(query, regionCode string, limit int) []City {
	words := searchtext.PlaceWords(query)
	beginning, joined := strings.Join(words, " "), strings.Join(words, "")
	var first, later []City
	for _, c := range load().folded {
		if regionCode != "" && c.RegionCode != regionCode {
			continue
		}
		switch {
		case strings.HasPrefix(c.name, beginning), strings.HasPrefix(c.joined, joined):
			first = append(first, c.City)
		case hasWordPrefixes(c.name, words):
			later = append(later, c.City)
		}
		if len(first) >= limit {
			break
		}
	}
	found := append(first, later...)
	return found[:min(len(found), max(limit, 0))]
}

// hasWordPrefixes reports whether every one of words begins a word of the name.
func hasWordPrefixes(name string, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(" "+name, " "+w) })
}

// SubjectOfDistrict returns the code of the subject in which a cadastral district lies; district is
// the first part of a cadastral number ("90" is Крым, whose code is "91"). known is false for a
// district that is not in the data; then the caller must ask for the region.
func SubjectOfDistrict(district string) (code string, known bool) {
	d := load()
	if subject, listed := d.districts[district]; listed {
		return subject, subject != ""
	}
	if d.sameDistrict[district] {
		return district, true
	}
	return "", false
}
