package document_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/document"
)

func TestDocumentsThatCannotBeWrittenAreFound(t *testing.T) {
	plain := document.Plain
	column := document.Column{Header: plain("а"), Width: 1}
	square := func(n int) document.Modules {
		m := make(document.Modules, n)
		for i := range m {
			m[i] = make([]bool, n)
		}
		return m
	}
	for name, c := range map[string]struct {
		blocks []document.Block
		fault  string
	}{
		"second title":        {[]document.Block{document.Title{}}, "block 2 is a second title"},
		"nil block":           {[]document.Block{nil}, "unknown block"},
		"level":               {[]document.Block{document.Clause{Number: "1.", Level: 3}}, "the clause 1. has the level 3"},
		"control character":   {[]document.Block{document.Paragraph{Text: plain("а\x00б")}}, "has the character U+0000"},
		"tab":                 {[]document.Block{document.Heading{Text: plain("а\tб")}}, "has the character U+0009"},
		"noncharacter":        {[]document.Block{document.Heading{Number: "\uffff"}}, "has the character U+FFFF"},
		"not UTF-8":           {[]document.Block{document.Paragraph{Text: plain("\xff")}}, "is not UTF-8"},
		"too long":            {[]document.Block{document.Paragraph{Text: plain(strings.Repeat("а", document.MaxText/2+1))}}, "longer than"},
		"no columns":          {[]document.Block{document.Table{}}, "a table has 0 columns"},
		"no width":            {[]document.Block{document.Table{Columns: []document.Column{{}}}}, "has no width"},
		"short row":           {[]document.Block{document.Table{Columns: []document.Column{column}, Rows: [][]document.Text{{}}}}, "row 1 of a table has 0 cells, not 1"},
		"long totals":         {[]document.Block{document.Table{Columns: []document.Column{column}, Totals: []document.Text{nil, nil}}}, "has 2 cells, not 1"},
		"cell":                {[]document.Block{document.Table{Columns: []document.Column{column}, Rows: [][]document.Text{{plain("\x01")}}}}, "U+0001"},
		"one side":            {[]document.Block{document.Columns{{}}}, "1 texts side by side"},
		"side":                {[]document.Block{document.Columns{{{Text: plain("\x02")}}, nil}}, "U+0002"},
		"no signatures":       {[]document.Block{document.Signatures{}}, "0 signatures"},
		"signer":              {[]document.Block{document.Signatures{{Name: plain("\x03")}}}, "U+0003"},
		"size of a code":      {[]document.Block{document.Code{Modules: square(22), Alt: "а", Side: 40}}, "no 22 modules"},
		"code not square":     {[]document.Block{document.Code{Modules: append(square(24)[:20:20], make([]bool, 21)), Alt: "а", Side: 40}}, "not square"},
		"code without a text": {[]document.Block{document.Code{Modules: square(21), Side: 40}}, "no alternative text"},
		"width of a code":     {[]document.Block{document.Code{Modules: square(21), Alt: "а", Side: 500}}, "500 mm"},
		"text of a code":      {[]document.Block{document.Code{Modules: square(21), Alt: "\x04", Side: 40}}, "U+0004"},
	} {
		t.Run(name, func(t *testing.T) {
			d := document.Document{
				Meta:   document.Meta{Language: "ru-RU", Title: "а", Created: time.Unix(0, 0)},
				Blocks: append([]document.Block{document.Title{Text: plain("а")}}, c.blocks...),
			}
			require.ErrorContains(t, d.Check(), c.fault)
			d.Blocks = d.Blocks[:1]
			require.NoError(t, d.Check())
		})
	}
}

func TestADocumentNeedsMetadataAndATitle(t *testing.T) {
	d := document.Document{Meta: document.Meta{Language: "ru-RU", Title: "а", Created: time.Unix(0, 0)}}
	require.ErrorContains(t, d.Check(), "no blocks")
	d.Blocks = []document.Block{document.Heading{}}
	require.ErrorContains(t, d.Check(), "the first block is not the title")
	d.Blocks[0] = document.Title{}
	d.Footer = "\x00"
	require.ErrorContains(t, d.Check(), "U+0000")
	d.Meta.Language = ""
	require.ErrorContains(t, d.Check(), "the language, the title or the time of creation is missing")
}
