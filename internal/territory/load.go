package territory

import (
	"cmp"
	"embed"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"epkr/internal/searchtext"
)

//go:embed data/*.csv
var files embed.FS

type atlas struct {
	regions      []Region // by code
	byCode       map[string]Region
	citiesOf     map[string][]City // by region, largest first
	folded       []foldedCity      // all, largest first
	districts    map[string]string // cadastral district → subject, where the two differ; "" for no subject
	sameDistrict map[string]bool   // districts whose number is the code of their subject
}

type foldedCity struct {
	City
	name, joined string // folded for search, with and without spaces
}

// load parses the embedded files once. They are part of the program, so it panics on an error in
// them.
var load = sync.OnceValue(func() *atlas {
	a := &atlas{
		byCode:       map[string]Region{},
		citiesOf:     map[string][]City{},
		districts:    map[string]string{},
		sameDistrict: map[string]bool{},
	}
	a.addRegions()
	a.addCities()
	for _, row := range records("data/districts.csv") {
		a.districts[row["district"]] = row["subject"]
	}
	return a
})

func (a *atlas) addRegions() {
	for _, row := range records("data/regions.csv") {
		code := row["kladr_id"][:2]
		a.sameDistrict[code] = true
		a.regions = append(a.regions, Region{
			Code:            code,
			Name:            fullName(row["name"], row["type"]),
			FederalDistrict: row["federal_district"],
			Timezone:        row["timezone"],
			Subject:         code != baikonur,
		})
	}
	for _, row := range records("data/regions-added.csv") {
		a.regions = append(a.regions, Region{
			Code: row["code"], Name: row["name"], FederalDistrict: row["federal_district"], Timezone: row["timezone"], Subject: true,
		})
	}
	slices.SortFunc(a.regions, func(x, y Region) int { return cmp.Compare(x.Code, y.Code) })
	for _, r := range a.regions {
		a.byCode[r.Code] = r
	}
}

func (a *atlas) addCities() {
	for _, row := range records("data/cities.csv") {
		city := City{RegionCode: row["kladr_id"][:2], Timezone: row["timezone"]}
		city.Name, city.Area = cityName(row)
		population, err := strconv.Atoi(row["population"])
		if err != nil {
			panic(fmt.Sprintf("territory: population of %s: %v", city.Name, err))
		}
		city.Population = population
		name := searchtext.Fold(city.Name)
		a.folded = append(a.folded, foldedCity{city, name, strings.ReplaceAll(name, " ", "")})
	}
	slices.SortStableFunc(a.folded, func(x, y foldedCity) int {
		return cmp.Or(cmp.Compare(y.Population, x.Population), cmp.Compare(x.name, y.name))
	})
	for _, c := range a.folded {
		a.citiesOf[c.RegionCode] = append(a.citiesOf[c.RegionCode], c.City)
	}
}

// cityName returns the name of a city. The source stores cities of federal importance as regions
// and some others as areas.
func cityName(row map[string]string) (name, area string) {
	switch {
	case row["settlement"] != "":
		return row["settlement"], inArea(row)
	case row["city"] != "":
		return row["city"], inArea(row)
	case row["area"] != "":
		return row["area"], ""
	}
	return row["region"], ""
}

func inArea(row map[string]string) string {
	return strings.TrimSpace(row["area"] + " " + row["area_type"])
}

// fullName spells out the abbreviations of the source. It returns names that are complete already
// unchanged.
func fullName(name, kind string) string {
	switch {
	case name == "Саха /Якутия/":
		return "Республика Саха (Якутия)"
	case name == "Северная Осетия - Алания":
		return "Республика Северная Осетия — Алания"
	case name == "Кемеровская область - Кузбасс":
		return "Кемеровская область — Кузбасс"
	case name == "Ханты-Мансийский Автономный округ - Югра":
		return "Ханты-Мансийский автономный округ — Югра"
	case kind == "Чувашия", kind == "г":
		return name
	case kind == "Респ" && strings.HasSuffix(name, "ая"):
		return name + " Республика"
	case kind == "Респ":
		return "Республика " + name
	case kind == "край":
		return name + " край"
	case kind == "обл":
		return name + " область"
	case kind == "АО":
		return name + " автономный округ"
	case kind == "Аобл":
		return name + " автономная область"
	}
	panic(fmt.Sprintf("territory: region %q has the unknown type %q", name, kind))
}

// records returns the rows of an embedded CSV file by column name.
func records(path string) []map[string]string {
	f, err := files.Open(path)
	if err != nil {
		panic(fmt.Sprintf("territory: opening %s: %v", path, err))
	}
	defer func() { _ = f.Close() }()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("territory: reading %s: %v", path, err))
	}
	rows := make([]map[string]string, 0, len(lines)-1)
	for _, line := range lines[1:] {
		row := make(map[string]string, len(line))
		for i, column := range lines[0] {
			row[column] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}
