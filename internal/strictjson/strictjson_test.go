package strictjson_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/strictjson"
)

func TestUnambiguousTextIsAccepted(t *testing.T) {
	for _, text := range []string{
		`{}`, `[]`, `null`, `true`, `"текст"`, `0`, `-0`, `-1.5e-3`, ` { "a" : [ 1 , { "b" : null } ] } ` + "\r\n\t",
		`"\u0416\"\\\/\b\f\n\r\t"`, `"\ud83d\ude00"`, `"😀"`, `9007199254740991`, `1e308`, `1e-400`,
		`{"a":{"x":1},"b":{"x":1}}`, `[{"x":1},{"x":1}]`, `"` + "\u200b" + `"`, `"\\u0000"`, `"\\ud800"`,
		strings.Repeat("[", strictjson.MaxDepth) + strings.Repeat("]", strictjson.MaxDepth),
	} {
		require.NoError(t, strictjson.Check([]byte(text)), text)
		require.True(t, json.Valid([]byte(text)), text)
	}
}

func TestAmbiguousTextIsRefused(t *testing.T) {
	deep := strictjson.MaxDepth + 1
	for name, c := range map[string]struct {
		text string
		kind strictjson.Kind
		path string
	}{
		"nothing":                   {``, strictjson.Syntax, ""},
		"no JSON":                   {`адрес`, strictjson.Syntax, ""},
		"cut short":                 {`{"a":[1,`, strictjson.Syntax, "a[1]"},
		"something follows":         {`{} {}`, strictjson.Syntax, ""},
		"a comma too many":          {`{"a":1,}`, strictjson.Syntax, ""},
		"a leading zero":            {`01`, strictjson.Syntax, ""},
		"a plus":                    {`+1`, strictjson.Syntax, ""},
		"not a number":              {`NaN`, strictjson.Syntax, ""},
		"a line break in a string":  {"\"a\nb\"", strictjson.Syntax, ""},
		"an unknown escape":         {`"\x41"`, strictjson.Syntax, ""},
		"a NUL byte":                {"\"a\x00\"", strictjson.Syntax, ""},
		"a byte order mark":         {"\ufeff{}", strictjson.Encoding, ""},
		"windows-1251":              {"{\"a\":\"\xc0\xe4\xf0\xe5\xf1\"}", strictjson.Encoding, "a"},
		"UTF-16 with its mark":      {"\xff\xfe{\x00}\x00", strictjson.Encoding, ""},
		"bytes in a name":           {"{\"\xc0\":1}", strictjson.Encoding, ""},
		"bytes behind":              {"{}\xc0", strictjson.Syntax, ""},
		"an encoded surrogate":      {"\"\xed\xa0\x80\"", strictjson.Encoding, ""},
		"UTF-16":                    {"{\x00}\x00", strictjson.Syntax, ""},
		"a name twice":              {`{"a":1,"a":1}`, strictjson.Duplicate, "a"},
		"in another case":           {`{"address":"ok","ADDRESS":"x"}`, strictjson.Duplicate, "ADDRESS"},
		"inside":                    {`{"text":[{"link":1,"Link":2}]}`, strictjson.Duplicate, "text[0].Link"},
		"as an escape":              {`{"size":1,"\u0053IZE":0}`, strictjson.Duplicate, "SIZE"},
		"with a long s":             {`{"size":1,"ſize":0}`, strictjson.Duplicate, "ſize"},
		"with a Kelvin sign":        {`{"workKind":1,"worKKind":0}`, strictjson.Duplicate, "worKKind"},
		"in Russian":                {`{"адрес":1,"АДРЕС":0}`, strictjson.Duplicate, "АДРЕС"},
		"U+0000":                    {`{"text":{"note":"a\u0000"}}`, strictjson.Character, "text.note"},
		"a lone high surrogate":     {`{"note":"\ud800"}`, strictjson.Character, "note"},
		"a lone low surrogate":      {`["\udc00"]`, strictjson.Character, "[0]"},
		"surrogates the wrong way":  {`"\ude00\ud83d"`, strictjson.Character, ""},
		"a surrogate and a letter":  {`"\ud83d\u0041"`, strictjson.Character, ""},
		"a surrogate in a name":     {`{"\ud800":1}`, strictjson.Character, ""},
		"a noncharacter":            {`"\ufffe"`, strictjson.Character, ""},
		"a noncharacter in UTF-8":   {"\"\uffff\"", strictjson.Character, ""},
		"a number without end":      {`{"price":1e400}`, strictjson.Number, "price"},
		"2^53+1":                    {`{"price":9007199254740993}`, strictjson.Number, "price"},
		"a long number":             {`[` + strings.Repeat("9", 400) + `]`, strictjson.Number, "[0]"},
		"too deep":                  {strings.Repeat("[", deep) + strings.Repeat("]", deep), strictjson.Depth, strings.Repeat("[0]", strictjson.MaxDepth)},
		"10,000 deep, never closed": {strings.Repeat(`{"a":`, 10_000), strictjson.Depth, "a" + strings.Repeat(".a", strictjson.MaxDepth-1)},
	} {
		t.Run(name, func(t *testing.T) {
			var fault *strictjson.Fault
			require.ErrorAs(t, strictjson.Check([]byte(c.text)), &fault)
			require.Equal(t, c.kind.String(), fault.Kind.String())
			require.Equal(t, c.path, fault.Path)
		})
	}
}

type inner struct {
	Link string `json:"link"`
}

type common struct {
	Version int `json:"version"`
}

type outer struct {
	common
	Status string           `json:"status"`
	Parts  []*inner         `json:"parts"`
	ByName map[string]inner `json:"byName"`
	Free   map[string]any   `json:"free"`
	At     time.Time        `json:"at"`
	Secret string           `json:"-"`
	Plain  int
}

func TestUnmarshalMatchesNamesExactly(t *testing.T) {
	const good = `{"version":1,"status":"s","parts":[{"link":"l"}],"byName":{"A":{"link":"m"}},"free":{"Status":1},"at":"2026-01-02T03:04:05Z","Plain":2}`
	var o outer
	require.NoError(t, strictjson.Unmarshal([]byte(good), &o))
	require.Equal(t, 1, o.Version)
	require.Equal(t, "l", o.Parts[0].Link)
	require.Equal(t, "m", o.ByName["A"].Link)
	require.Equal(t, 2, o.Plain)
	for _, bad := range []string{
		`{"Status":"s"}`, `{"STATUS":"s"}`, `{"ſtatus":"s"}`, `{"parts":[{"Link":"l"}]}`, `{"byName":{"A":{"LINK":"m"}}}`, `{"Version":1}`,
		`{"plain":1}`, `{"Secret":"s"}`, `{"-":"s"}`, `{"more":1}`, `{"common":{}}`,
	} {
		var fault *strictjson.Fault
		require.ErrorAs(t, strictjson.Unmarshal([]byte(bad), &outer{}), &fault, bad)
		require.Equal(t, strictjson.Unknown, fault.Kind, bad)
	}
	require.Error(t, strictjson.Unmarshal([]byte(`{"status":1}`), &outer{}))

	var large struct{ N int64 }
	require.NoError(t, strictjson.Unmarshal([]byte(`{"N":-9223372036854775808}`), &large))
	require.Equal(t, int64(math.MinInt64), large.N)
	require.Error(t, strictjson.Unmarshal([]byte(`{"N":9223372036854775808}`), &large))
}

func TestUnmarshalKnownIgnoresOtherNames(t *testing.T) {
	for text, want := range map[string]outer{
		`{"Status":"x"}`:                                     {},
		`{"Status":"x","a":{"status":"y"}}`:                  {},
		`{"a":1,"status":"s"}`:                               {Status: "s"},
		`{"status":"s","a":1}`:                               {Status: "s"},
		`{"a":1,"b":2,"status":"s","c":3,"version":4,"d":5}`: {Status: "s", common: common{4}},
		`{"a":1,"status":"s","parts":[{"Link":"x"}]}`:        {Status: "s", Parts: []*inner{{}}},
		`{"parts":[{"Link":"x"},{"link":"l","LINQ":1}]}`:     {Parts: []*inner{{}, {Link: "l"}}},
	} {
		var o outer
		given := []byte(text)
		require.NoError(t, strictjson.UnmarshalKnown(given, &o), text)
		require.Equal(t, want, o, text)
		require.Equal(t, text, string(given), "the caller's text must not change")
	}
	for _, bad := range []string{`{"status":"suspended","Status":"active"}`, `{"a":1,"a":2}`, `{"a":{"b":1,"B":2}}`} {
		var fault *strictjson.Fault
		require.ErrorAs(t, strictjson.UnmarshalKnown([]byte(bad), &outer{}), &fault, bad)
		require.Equal(t, strictjson.Duplicate, fault.Kind, bad)
	}
}

func TestUnmarshalExtendedRefusesFieldInAnotherCase(t *testing.T) {
	var o outer
	require.NoError(t, strictjson.UnmarshalExtended([]byte(`{"a":1,"status":"s","parts":[{"b":1,"link":"l"}]}`), &o))
	require.Equal(t, outer{Status: "s", Parts: []*inner{{Link: "l"}}}, o)
	for _, bad := range []string{`{"Status":"s"}`, `{"ſtatus":"s"}`, `{"parts":[{"a":1,"LINK":"l"}]}`, `{"VERSION":1}`} {
		var fault *strictjson.Fault
		require.ErrorAs(t, strictjson.UnmarshalExtended([]byte(bad), &outer{}), &fault, bad)
		require.Equal(t, strictjson.Unknown, fault.Kind, bad)
	}
}

func TestLinearTime(t *testing.T) {
	var names strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&names, `"n%d":"\u0041",`, i)
	}
	text := []byte(`{` + names.String() + `"end":1}`)
	began := time.Now()
	require.NoError(t, strictjson.Check(text))
	require.NoError(t, strictjson.UnmarshalKnown(text, &outer{}))
	require.Less(t, time.Since(began), 5*time.Second)
}

// encoding/json accepts every text that Check accepts.
func FuzzCheckAgreesWithEncodingJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,-0.5e3,"\ud83d\ude00"],"b":null}`, `{"a":1,"A":2}`, `[[[`, `"\u0000"`, `1e400`, "\ufeff1"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var fault *strictjson.Fault
		err := strictjson.Check(text)
		if err != nil {
			require.True(t, errors.As(err, &fault))
			if fault.Kind == strictjson.Syntax {
				require.False(t, json.Valid(text), "%q", text)
			}
			return
		}
		var v any
		require.NoError(t, json.Unmarshal(text, &v), "%q", text)
		if n, ok := v.(float64); ok {
			require.False(t, math.IsInf(n, 0))
		}
		var broken *json.SyntaxError
		require.False(t, errors.As(strictjson.UnmarshalKnown(text, &outer{}), &broken), "%q", text)
	})
}
