package profiles

import (
	"fmt"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi/wire"
	"epkr/internal/picture"
)

// Purpose is what a file of a profile is.
type Purpose string

// The purposes of files.
const (
	Photo    Purpose = "photo"
	Diploma  Purpose = "diploma" // дипломы и аттестаты
	Sample   Purpose = "sample"  // примеры работ, лицензии, свидетельства
	Document Purpose = "document"
)

const (
	pdf = "application/pdf"
	mb  = 1 << 20
)

// purposeRule is what a profile takes for a purpose.
type purposeRule struct {
	purpose Purpose
	files   int   // at most
	bytes   int64 // of one file, at most
	types   []string
	// private files are shown to nobody but those who have to check them.
	private bool
}

// purposeRules is the only table of what a profile takes.
var purposeRules = []purposeRule{
	{Photo, 1, 10 * mb, []string{picture.JPEG, picture.PNG}, false},
	{Diploma, 20, 50 * mb, []string{picture.JPEG, picture.PNG, pdf}, false},
	{Sample, 30, 50 * mb, []string{picture.JPEG, picture.PNG, pdf}, false},
	{Document, 10, 50 * mb, []string{picture.JPEG, picture.PNG, pdf}, true},
}

// Schema lists the purposes in the description of the API, for huma.
func (Purpose) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]Purpose{Photo, Diploma, Sample, Document})
}

func (p Purpose) rule() purposeRule {
	i := slices.IndexFunc(purposeRules, func(r purposeRule) bool { return r.purpose == p })
	if i < 0 {
		return purposeRule{purpose: p, private: true}
	}
	return purposeRules[i]
}

// Private reports whether files of the purpose are shown only to those who have to check them.
func (p Purpose) Private() bool { return p.rule().private }

// Refuse returns why a profile does not take a file of this size in bytes and content type for the
// purpose; empty if it does. An empty content type is not known yet.
func (p Purpose) Refuse(size int64, contentType string) string {
	rule := p.rule()
	switch {
	case size > rule.bytes:
		return fmt.Sprintf("Файл больше %d Мб: столько сюда принимается.", rule.bytes/mb)
	case contentType == "" || slices.Contains(rule.types, contentType):
		return ""
	case p == Photo:
		return "Это не фотография: принимаются снимки JPEG и PNG."
	}
	return "Принимаются снимки JPEG и PNG и документы PDF."
}
