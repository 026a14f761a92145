package registry

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/requisites"
)

const (
	jsonHeader = `{"format":"epkr-registry-1","as_of":"2026-03-01T21:00:00Z","rows":1}` + "\n"
	jsonRow    = `{"registry_number":"1","snils":"112-233-445 95","last_name":"А","first_name":"Б","sro_name":"С","sro_number":"1","sro_in":"2016-07-01","status":"suspended"}`
	csvHeader  = "epkr-registry-1,2026-03-01T21:00:00Z,1\n"
	csvNames   = "registry_number,snils,last_name,first_name,middle_name,sro_name,sro_number,sro_in,sro_out,sro_out_reason,status,disciplinary\n"
	csvRow     = "1,112-233-445 95,А,Б,,С,1,2016-07-01,,,suspended,\n"
)

func read(t testing.TB, enc Encoding, text string) ([]Row, error) {
	t.Helper()
	return readAll(NewReader(bytes.NewReader(compressed(t, text)), enc, DefaultLimits()))
}

// encoding/json accepts field names in any case and uses the last one: "Status" beside "status"
// made a suspended engineer active.
func TestAmbiguousRowIsRefused(t *testing.T) {
	rows, err := read(t, JSONL, jsonHeader+jsonRow)
	require.NoError(t, err)
	require.Equal(t, StatusSuspended, rows[0].Status)
	member := func(more string) string { return jsonHeader + strings.Replace(jsonRow, "{", "{"+more+",", 1) }
	for _, more := range []string{
		`"Status":"active"`, `"STATUS":"active"`, `"ſtatus":"active"`, `"status":"active"`, `"\u0053tatus":"active"`, `"Attestat_annulled":""`,
		`"disciplinary":[{"date":"2024-05-06","kind":"а","ground":"б","Until":"2024-06-06"}]`,
		`"results":[{"period":"2025","filed":1,"filed":2,"refusals":0,"suspensions":0}]`,
		`"a":"\ud800"`, `"a":"\u0000"`, `"a":1e400`,
	} {
		_, err := read(t, JSONL, member(more))
		requireCode(t, CodeRow, err)
		_, err = read(t, JSONL, strings.TrimSuffix(jsonHeader+jsonRow, "}")+","+more+"}")
		requireCode(t, CodeRow, err)
	}
	rows, err = read(t, JSONL, member(`"more":{"status":"active"}`))
	require.NoError(t, err, "unknown members are ignored")
	require.Equal(t, StatusSuspended, rows[0].Status)
	for _, cell := range []string{
		`"[{""date"":""2024-05-06"",""kind"":""а"",""ground"":""б"",""Kind"":""в""}]"`, `"[{""date"":""2024-05-06"",""Kind"":""а"",""ground"":""б""}]"`,
	} {
		_, err := read(t, CSV, csvHeader+csvNames+strings.Replace(csvRow, "suspended,", "suspended,"+cell, 1))
		requireCode(t, CodeRow, err)
	}
	_, err = read(t, CSV, csvHeader+strings.Replace(csvNames, "disciplinary", "Status", 1)+csvRow)
	requireCode(t, CodeFormat, err)
	_, err = read(t, CSV, csvHeader+strings.Replace(csvNames, "disciplinary", "Results", 1)+csvRow)
	requireCode(t, CodeFormat, err)
}

// A missing number of rows was read as zero: a manifest without it announced an empty registry.
func TestNumberOfRowsIsRequired(t *testing.T) {
	const file = `"files":[{"name":"a.csv.gz","encoding":"csv","bytes":10,"sha256":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]`
	for _, rows := range []string{``, `"Rows":1,`, `"rows":null,`, `"rows":1,"ROWS":0,`, `"rows":1.5,`, `"rows":"1",`, `"rows":-1,`} {
		_, err := ParseManifest(strings.NewReader(`{"format":"epkr-registry-1","as_of":"2026-03-01T21:00:00Z",` + rows + file + `}`))
		requireCode(t, CodeManifest, err)
		_, err = read(t, JSONL, `{"format":"epkr-registry-1",`+rows+`"as_of":"2026-03-01T21:00:00Z"}`)
		requireCode(t, CodeFormat, err)
	}
	m, err := ParseManifest(strings.NewReader("\ufeff" + `{"format":"epkr-registry-1","as_of":"2026-03-01T21:00:00Z","rows":0,"more":1,` + file + `}`))
	require.NoError(t, err)
	require.Zero(t, m.Rows)
	for _, rows := range []string{"", "+1", "-0", "1.0", " 1", "99999999999999999999", "0x1"} {
		_, err := read(t, CSV, "epkr-registry-1,2026-03-01T21:00:00Z,"+rows+"\n"+csvNames+csvRow)
		requireCode(t, CodeFormat, err)
	}
}

func TestFieldOfInvisibleCharactersIsEmpty(t *testing.T) {
	for _, blank := range []string{"", " ", "\u00a0", "\u200b", "\u2800", "\u3164", "\u00ad", "\u2060", "\ufeff", "\u202e"} {
		for enc, text := range map[Encoding]string{
			JSONL: jsonHeader + strings.Replace(jsonRow, `"А"`, `"`+blank+`"`, 1),
			CSV:   csvHeader + csvNames + strings.Replace(csvRow, "А", blank, 1),
		} {
			_, err := read(t, enc, text)
			requireCode(t, CodeRow, err)
			require.ErrorContains(t, err, "не заполнено поле «фамилия»", "%+q", blank)
		}
	}
	for _, member := range []string{"status", "snils", "sro_in"} {
		at := strings.Index(jsonRow, `"`+member+`"`)
		_, err := read(t, JSONL, jsonHeader+jsonRow[:at]+`"x`+jsonRow[at+1:])
		require.ErrorContains(t, err, "не заполнено поле «", member)
	}
	rows, err := read(t, JSONL, jsonHeader+strings.NewReplacer(`"А"`, "\"\u00a0Андреи\u0306\u200b \"", `"1","snils"`, "\"1\u00a0\",\"snils\"").Replace(jsonRow))
	require.NoError(t, err)
	require.Equal(t, "Андрей", rows[0].LastName)
	require.Equal(t, "1", rows[0].RegistryNumber)
}

// Artefacts of spreadsheet programs are accepted; other errors are reported with line and column.
func TestSpreadsheetArtefacts(t *testing.T) {
	want, err := read(t, CSV, csvHeader+csvNames+csvRow)
	require.NoError(t, err)
	crlf := strings.ReplaceAll(csvHeader+csvNames+csvRow, "\n", "\r\n")
	for name, text := range map[string]string{
		"a byte order mark":     "\ufeff" + csvHeader + csvNames + csvRow,
		"a blank last line":     csvHeader + csvNames + csvRow + "\n",
		"some of them":          crlf + "\r\n\r\n  \r\n",
		"no last line break":    strings.TrimSuffix(crlf, "\r\n"),
		"quotes":                csvHeader + csvNames + strings.ReplaceAll(csvRow, "А", `"А"`),
		"line breaks of theirs": crlf,
		"empty rows":            crlf + ",,,,,,,,,,,\r\n , ,,,,,,,,,,\r\n",
		"digits of the СНИЛС":   strings.Replace(csvHeader+csvNames+csvRow, "112-233-445 95", "11223344595", 1),
		"typographic marks":     strings.Replace(csvHeader+csvNames+csvRow, "112-233-445 95", "112\u2011233\u2011445\u00a095", 1),
		"spaces":                csvHeader + csvNames + "1 , 112-233-445 95,А ,Б\u00a0,,С,1,2016-07-01 ,\u00a0,,suspended\u00a0,\n",
	} {
		rows, err := read(t, CSV, text)
		require.NoError(t, err, name)
		require.Equal(t, want, rows, name)
	}
	rows, err := read(t, JSONL, "\ufeff"+strings.ReplaceAll(jsonHeader+jsonRow, "\n", "\r\n")+"\n\n")
	require.NoError(t, err)
	require.Len(t, rows, 1)

	for name, c := range map[string]struct {
		text, says string
		code       Code
		line       int
	}{
		"an empty row between": {csvHeader + csvNames + ",,,,,,,,,,,\n" + csvRow, "пустая строка", CodeRow, 3},
		"a blank line between": {csvHeader + csvNames + "\n" + csvRow, "пустая строка", CodeRow, 3},
		"a missing column":     {csvHeader + strings.Replace(csvNames, "snils,", "", 1) + csvRow, "нет столбца snils", CodeFormat, 2},
		"two missing columns":  {csvHeader + strings.NewReplacer("snils,", "", "sro_in,", "").Replace(csvNames) + csvRow, "нет столбца snils, sro_in", CodeFormat, 2},
		"another case":         {csvHeader + strings.Replace(csvNames, "snils", "SNILS", 1) + csvRow, "имя столбца snils", CodeFormat, 2},
		"a column twice":       {csvHeader + strings.Replace(csvNames, "disciplinary", "snils", 1) + csvRow, "столбец повторяется: snils", CodeFormat, 2},
		"no columns":           {csvHeader, "нет строки с именами столбцов", CodeFormat, 2},
		"a value missing":      {csvHeader + csvNames + strings.Replace(csvRow, ",А,", ",", 1), "в строке значений 11, а столбцов в файле 12", CodeRow, 3},
		"a wrong value":        {csvHeader + csvNames + strings.Replace(csvRow, "2016-07-01", "01.07.2016", 1), "столбец sro_in", CodeRow, 3},
		"old line breaks":      {strings.ReplaceAll(csvHeader+csvNames+csvRow, "\n", "\r"), "возврат каретки", CodeRow, 1},
		"one of them":          {csvHeader + csvNames + strings.Replace(csvRow, "А", "А\rБ", 1), "возврат каретки", CodeRow, 3},
		"UTF-16":               {"\xff\xfee\x00p\x00", "UTF-8", CodeUTF8, 1},
	} {
		_, err := read(t, CSV, c.text)
		requireCode(t, c.code, err)
		require.ErrorContains(t, err, c.says, name)
		require.ErrorContains(t, err, fmt.Sprintf("(строка %d)", c.line), name)
	}
}

// The memory that unknown columns and padding take is freed after each line.
func TestReaderFreesEachLine(t *testing.T) {
	const rows, width = 50_000, 2 << 10
	padding := strings.Repeat(" ", width)
	names := strings.Replace(csvNames, "disciplinary", "more", 1)
	number := func(i int) string { return requisites.CompleteSNILS(fmt.Sprintf("%09d", 100_000_000+i)) }
	for name, c := range map[string]struct {
		encoding Encoding
		header   string
		row      func(i int) string
	}{
		"another column": {CSV, names, func(i int) string {
			return fmt.Sprintf("%d,%s,А,Б,,С,1,2016-07-01,,,active,%s\n", i, number(i), strings.Repeat("x", width))
		}},
		"padded cells": {CSV, names, func(i int) string {
			return fmt.Sprintf("%d%s,%s%s,А,Б,,С,1,2016-07-01,,,active,\n", i, padding, number(i), padding[:40])
		}},
		"padded members": {JSONL, "", func(i int) string {
			return strings.NewReplacer(`"1","snils":"112-233-445 95`, fmt.Sprintf(`"%d%s","snils":"%s`, i, padding, number(i))).Replace(jsonRow) + "\n"
		}},
	} {
		t.Run(name, func(t *testing.T) {
			feed, out := io.Pipe()
			go func() {
				header := jsonHeader
				if c.encoding == CSV {
					header = csvHeader
				}
				_, _ = io.WriteString(out, strings.NewReplacer("Z,1", fmt.Sprintf("Z,%d", rows), `"rows":1`, fmt.Sprintf(`"rows":%d`, rows)).Replace(header)+c.header)
				for i := range rows {
					_, _ = io.WriteString(out, c.row(i))
				}
				_ = out.Close()
			}()
			reader, err := NewReader(gzipOf(feed), c.encoding, Limits{Line: 64 << 10, Total: 1 << 30, Rows: rows})
			require.NoError(t, err)
			before := heap()
			n := 0
			for _, err := range reader.Rows() {
				require.NoError(t, err)
				n++
			}
			require.Equal(t, rows, n)
			grown := int64(heap()) - int64(before)
			require.Less(t, grown, int64(20<<20), "of %d MB that were read", rows*width>>20)
			runtime.KeepAlive(reader)
		})
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A reader accepts everything that Write accepts, and nothing that Write refuses.
func TestWriterAndReaderShareTheirLimits(t *testing.T) {
	for _, enc := range []Encoding{CSV, JSONL} {
		rows := sample(1)
		for range 40 {
			rows[0].Disciplinary = append(rows[0].Disciplinary, Disciplinary{
				Date: NewDate(2024, 5, 6), Kind: strings.Repeat("я", maxText), Ground: strings.Repeat("ю", maxText),
			})
		}
		whole, _ := written(t, enc, rows)
		got, err := readAll(NewReader(bytes.NewReader(whole), enc, DefaultLimits()))
		require.NoError(t, err)
		require.Equal(t, rows, got)

		longest := 0
		for line := range strings.Lines(decompressed(t, whole)) {
			longest = max(longest, len(line)-1)
		}
		exact := Limits{Line: longest, Total: 256 << 20, Rows: 1}
		_, err = write(io.Discard, "x", enc, asOf, rows, exact)
		require.NoError(t, err)
		_, err = readAll(NewReader(bytes.NewReader(whole), enc, exact))
		require.NoError(t, err)
		withReturns := compressed(t, strings.ReplaceAll(decompressed(t, whole), "\n", "\r\n"))
		_, err = readAll(NewReader(bytes.NewReader(withReturns), enc, exact))
		require.NoError(t, err)
		exact.Line--
		_, err = write(io.Discard, "x", enc, asOf, rows, exact)
		require.ErrorContains(t, err, "row 1")
		_, err = readAll(NewReader(bytes.NewReader(whole), enc, exact))
		requireCode(t, CodeLineTooLong, err)

		total := Limits{Line: 1 << 20, Total: int64(len(decompressed(t, whole))), Rows: 1}
		_, err = write(io.Discard, "x", enc, asOf, rows, total)
		require.NoError(t, err)
		_, err = readAll(NewReader(bytes.NewReader(whole), enc, total))
		require.NoError(t, err)
		total.Total--
		_, err = write(io.Discard, "x", enc, asOf, rows, total)
		require.Error(t, err)
		_, err = readAll(NewReader(bytes.NewReader(whole), enc, total))
		requireCode(t, CodeTooLarge, err)

		_, err = write(io.Discard, "x", enc, asOf, sample(2), Limits{Line: 1 << 20, Total: 1 << 20, Rows: 1})
		require.Error(t, err)
	}
}

func TestWriterRefusesInvalidRows(t *testing.T) {
	for name, spoil := range map[string]func([]Row){
		"a number twice": func(r []Row) { r[1].RegistryNumber = r[0].RegistryNumber },
		"СНИЛС twice":    func(r []Row) { r[1].SNILS = r[0].SNILS },
		"a far date":     func(r []Row) { r[0].AttestatDate = NewDate(2300, 1, 1) },
		"an old date":    func(r []Row) { r[1].Disciplinary[0].Until = NewDate(1800, 1, 1) },
		"a blank name":   func(r []Row) { r[0].FirstName = "\u00a0" },
		"a mark":         func(r []Row) { r[0].FirstName = "a\ufffd" },
	} {
		rows := sample(2)
		spoil(rows)
		_, err := Write(io.Discard, "x", JSONL, asOf, rows)
		require.ErrorContains(t, err, "row ", name)
	}
	rows := sample(1)
	rows[0].SROName = "Ассоциация\u00a0 «Кадастр»\u200b"
	whole, _ := written(t, CSV, rows)
	got, err := readAll(NewReader(bytes.NewReader(whole), CSV, DefaultLimits()))
	require.NoError(t, err)
	require.Equal(t, "Ассоциация «Кадастр»", got[0].SROName)
}

// gzipOf returns a reader of the gzip-compressed content of r.
func gzipOf(r io.Reader) io.Reader {
	out, in := io.Pipe()
	go func() {
		gz := gzip.NewWriter(in)
		_, err := io.Copy(gz, r)
		_ = in.CloseWithError(errors.Join(err, gz.Close()))
	}()
	return out
}
