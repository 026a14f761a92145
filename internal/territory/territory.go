// Package territory knows the regions of Russia, their cities and the districts of the cadastre.
//
// It never looks anything up outside its own embedded data files (data/README.md names their sources and
// licences) and knows no streets: a street is free text. A region is identified by the two-digit
// code of the subject of the federation, a string such as "77"; the first part of a cadastral number is a
// cadastral district, which is something else (SubjectOfDistrict).
package territory

import (
	"slices"
	"strings"

	"epkr/internal/searchtext"
)

// baikonur is in the data as a region, but it is a leased city and no subject of the federation.
const baikonur = "99"

// Region is a subject of the federation, or Байконур.
type Region struct {
	Code            string // two digits, "77"
	Name            string // in full and as people read it: «Московская область», «Республика Татарстан», «Москва»
	FederalDistrict string // «Центральный»; "" where none is assigned
	Timezone        string // of its capital, "UTC+3"
	Subject         bool   // one of the 89 subjects; false for Байконур only
}

// City is a city of a region.
type City struct {
	Name       string // «Воскресенск»
	RegionCode string // two digits
	Area       string // the district of the region that it lies in, "" for most: «Бахчисарайский р-н»
	Timezone   string // "UTC+3"
	Population int    // inhabitants, as the source has them
}

// Regions are all regions in the order of their codes: the 89 subjects and Байконур. The caller owns the slice.
func Regions() []Region { return slices.Clone(load().regions) }

// Subjects are the 89 subjects of the federation in the order of their codes. The caller owns the slice.
func Subjects() []Region {
	return slices.DeleteFunc(Regions(), func(r Region) bool { return !r.Subject })
}

// RegionByCode finds the region with that two-digit code.
func RegionByCode(code string) (Region, bool) {
	r, ok := load().byCode[code]
	return r, ok
}

// Cities are the cities of a region, the largest first; nil for an unknown region. The caller owns the slice.
func Cities(regionCode string) []City {
	return slices.Clone(load().citiesOf[regionCode])
}

// Suggest finds cities for what a person has typed so far: names that begin with it first, then names in which each of its words begins a
// word, in whatever order; each group with the largest first. Case, ё or е, hyphens or spaces and «г.» do not matter (package
// searchtext). An empty regionCode means the whole country, an empty query every city of the region; limit must be positive.
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
		case haveWords(c.name, words):
			later = append(later, c.City)
		}
		if len(first) >= limit {
			break
		}
	}
	found := append(first, later...)
	return found[:min(len(found), max(limit, 0))]
}

// haveWords reports whether every word begins a word of the name.
func haveWords(name string, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(" "+name, " "+w) })
}

// SubjectOfDistrict gives the code of the subject in which a cadastral district lies; district is the first part of a cadastral number ("90" is
// Крым, whose code is "91"). known is false for a number that no district of this data has; then the region must be asked for.
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
