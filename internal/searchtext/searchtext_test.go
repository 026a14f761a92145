package searchtext

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// The test of search_fold in package db reads the same vectors.
func TestFold(t *testing.T) {
	data, err := os.ReadFile("testdata/vectors.json")
	require.NoError(t, err)
	var vectors []struct{ Text, Folded string }
	require.NoError(t, json.Unmarshal(data, &vectors))
	require.NotEmpty(t, vectors)
	for _, v := range vectors {
		require.Equal(t, v.Folded, Fold(v.Text), "%q", v.Text)
		require.Equal(t, v.Folded, Fold(v.Folded), "folding must be idempotent")
	}
}

func TestQueryMatches(t *testing.T) {
	for _, c := range []struct {
		stored string
		query  func(string) Query
		found  []string
		missed []string
	}{
		{"Киселёв Пётр Ильич", Names, []string{
			"Киселев", "Киселёв", "КИСЕЛЕВ", "кисе\u00adлёв", "Киселе\u0308в", "петр киселев", "Киселёв  Пётр", "Киселёв\u00a0Пётр", "киселев п.и.", "п. киселёв",
			"ИЛЬИЧ", "селев", "\u202eКиселёв", "Кис\uFE0Fелев", "Ки\u206aселев", "Ки\U000E0061селев", "", "  ", "\u200b\u00a0",
		}, []string{"Киселева", "Киселев Иван", "ев", "%", "…", "_", "Киселев_Пётр Ян"}},
		{"Ли Анна", Names, []string{"ли", "Ли А.", "анна ли"}, []string{"на", "лиа"}},
		{"Римский-Корсаков Ян", Names, []string{"римский корсаков", "корсаков римский", "Римский‑Корсаков", "римский — корсаков"}, []string{"римскийкорсаков"}},
		{"2026-000123", Number, []string{"2026-000123", "000123", "0123", "12", "№ 123", "2026‑000123", " 2026 – 000123 ", "2026-"}, []string{"2027", "124"}},
		{"г. Бийск, пр-кт Ленина, д. 5", Places, []string{
			"Бийск", "г Бийск", "город Бийск", "г.Бийск", "бийск ленина", "проспект Ленина", "пр-т Ленина 5", "ЛЕНИНА", "д. 5", "ул. Ленина",
		}, []string{"Барнаул", "бийск 7"}},
		{"Алтайский край, Бийский р-н, с. Лесное, ул. Набережная", Places, []string{
			"Бийский район", "бийский р-н", "р-н Бийский", "село Лесное", "Лесное с.", "край Алтайский", "улица Набережная", "набережная ул.", "сельское поселение Лесное",
		}, []string{"Барнаул", "Лесной район"}},
		{"Новосибирская обл., г.о. Бердск, тер. СНТ Ромашка, просп. 1-го Мая, д. 5, к. 2", Places, []string{
			"Новосибирская область", "обл. Новосибирская", "городской округ Бердск", "г. о. Бердск", "территория Ромашка", "садовое некоммерческое товарищество Ромашка",
			"СНТ Ромашка", "пр-кт 1 Мая", "проспект 1-го Мая", "1-й Мая", "дом 5 корпус 2", "Муниципальный округ Бердск",
		}, []string{"Томская область"}},
		{"Ненецкий автономный округ, посёлок городского типа Искателей, переулок Северный, деревня Нижняя", Places, []string{
			"Ненецкий АО", "пгт. Искателей", "п.г.т. Искателей", "пос. Искателей", "п. Искателей", "пер. Северный", "д. Нижняя", "дер. Нижняя",
		}, []string{"Ямало-Ненецкий АО"}},
		{"Респ. Татарстан, мкр. Заречный, б-р Победы, пл. Героев, ст-ца Азовская, рп. Белый", Places, []string{
			"Республика Татарстан", "респ татарстан", "микрорайон Заречный", "бульвар Победы", "площадь Героев", "станица Азовская", "рабочий посёлок Белый", "р.п. Белый",
		}, []string{"Республика Тыва"}},
		{"Улан-Удэ Ленина", Places, []string{"улан удэ", "Улан–Удэ", "удэ"}, []string{"уфа"}},
		{"Городец, Садовая", Places, []string{"городец", "г. Городец", "город", "г"}, []string{"город Орёл"}},
	} {
		for _, text := range c.found {
			require.True(t, c.query(text).Matches(c.stored), "%q in %q", text, c.stored)
		}
		for _, text := range c.missed {
			require.False(t, c.query(text).Matches(c.stored), "%q in %q", text, c.stored)
		}
	}
}

func TestIndexPatternIsTheLongest(t *testing.T) {
	require.Equal(t, Query{Index: "%киселев%", All: []string{"% и%", "%киселев%", "% п%"}}, Names("и киселёв п"))
	require.Equal(t, Query{All: []string{}}, Names("  "))
	require.Equal(t, Query{All: []string{}}, Names("").And(Number("")), "a null is no list of words")
	both := Names("киселёв").And(Number("77-12"))
	require.Equal(t, Query{Index: "%киселев%", All: []string{"%киселев%", "%77%", "%12%"}}, both)
}
