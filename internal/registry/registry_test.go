package registry

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/requisites"
)

var asOf = time.Date(2026, 3, 1, 21, 0, 0, 0, time.UTC)

func sample(n int) []Row {
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = Row{
			RegistryNumber: fmt.Sprintf("%05d", i+1),
			SNILS:          requisites.CompleteSNILS(fmt.Sprintf("%09d", 100_000_000+i*7)),
			LastName:       "Петров-Водкин",
			FirstName:      "Семён",
			MiddleName:     "Львович",
			AttestatNumber: "77-10-12",
			AttestatDate:   NewDate(2010, 12, 31),
			SROName:        `Ассоциация "Кадастр, земля и право"`,
			SRONumber:      "007",
			SROIn:          NewDate(2016, 7, 1),
			Status:         StatusActive,
		}
	}
	if n > 1 {
		rows[1].Status = StatusExcluded
		rows[1].SROOut = NewDate(2025, 2, 3)
		rows[1].SROOutReason = "добровольный выход"
		rows[1].MiddleName = ""
		rows[1].Disciplinary = []Disciplinary{{Date: NewDate(2024, 5, 6), Kind: "предупреждение", Ground: `нарушение "правил", п. 3`}}
		rows[1].Results = []Result{{Period: "2025", Filed: 40, Refusals: 2, Suspensions: 3}}
	}
	return rows
}

func written(t testing.TB, enc Encoding, rows []Row) ([]byte, File) {
	t.Helper()
	var b bytes.Buffer
	f, err := Write(&b, "engineers."+string(enc)+".gz", enc, asOf, rows)
	require.NoError(t, err)
	return b.Bytes(), f
}

func compressed(t testing.TB, lines string) []byte {
	t.Helper()
	var b bytes.Buffer
	gz := gzip.NewWriter(&b)
	_, err := gz.Write([]byte(lines))
	require.NoError(t, err)
	require.NoError(t, gz.Close())
	return b.Bytes()
}

// decompressed returns the decompressed text of gzip data.
func decompressed(t testing.TB, data []byte) string {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(data))
	require.NoError(t, err)
	lines, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(lines)
}

// readAll reads to the end or to the first fault.
func readAll(r *Reader, err error) ([]Row, error) {
	if err != nil {
		return nil, err
	}
	var rows []Row
	for row, err := range r.Rows() {
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func requireCode(t *testing.T, code Code, err error) {
	t.Helper()
	var fault *Error
	require.ErrorAs(t, err, &fault)
	require.Equal(t, code, fault.Code, err.Error())
}

func TestWrittenSnapshotIsRead(t *testing.T) {
	rows := sample(3)
	for _, enc := range []Encoding{CSV, JSONL} {
		t.Run(string(enc), func(t *testing.T) {
			raw, file := written(t, enc, rows)
			m := Manifest{Format: FormatVersion, AsOf: asOf, Rows: 3, Files: []File{file}}
			encoded, err := json.Marshal(m)
			require.NoError(t, err)
			m, err = ParseManifest(bytes.NewReader(encoded))
			require.NoError(t, err)
			reader, err := m.Open(bytes.NewReader(raw), enc, DefaultLimits())
			require.NoError(t, err)
			require.Equal(t, Header{Format: FormatVersion, AsOf: asOf, Rows: 3}, reader.Header())
			got, err := readAll(reader, nil)
			require.NoError(t, err)
			require.Equal(t, rows, got)
		})
	}
}

func TestSameRowsGiveSameBytes(t *testing.T) {
	for _, enc := range []Encoding{CSV, JSONL} {
		first, f1 := written(t, enc, sample(10))
		second, f2 := written(t, enc, sample(10))
		require.Equal(t, first, second)
		require.Equal(t, f1, f2)
	}
}

func TestEmptySnapshotIsComplete(t *testing.T) {
	raw, _ := written(t, CSV, nil)
	rows, err := readAll(NewReader(bytes.NewReader(raw), CSV, DefaultLimits()))
	require.NoError(t, err)
	require.Empty(t, rows)
}

func TestPartialSnapshotIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-18")
	for _, enc := range []Encoding{CSV, JSONL} {
		raw, file := written(t, enc, sample(500))
		m := Manifest{Format: FormatVersion, AsOf: asOf, Rows: 500, Files: []File{file}}
		for _, cut := range []int{0, 5, 30, len(raw) / 2, len(raw) - 9, len(raw) - 1} {
			t.Run(fmt.Sprintf("%s cut at %d of %d", enc, cut, len(raw)), func(t *testing.T) {
				_, err := readAll(NewReader(bytes.NewReader(raw[:cut]), enc, DefaultLimits()))
				requireCode(t, CodeUnreadable, err)
				_, err = readAll(m.Open(bytes.NewReader(raw[:cut]), enc, DefaultLimits()))
				requireCode(t, CodeMismatch, err)
			})
		}
	}
}

func TestRowCountMustMatchHeader(t *testing.T) {
	acceptance.Covers(t, "S-18")
	raw, _ := written(t, JSONL, sample(3))
	gz, err := gzip.NewReader(bytes.NewReader(raw))
	require.NoError(t, err)
	plain, err := io.ReadAll(gz)
	require.NoError(t, err)
	lines := strings.SplitAfter(string(plain), "\n")

	missing := compressed(t, strings.Join(lines[:3], ""))
	rows, err := readAll(NewReader(bytes.NewReader(missing), JSONL, DefaultLimits()))
	requireCode(t, CodeIncomplete, err)
	require.Len(t, rows, 2)

	header := strings.Replace(lines[0], `"rows":3`, `"rows":2`, 1)
	require.NotEqual(t, lines[0], header)
	extra := compressed(t, header+strings.Join(lines[1:], ""))
	rows, err = readAll(NewReader(bytes.NewReader(extra), JSONL, DefaultLimits()))
	requireCode(t, CodeIncomplete, err)
	require.Len(t, rows, 2)
}

func TestManifestMustDescribeTheData(t *testing.T) {
	acceptance.Covers(t, "S-18")
	raw, file := written(t, CSV, sample(3))
	good := Manifest{Format: FormatVersion, AsOf: asOf, Rows: 3, Files: []File{file}}
	change := func(f func(*Manifest)) Manifest {
		m := good
		m.Files = []File{file}
		f(&m)
		return m
	}
	for name, m := range map[string]Manifest{
		"date":   change(func(m *Manifest) { m.AsOf = m.AsOf.Add(time.Second) }),
		"rows":   change(func(m *Manifest) { m.Rows = 4 }),
		"sha256": change(func(m *Manifest) { m.Files[0].SHA256 = strings.Repeat("0", 64) }),
		"longer": change(func(m *Manifest) { m.Files[0].Bytes++ }),
		"less":   change(func(m *Manifest) { m.Files[0].Bytes-- }),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readAll(m.Open(bytes.NewReader(raw), CSV, DefaultLimits()))
			requireCode(t, CodeMismatch, err)
		})
	}
	_, err := good.Open(bytes.NewReader(raw), JSONL, DefaultLimits())
	requireCode(t, CodeManifest, err)
}

func TestParseManifestRefuses(t *testing.T) {
	const file = `{"name":"e.csv.gz","encoding":"csv","bytes":10,"sha256":"` + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" + `"}`
	manifest := func(files string) string {
		return `{"format":"epkr-registry-1","as_of":"2026-03-01T21:00:00Z","rows":1,"files":[` + files + `]}`
	}
	_, err := ParseManifest(strings.NewReader(manifest(file)))
	require.NoError(t, err, "the base of the table must be valid")
	for _, c := range []struct {
		name, in string
		code     Code
	}{
		{"not JSON", "<html>", CodeManifest},
		{"other version", strings.Replace(manifest(file), "registry-1", "registry-2", 1), CodeFormat},
		{"no date", strings.Replace(manifest(file), `"as_of":"2026-03-01T21:00:00Z",`, "", 1), CodeManifest},
		{"no files", manifest(""), CodeManifest},
		{"same encoding twice", manifest(file + "," + file), CodeManifest},
		{"unknown encoding", manifest(strings.Replace(file, `"csv"`, `"xml"`, 1)), CodeManifest},
		{"path in a name", manifest(strings.Replace(file, `e.csv.gz`, `../e.csv.gz`, 1)), CodeManifest},
		{"no size", manifest(strings.Replace(file, `10`, `0`, 1)), CodeManifest},
		{"sum of another kind", manifest(strings.Replace(file, `0123`, ``, 1)), CodeManifest},
		{"huge", manifest(file) + strings.Repeat(" ", maxManifest), CodeTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseManifest(strings.NewReader(c.in))
			requireCode(t, c.code, err)
		})
	}
}

func TestMaliciousInputIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-18")
	header := `{"format":"epkr-registry-1","as_of":"2026-03-01T21:00:00Z","rows":1}` + "\n"
	row := `{"registry_number":"1","snils":"112-233-445 95","last_name":"А","first_name":"Б","sro_name":"С","sro_number":"1","sro_in":"2016-07-01","status":"active"}`
	_, err := readAll(NewReader(bytes.NewReader(compressed(t, header+row)), JSONL, DefaultLimits()))
	require.NoError(t, err, "the base of the table must be valid")

	small := Limits{Line: 1000, Total: 10_000, Rows: 5}
	for _, c := range []struct {
		name string
		in   []byte
		code Code
	}{
		{"empty file", nil, CodeUnreadable},
		{"not gzip", []byte("<html>502 Bad Gateway</html>"), CodeUnreadable},
		{"zip bomb in one line", compressed(t, strings.Repeat("a", 50<<20)), CodeLineTooLong},
		{"zip bomb of blank lines", compressed(t, header+strings.Repeat("\n", 50<<20)), CodeRow},
		{"endless blank", compressed(t, header+strings.Repeat(" ", 50<<20)), CodeLineTooLong},
		{"header only", compressed(t, header), CodeIncomplete},
		{"no header", compressed(t, row), CodeFormat},
		{"other version", compressed(t, strings.Replace(header, "-1", "-9", 1)+row), CodeFormat},
		{"too many rows announced", compressed(t, strings.Replace(header, `"rows":1`, `"rows":6`, 1)), CodeTooLarge},
		{"negative rows", compressed(t, strings.Replace(header, `"rows":1`, `"rows":-1`, 1)), CodeFormat},
		{"long line", compressed(t, header+strings.Repeat("x", 1001)), CodeLineTooLong},
		{"Windows-1251", compressed(t, header+"\xcf\xe5\xf2\xf0\xee\xe2"), CodeUTF8},
		{"NUL in a name", compressed(t, header+strings.Replace(row, `"А"`, `"\u0000"`, 1)), CodeRow},
		{"lone surrogate", compressed(t, header+strings.Replace(row, `"А"`, `"\ud800"`, 1)), CodeRow},
		{"bad СНИЛС", compressed(t, header+strings.Replace(row, "112-233-445 95", "112-233", 1)), CodeRow},
		{"unknown status", compressed(t, header+strings.Replace(row, "active", "retired", 1)), CodeRow},
		{"no status", compressed(t, header+strings.Replace(row, `,"status":"active"`, "", 1)), CodeRow},
		{"bad date", compressed(t, header+strings.Replace(row, "2016-07-01", "01.07.2016", 1)), CodeRow},
		{"ancient date", compressed(t, header+strings.Replace(row, "2016-07-01", "0016-07-01", 1)), CodeRow},
		{"null row", compressed(t, header+"null"), CodeRow},
		{"two values in a line", compressed(t, header+row+row), CodeRow},
		{"active but left", compressed(t, header+strings.Replace(row, `"status"`, `"sro_out":"2020-01-01","status"`, 1)), CodeRow},
		{"trailing garbage", append(compressed(t, header+row), "tail"...), CodeUnreadable},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readAll(NewReader(bytes.NewReader(c.in), JSONL, small))
			requireCode(t, c.code, err)
			require.NotContains(t, err.Error(), "112-233", "an error must contain no personal data")
		})
	}
}

func TestTotalSizeIsBounded(t *testing.T) {
	acceptance.Covers(t, "S-18")
	raw, _ := written(t, CSV, sample(500))
	limits := DefaultLimits()
	limits.Total = 20_000
	_, err := readAll(NewReader(bytes.NewReader(raw), CSV, limits))
	requireCode(t, CodeTooLarge, err)

	// A stream of empty gzip members decompresses to nothing and never ends.
	_, err = readAll(NewReader(&endless{block: compressed(t, "")}, CSV, limits))
	requireCode(t, CodeTooLarge, err)
}

type endless struct {
	block []byte
	at    int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.block[e.at]
		e.at = (e.at + 1) % len(e.block)
	}
	return len(p), nil
}

func TestDuplicateEngineerIsRefused(t *testing.T) {
	rows := sample(3)
	for name, spoil := range map[string][2]string{
		"registry number": {rows[2].RegistryNumber, rows[0].RegistryNumber},
		"СНИЛС":           {rows[2].SNILS, rows[0].SNILS},
	} {
		t.Run(name, func(t *testing.T) {
			whole, _ := written(t, CSV, rows)
			raw := compressed(t, strings.ReplaceAll(decompressed(t, whole), spoil[0], spoil[1]))
			_, err := readAll(NewReader(bytes.NewReader(raw), CSV, DefaultLimits()))
			requireCode(t, CodeDuplicate, err)
			var fault *Error
			require.ErrorAs(t, err, &fault)
			require.Equal(t, 5, fault.Line, "header, columns, and the third row")
		})
	}
}

func TestCSVColumnsMayBeReorderedAndAdded(t *testing.T) {
	lines := "epkr-registry-1,2026-03-01T21:00:00Z,1\n" +
		"status,new_column,snils,registry_number,last_name,first_name,middle_name,sro_name,sro_number,sro_in,sro_out,sro_out_reason\r\n" +
		`active,"a ""quoted"", cell",112-233-445 95,1,А,Б,,С,1,2016-07-01,,` + "\r\n"
	rows, err := readAll(NewReader(bytes.NewReader(compressed(t, lines)), CSV, DefaultLimits()))
	require.NoError(t, err)
	require.Equal(t, []Row{{
		RegistryNumber: "1", SNILS: "112-233-445 95", LastName: "А", FirstName: "Б",
		SROName: "С", SRONumber: "1", SROIn: NewDate(2016, 7, 1), Status: StatusActive,
	}}, rows)

	for name, c := range map[string]struct {
		in   string
		code Code
	}{
		"missing column": {strings.Replace(lines, ",sro_in,", ",sro_begin,", 1), CodeFormat},
		"column twice":   {strings.Replace(lines, "new_column", "snils", 1), CodeFormat},
		"cell missing":   {strings.Replace(lines, ",2016-07-01,,", ",2016-07-01,", 1), CodeRow},
		"open quote":     {strings.Replace(lines, `cell",`, `cell,`, 1), CodeRow},
		"quote inside":   {strings.Replace(lines, `active`, `act"ive`, 1), CodeRow},
		"no columns":     {"epkr-registry-1,2026-03-01T21:00:00Z,1\n", CodeFormat},
		"header of two":  {"epkr-registry-1,2026-03-01T21:00:00Z\n", CodeFormat},
		"no date":        {"epkr-registry-1,yesterday,1\n", CodeFormat},
	} {
		t.Run(name, func(t *testing.T) {
			require.NotEqual(t, lines, c.in)
			_, err := readAll(NewReader(bytes.NewReader(compressed(t, c.in)), CSV, DefaultLimits()))
			requireCode(t, c.code, err)
		})
	}
}

func TestWriterRefusesControlCharactersAndUnknownEncoding(t *testing.T) {
	rows := sample(1)
	rows[0].LastName = "two\nlines"
	for _, enc := range []Encoding{CSV, JSONL} {
		_, err := Write(io.Discard, "x", enc, asOf, rows)
		require.Error(t, err)
	}
	_, err := Write(io.Discard, "x", "xml", asOf, nil)
	require.Error(t, err)
}

func TestReaderStopsWhenItsConsumerStops(t *testing.T) {
	raw, _ := written(t, CSV, sample(10))
	reader, err := NewReader(bytes.NewReader(raw), CSV, DefaultLimits())
	require.NoError(t, err)
	seen := 0
	for range reader.Rows() {
		if seen++; seen == 3 {
			break
		}
	}
	require.Equal(t, 3, seen)
}

func TestDateIsADay(t *testing.T) {
	d, err := ParseDate("2024-02-29")
	require.NoError(t, err)
	require.Equal(t, NewDate(2024, 2, 29), d)
	require.Equal(t, "2024-02-29", d.String())
	require.Equal(t, time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), d.Time())
	none, err := ParseDate("")
	require.NoError(t, err)
	require.True(t, none.IsZero())
	require.Empty(t, none.String())
	_, err = ParseDate("2023-02-29")
	require.Error(t, err)
}

func TestEveryStatusHasALabel(t *testing.T) {
	labels := map[string]bool{}
	for _, s := range []Status{StatusActive, StatusExcluded, StatusSuspended, StatusDeceased} {
		require.True(t, s.Valid())
		require.Equal(t, s == StatusActive, Row{Status: s}.Active())
		labels[s.Label()] = true
	}
	require.Len(t, labels, 4)
	require.False(t, Status("").Valid())
}

func FuzzReaderNeverPanics(f *testing.F) {
	for _, enc := range []Encoding{CSV, JSONL} {
		raw, _ := written(f, enc, sample(2))
		gz, err := gzip.NewReader(bytes.NewReader(raw))
		require.NoError(f, err)
		plain, err := io.ReadAll(gz)
		require.NoError(f, err)
		f.Add(plain, enc == CSV)
	}
	f.Fuzz(func(t *testing.T, plain []byte, isCSV bool) {
		enc := JSONL
		if isCSV {
			enc = CSV
		}
		rows, err := readAll(NewReader(bytes.NewReader(compressed(t, string(plain))), enc, DefaultLimits()))
		if err != nil {
			var fault *Error
			require.True(t, errors.As(err, &fault))
			return
		}
		raw, _ := written(t, enc, rows)
		again, err := readAll(NewReader(bytes.NewReader(raw), enc, DefaultLimits()))
		require.NoError(t, err)
		require.Equal(t, len(rows), len(again))
	})
}

func BenchmarkRead40000Rows(b *testing.B) {
	rows := sample(40_000)
	rnd := rand.New(rand.NewPCG(1, 1))
	for i := range rows {
		rows[i].Results = []Result{{Period: "2025", Filed: rnd.IntN(300), Refusals: rnd.IntN(9), Suspensions: rnd.IntN(9)}}
	}
	for _, enc := range []Encoding{CSV, JSONL} {
		raw, _ := written(b, enc, rows)
		b.Run(string(enc), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				got := 0
				reader, err := NewReader(bytes.NewReader(raw), enc, DefaultLimits())
				require.NoError(b, err)
				for _, err := range reader.Rows() {
					if err != nil {
						b.Fatal(err)
					}
					got++
				}
				if got != len(rows) {
					b.Fatalf("read %d rows", got)
				}
			}
		})
	}
}
