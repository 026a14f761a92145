package pdfa

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv/cost"
)

// FuzzCheck checks any bytes, and a document of which these are the objects: there is a report, and
// each fault is in it once and can be shown to a person. It costs no more than a bomb may.
func FuzzCheck(f *testing.F) {
	f.Add(bytes.Join(short(level1A(f)), separator))
	for _, c := range slices.Concat(part1, contained, later) {
		d := claiming(f, max(c.part, 1), max(c.level, "A"))
		before := len(d.objects)
		c.change(d)
		f.Add(bytes.Join(append(short(d)[before:], short(d)[:before]...), separator))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		requireShowable(t, cheaply(t, data))
		d := document{head: "%PDF-1.4\n%\xE4\xF6\xFC\xDF\n", trailer: "/ID[(a)(a)]"}
		d.objects = bytes.Split(data, separator)
		for i, body := range d.objects {
			if bytes.HasPrefix(body, []byte("<</Type/Catalog")) {
				d.trailer += "/Root " + (&document{objects: d.objects[:i]}).add("") + "/Info 1 0 R"
			}
		}
		requireShowable(t, cheaply(t, d.bytes()))
	})
}

func cheaply(t *testing.T, data []byte) (r Report) {
	t.Helper()
	spent := cost.Of(func() { r = judge(t, data) })
	require.Less(t, spent.Allocated, uint64(maxMemory), "%v for %d bytes", spent, len(data))
	require.Less(t, spent.CPU, time.Second, "%v for %d bytes", spent, len(data))
	return r
}

// separator stands between the objects of the corpus.
var separator = []byte("\n\n\n")

var content = regexp.MustCompile(`(?s)stream\n.{300,}\nendstream`)

// short returns the objects of a document, with long streams and the structure left out.
func short(d *document) (objects [][]byte) {
	for _, body := range d.objects {
		if bytes.Contains(body, []byte("FlateDecode")) {
			body = content.ReplaceAll(body, []byte("stream\nx\nendstream"))
		}
		if bytes.HasPrefix(body, []byte("<</Type/Struct")) || bytes.HasPrefix(body, []byte("<</O/")) {
			body = []byte("null")
		}
		objects = append(objects, regexp.MustCompile(` {9,}\n`).ReplaceAll(body, nil))
	}
	return objects
}

func requireShowable(t *testing.T, r Report) {
	t.Helper()
	seen := map[Code]bool{}
	for _, fault := range r.Faults {
		require.False(t, seen[fault.Code], fault.Code)
		seen[fault.Code] = true
		require.True(t, utf8.ValidString(fault.Message))
		require.NotContains(t, fault.Message, "{")
		require.Less(t, utf8.RuneCountInString(fault.Message), 1000)
	}
	if r.Accepted() {
		require.True(t, strings.HasPrefix(r.Standard(), "PDF/A-"))
	}
}
