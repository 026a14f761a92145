package territory

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRegionsAre89SubjectsAndBaikonur(t *testing.T) {
	require.Len(t, Regions(), 90)
	require.Len(t, Subjects(), 89)
	codes := map[string]bool{}
	names := map[string]bool{}
	for _, r := range Regions() {
		require.Regexp(t, `^\d\d$`, r.Code)
		require.Regexp(t, `^UTC\+\d+$`, r.Timezone)
		require.NotContains(t, r.Name, "/")
		require.False(t, codes[r.Code], "code twice: %s", r.Code)
		require.False(t, names[r.Name], "name twice: %s", r.Name)
		codes[r.Code], names[r.Name] = true, true
	}
	require.True(t, slices.IsSortedFunc(Regions(), func(x, y Region) int { return strings.Compare(x.Code, y.Code) }))
}

func TestRegionNamesAreSpelledOut(t *testing.T) {
	for code, name := range map[string]string{
		"01": "Республика Адыгея", "07": "Кабардино-Балкарская Республика", "12": "Республика Марий Эл", "14": "Республика Саха (Якутия)",
		"16": "Республика Татарстан", "21": "Чувашская Республика", "22": "Алтайский край", "42": "Кемеровская область — Кузбасс",
		"50": "Московская область", "77": "Москва", "79": "Еврейская автономная область", "83": "Ненецкий автономный округ",
		"86": "Ханты-Мансийский автономный округ — Югра", "90": "Запорожская область", "91": "Республика Крым", "92": "Севастополь",
		"93": "Донецкая Народная Республика", "94": "Луганская Народная Республика", "95": "Херсонская область",
	} {
		r, ok := RegionByCode(code)
		require.True(t, ok, code)
		require.Equal(t, name, r.Name)
		require.True(t, r.Subject)
	}
	b, ok := RegionByCode("99")
	require.True(t, ok)
	require.False(t, b.Subject)
	_, ok = RegionByCode("00")
	require.False(t, ok)
}

func TestCallersCannotChangeTheData(t *testing.T) {
	Regions()[0].Name = "испорчено"
	Cities("50")[0].Name = "испорчено"
	require.NotEqual(t, "испорчено", Regions()[0].Name)
	require.NotEqual(t, "испорчено", Cities("50")[0].Name)
}

func TestEveryCityIsNamedAndInAKnownRegion(t *testing.T) {
	total := 0
	for _, r := range Regions() {
		for _, c := range Cities(r.Code) {
			require.NotEmpty(t, c.Name)
			require.Equal(t, r.Code, c.RegionCode)
			total++
		}
	}
	require.Equal(t, 1117, total)
	require.Equal(t, "Москва", Cities("77")[0].Name)
	require.Equal(t, "Казань", Cities("16")[0].Name, "the largest first")
	require.True(t, slices.ContainsFunc(Cities("50"), func(c City) bool { return c.Name == "Воскресенск" }), "a city that the source stores as an area")
	require.Empty(t, Cities("93"), "the source has no cities of the added subjects")
}

func TestSuggest(t *testing.T) {
	names := func(cities []City) (out []string) {
		for _, c := range cities {
			out = append(out, c.Name)
		}
		return out
	}
	require.Equal(t, []string{"Казань"}, names(Suggest(" каЗ", "16", 5)))
	require.Equal(t, "Новосибирск", Suggest("ново", "", 1)[0].Name, "the largest in the country")
	require.Equal(t, names(Suggest("орел", "57", 5)), names(Suggest("ОРЁЛ", "57", 5)), "ё and е are one letter")
	require.Len(t, Suggest("орёл", "57", 5), 1)
	require.Contains(t, names(Suggest("новгород", "", 50)), "Нижний Новгород", "a later word")
	require.Empty(t, Suggest("казань", "77", 5), "only in the region asked for")
	require.Empty(t, Suggest("ъъъ", "", 5))
	require.Len(t, Suggest("", "50", 10), 10)
	require.Empty(t, Suggest("м", "", 0))
	for typed, city := range map[string]string{
		"улан удэ": "Улан-Удэ", "УЛАН‑УДЭ": "Улан-Удэ", "улануд": "Улан-Удэ", "удэ улан": "Улан-Удэ",
		"нижний-новгород": "Нижний Новгород", "нижний  новг": "Нижний Новгород", "новгород нижний": "Нижний Новгород",
		"г. Бийск": "Бийск", "г.Бийск": "Бийск", "город Бийск": "Бийск", "\u00a0бийск": "Бийск", "Бии\u0306ск": "Бийск",
		"орел": "Орёл", "щелково": "Щёлково", "щё": "Щёлково", "ростов на дону": "Ростов-на-Дону", "г": "Грозный", "город": "Городец",
	} {
		require.Contains(t, names(Suggest(typed, "", 60)), city, "%q", typed)
	}
	require.NotContains(t, names(Suggest("Бииск", "", 60)), "Бийск", "й is not и with a mark")
}

func TestCadastralDistrictIsNotTheRegionCode(t *testing.T) {
	for district, want := range map[string]string{
		"77": "77", "50": "50", "16": "16", "01": "01", "83": "83", "86": "86", "89": "89",
		"90": "91", // 90:25:050801:263 is in Крым
		"91": "92", // 91:03:002001:2021 is in Севастополь
		"81": "59", "80": "75", "88": "24",
	} {
		code, known := SubjectOfDistrict(district)
		require.True(t, known, district)
		require.Equal(t, want, code, "district %s", district)
		_, exists := RegionByCode(code)
		require.True(t, exists)
	}
	for _, district := range []string{"00", "92", "93", "99", "7", "", "777"} {
		code, known := SubjectOfDistrict(district)
		require.False(t, known, district)
		require.Empty(t, code)
	}
}

func TestDataNamesItsSourcesAndLicence(t *testing.T) {
	readme, err := os.ReadFile("data/README.md")
	require.NoError(t, err)
	for _, required := range []string{"hflabs/region", "hflabs/city", "CC BY-SA 4.0"} {
		require.Contains(t, string(readme), required)
	}
}
