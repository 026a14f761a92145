package template

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/document"
)

var schema = Schema{
	Values: map[string]Presence{
		"имя": Required, "телефон": Optional, "аванс": Optional, "аванс.прописью": With("аванс"), "дата": Required,
	},
	Flags:  []string{"фл"},
	Tables: map[string]map[string]Presence{"работы": {"номер": Required, "цена": Optional}},
	Codes:  map[string]Presence{"оплата": Optional},
}

const head = "название: Проба\nверсия: 7\nколонтитул: Проба {{имя}}\n\n# Проба\n\n"

// values returns values with more texts.
func values(texts ...string) Values {
	v := Values{Text: map[string]string{"имя": "Иван", "дата": "1 мая 2026 г."}, Flags: map[string]bool{}}
	for i := 0; i < len(texts); i += 2 {
		v.Text[texts[i]] = texts[i+1]
	}
	return v
}

func fill(t *testing.T, text string, v Values) document.Document {
	t.Helper()
	parsed, err := Parse("проба.txt", []byte(head+text), schema)
	require.NoError(t, err)
	d, err := parsed.Fill(v, time.Unix(0, 0))
	require.NoError(t, err)
	return d
}

// lines returns the blocks after the title as texts.
func lines(t *testing.T, text string, v Values) (all []string) {
	t.Helper()
	for _, b := range fill(t, text, v).Blocks[1:] {
		switch b := b.(type) {
		case document.Heading:
			all = append(all, b.Number+" "+b.Text.String())
		case document.Clause:
			all = append(all, b.Number+" "+b.Text.String())
		case document.Paragraph:
			all = append(all, b.Text.String())
		default:
			require.Fail(t, "another block", "%T", b)
		}
	}
	return all
}

func TestFaultsOfATextAreFoundWhenItIsParsed(t *testing.T) {
	for name, c := range map[string]struct{ text, fault string }{
		"unknown value":           {"{{фамилия}}", "проба.txt:7: {{фамилия}}: unknown name"},
		"unknown condition":       {"{{#если адрес}}\nтекст\n{{/если}}", "проба.txt:7: {{#если адрес}}: unknown name"},
		"condition always true":   {"{{#если имя}}а{{/если}}", "проба.txt:7: {{#если имя}}: this value is always there"},
		"unknown table":           {"{{#таблица цены}}\n| а |\n| 1 |\n| б |\n{{/таблица}}", "проба.txt:7: {{#таблица цены}}: unknown table"},
		"unknown column":          {"{{#таблица работы}}\n| а |\n| 1 |\n| {{вес}} |\n{{/таблица}}", "{{вес}}: unknown name"},
		"column outside":          {"{{номер}}", "проба.txt:7: {{номер}}: unknown name"},
		"unknown code":            {"{{код сбп 40}} текст", "проба.txt:7: {{код сбп}}: unknown code"},
		"code unguarded":          {"{{код оплата 40}} текст", "{{код оплата}} may be absent: put it inside {{#если оплата}}"},
		"code without a text":     {"{{#если оплата}}\n{{код оплата 40}}\n{{/если}}", "the text for those who do not see the code is missing"},
		"code too small":          {"{{#если оплата}}\n{{код оплата 5}} а\n{{/если}}", "a QR code is 10 to 120 mm wide"},
		"optional unguarded":      {"Телефон {{телефон}}", "проба.txt:7: {{телефон}} may be absent: put it inside {{#если телефон}}"},
		"optional in else":        {"{{#если телефон}}а{{иначе}}{{телефон}}{{/если}}", "{{телефон}} may be absent"},
		"companion unguarded":     {"{{аванс.прописью}}", "{{аванс.прописью}} may be absent: put it inside {{#если аванс}}"},
		"unclosed condition":      {"{{#если фл}}\nтекст", "the end of the text, but {{/если}} is missing"},
		"unclosed inline":         {"а {{#если фл}} б\n\nв {{/если}}", "проба.txt:7: {{#если фл}} has no {{/если}} in the same text"},
		"nothing to close":        {"{{/если}}", "проба.txt:7: {{/если}} is unknown here"},
		"nothing to close inline": {"а {{/если}}", "проба.txt:7: {{/если}} has nothing to close"},
		"unknown directive":       {"{{#цикл}}", "проба.txt:7: {{#цикл}} is unknown here"},
		"unclosed table":          {"{{#таблица работы}}\n| а |", "проба.txt:7: {{#таблица работы}} is not closed"},
		"table too short":         {"{{#таблица работы}}\n| а |\n| 1 |\n{{/таблица}}", "this one has 2 lines"},
		"cells differ":            {"{{#таблица работы}}\n| а |\n| 1 | 2 |\n| б |\n{{/таблица}}", "differ in their number of cells"},
		"no width":                {"{{#таблица работы}}\n| а |\n| широко |\n| б |\n{{/таблица}}", "the width of a column is a number"},
		"no cells":                {"{{#таблица работы}}\nа\n| а |\n| 1 |\n| б |\n{{/таблица}}", "проба.txt:8: a line of a table begins and ends with |"},
		"one column":              {"{{#колонки}}\nа\n{{/колонки}}", "{{#колонки}} has 2 or 3 texts, this one has 1"},
		"clause in columns":       {"{{#колонки}}\n1. а\n{{колонка}}\nб\n{{/колонки}}", "no headings and no numbered clauses"},
		"table in columns":        {"{{#колонки}}\n{{#таблица работы}}\n{{колонка}}\nб\n{{/колонки}}", "cannot stand inside {{#колонки}}"},
		"unclosed columns":        {"{{#колонки}}\nа", "but {{/колонки}} is missing"},
		"signature without role":  {"{{#подписи}}\nЗаказчик\n{{/подписи}}", "a place of a signature has a role"},
		"unclosed signatures":     {"{{#подписи}}\nа | б", "{{#подписи}} is not closed"},
		"unclosed weight":         {"**текст", "проба.txt:7: ** has no end"},
		"weight across":           {"{{#если фл}}**а{{/если}}**", "** begins outside a condition and ends inside"},
		"single brace":            {"{имя}", "проба.txt:7: a single brace"},
		"unknown label":           {"1. см. {{пункт оплата}}", "проба.txt:7: {{пункт оплата}}: no clause or section has this label"},
		"label twice":             {"1. [а] б\n1. [а] в", "проба.txt:8: the label [а] is defined twice"},
		"label may be absent":     {"{{#если фл}}\n1. [а] б\n{{/если}}\n1. см. {{пункт а}}", "проба.txt:10: {{пункт а}}: the clause is there only under the condition {{#если фл}}"},
		"second title":            {"# Второй", "проба.txt:7: the text has one title"},
		"sign without a space":    {"##Раздел", "a title begins with"},
		"second line of a block":  {"первая строка\nвторая {{фамилия}}", "проба.txt:7: {{фамилия}}: unknown name"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("проба.txt", []byte(head+c.text), schema)
			require.ErrorContains(t, err, c.fault)
		})
	}
}

func TestFaultsOfAHead(t *testing.T) {
	for name, c := range map[string]struct{ text, fault string }{
		"empty":       {"", "the head needs название, версия and колонтитул"},
		"no version":  {"название: а\nколонтитул: б\n\n# в", "the head needs название, версия and колонтитул"},
		"unknown key": {"название: а\nавтор: б\n\n# в", "проба.txt:2: the head has only"},
		"no title":    {"название: а\nверсия: 1\nколонтитул: б\n\nв", "the first block must be the title"},
		"not UTF-8":   {"название: \xff", "the file is not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("проба.txt", []byte(c.text), schema)
			require.ErrorContains(t, err, c.fault)
		})
	}
}

func TestAllFaultsAreReportedAtOnce(t *testing.T) {
	_, err := Parse("проба.txt", []byte(head+"{{а}}\n\n{{б}}"), schema)
	require.EqualError(t, err, "проба.txt:7: {{а}}: unknown name\nпроба.txt:9: {{б}}: unknown name")
}

func TestValuesAreNeverMarkup(t *testing.T) {
	for _, value := range []string{
		"# Заголовок", "## Раздел", "1. Пункт", "**жирный**", "{{дата}}", "{{#если фл}}", "{{/если}}", "| а | б |", "// примечание", "> справа",
		"<w:p/> & ]]>", "(текст) Tj ET",
	} {
		t.Run(value, func(t *testing.T) {
			d := fill(t, "Имя: {{имя}}\n\n{{#таблица работы}}\n| а | б |\n| 1 | 1 |\n| {{номер}} | {{цена}} |\n{{/таблица}}", Values{
				Text: map[string]string{"имя": value, "дата": "дата"}, Tables: map[string][]map[string]string{"работы": {{"номер": value}}},
			})
			require.Equal(t, document.Paragraph{Text: document.Plain("Имя: " + value)}, d.Blocks[1])
			require.Equal(t, document.Plain(value), d.Blocks[2].(document.Table).Rows[0][0])
			require.Len(t, d.Blocks, 3)
		})
	}
}

func TestClausesAreNumberedAfterTheConditions(t *testing.T) {
	text := "1. до разделов\n\n## [первый] Первый\n\n1. а\n  1. внутри\n  1. внутри\n{{#если фл}}\n1. для фл\n{{иначе}}\n1. не для фл\n1. ещё\n{{/если}}\n" +
		"1. [цель] цель\n\n## Второй\n\n5. см. {{пункт цель}} раздела {{пункт первый}} и {{пункт потом}}\n1. [потом] потом"
	v := values()
	require.Equal(t, []string{
		"1. до разделов", "1. Первый", "1.1. а", "1.1.1. внутри", "1.1.2. внутри", "1.2. не для фл", "1.3. ещё", "1.4. цель",
		"2. Второй", "2.1. см. 1.4 раздела 1 и 2.2", "2.2. потом",
	}, lines(t, text, v))
	v.Flags["фл"] = true
	require.Equal(t, []string{
		"1. до разделов", "1. Первый", "1.1. а", "1.1.1. внутри", "1.1.2. внутри", "1.2. для фл", "1.3. цель",
		"2. Второй", "2.1. см. 1.3 раздела 1 и 2.2", "2.2. потом",
	}, lines(t, text, v))
}

func TestConditionsInsideATextMayBeNestedAndInverted(t *testing.T) {
	text := "{{имя}}{{#если телефон}}, тел. {{телефон}}{{#если не фл}} (раб.){{иначе}} (дом.){{/если}}{{иначе}}, без телефона{{/если}}."
	require.Equal(t, []string{"Иван, без телефона."}, lines(t, text, values()))
	require.Equal(t, []string{"Иван, тел. 5-55 (раб.)."}, lines(t, text, values("телефон", "5-55")))
	home := values("телефон", "5-55")
	home.Flags["фл"] = true
	require.Equal(t, []string{"Иван, тел. 5-55 (дом.)."}, lines(t, text, home))
}

func TestACompanionMayStandUnderItsLeader(t *testing.T) {
	text := "{{#если аванс}}{{аванс}} ({{аванс.прописью}}){{/если}}"
	require.Equal(t, []string{"5 (пять)"}, lines(t, text, values("аванс", "5", "аванс.прописью", "пять")))
	parsed, err := Parse("проба.txt", []byte(head+text), schema)
	require.NoError(t, err)
	_, err = parsed.Fill(values("аванс", "5"), time.Unix(0, 0))
	require.ErrorContains(t, err, "the value аванс.прописью is missing")
}

func TestLinesBelongTogetherUpToAnEmptyOneOrASign(t *testing.T) {
	require.Equal(t, []string{"один два три", "1. пункт дальше", "четыре"},
		lines(t, "один\n  два\nтри\n// примечание\n1. пункт\nдальше\n\nчетыре\n", values()))
	require.Equal(t, []string{"один два"}, lines(t, "один\r\nдва\r\n", values()))
}

func TestTablesColumnsSignaturesAndCodes(t *testing.T) {
	v := values("телефон", "5-55")
	v.Tables = map[string][]map[string]string{"работы": {{"номер": "1", "цена": "10"}, {"номер": "2"}}}
	v.Codes = map[string]document.Modules{"оплата": {{true}}}
	d := fill(t, strings.Join([]string{
		"{{#таблица работы}}", "| № | **Цена** |", "| 1 ^ | 2 > |", "| {{номер}} | {{цена}}{{#если цена}} руб.{{/если}} |", "| {{имя}} | 10 |", "{{/таблица}}",
		"{{#колонки}}", "слева", "{{#если телефон}}", "{{телефон}}", "{{/если}}", "{{колонка}}", "> справа", "{{/колонки}}",
		"{{#подписи}}", "Заказчик | {{имя}}", "{{/подписи}}",
		"{{#если оплата}}", "{{код оплата 40}} код для {{имя}}", "{{/если}}",
	}, "\n"), v)
	plain := document.Plain
	require.Equal(t, []document.Block{
		document.Table{
			Columns: []document.Column{
				{Header: plain("№"), Width: 1, Align: document.Centre},
				{Header: document.Text{{Text: "Цена", Bold: true}}, Width: 2, Align: document.Right},
			},
			Rows:   [][]document.Text{{plain("1"), plain("10\u00a0руб.")}, {plain("2"), nil}},
			Totals: []document.Text{plain("Иван"), plain("10")},
		},
		document.Columns{
			{{Text: plain("слева"), Align: document.Left}, {Text: plain("5-55"), Align: document.Left}},
			{{Text: plain("справа"), Align: document.Right}},
		},
		document.Signatures{{Role: plain("Заказчик"), Name: plain("Иван")}},
		document.Code{Modules: document.Modules{{true}}, Alt: "код для Иван", Side: 40},
	}, d.Blocks[1:])
}

func TestTheDocumentNamesItsTemplate(t *testing.T) {
	d := fill(t, "текст", values())
	sum := sha256.Sum256([]byte(head + "текст"))
	require.Equal(t, document.Template{Name: "Проба", Version: "7", SHA256: hex.EncodeToString(sum[:])}, d.Meta.Template)
	require.Equal(t, "Проба Иван", d.Footer)
	require.Equal(t, "Проба", d.Meta.Title)
}

func TestValuesMustFitTheSchema(t *testing.T) {
	parsed, err := Parse("проба.txt", []byte(head+"текст"), schema)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		change func(v *Values)
		fault  string
	}{
		"missing value": {func(v *Values) { v.Text["имя"] = "" }, "the value имя is missing"},
		"unknown value": {func(v *Values) { v.Text["фамилия"] = "а" }, "the value фамилия is unknown"},
		"unknown flag":  {func(v *Values) { v.Flags["юл"] = true }, "the flag юл is unknown"},
		"missing column": {func(v *Values) {
			v.Tables = map[string][]map[string]string{"работы": {{"номер": "1"}, {"цена": "1"}}}
		}, "table работы, row 2: the value номер is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			v := values()
			c.change(&v)
			_, err := parsed.Fill(v, time.Unix(0, 0))
			require.ErrorContains(t, err, c.fault)
		})
	}
}

func TestSpacesAreTidied(t *testing.T) {
	for in, out := range map[string]string{
		"  один   два ":       "один два",
		"№ 5":                 "№_5",
		"ст. 720":             "ст._720",
		"(ст. 720)":           "(ст._720)",
		"г. Москва, д. 5":     "г._Москва, д._5",
		"2026 г. и":           "2026_г. и",
		"2026 г.":             "2026_г.",
		"2026 год":            "2026 год",
		"И. И. Иванов":        "И._И._Иванов",
		"слово — слово":       "слово_— слово",
		"12 345 678,90 руб.":  "12_345_678,90_руб.",
		"30 %, 5 м² и":        "30_%, 5_м² и",
		"112-233-445 95":      "112-233-445_95",
		"паспорт 4509 123456": "паспорт 4509 123456",
		"а\n б  \nв":          "а\nб\nв",
	} {
		require.Equal(t, strings.ReplaceAll(out, "_", "\u00a0"), tidy(document.Plain(in)).String(), in)
	}
	require.Equal(t, document.Text{{Text: "а"}, {Text: " б", Bold: true}, {Text: "\u00a0— в"}},
		tidy(document.Text{{Text: "а "}, {Text: "б", Bold: true}, {Text: " — "}, {Text: "в"}}))
}

func TestAPointIsNotDoubled(t *testing.T) {
	require.Equal(t, []string{"Дата: 1 мая 2026\u00a0г. и конец..."}, lines(t, "Дата: {{дата}}. и конец...", values("дата", "1 мая 2026 г.")))
}

func FuzzParse(f *testing.F) {
	f.Add(head + "{{#если телефон}}\n1. [а] {{телефон}}\n{{/если}}\n{{#таблица работы}}\n| а |\n| 1 |\n| {{номер}} |\n{{/таблица}}")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := Parse("проба.txt", []byte(text), schema)
		if err != nil {
			return
		}
		_, err = parsed.Fill(values(), time.Unix(0, 0))
		require.NoError(t, err)
	})
}
