package pdf

import (
	"fmt"
	"io"

	"epkr/internal/document"
)

// MaxPages is the largest number of pages of a document.
const MaxPages = 1000

// Write writes a document. A character without a glyph is a [*MissingGlyphError]; other errors mean a
// fault of the program that made the document, more than MaxPages pages, a header row or signatures
// that do not fit on a page, or a failure of w.
func Write(w io.Writer, d document.Document) error {
	if err := d.Check(); err != nil {
		return err
	}
	t := newTypesetter()
	strips, root, err := t.layOut(d)
	if err != nil {
		return err
	}
	pages, err := paginate(strips)
	if err != nil {
		return err
	}
	if err := t.foot(pages, d.Footer); err != nil {
		return err
	}
	return newFile(d.Meta, t.faces, pages, root).write(w)
}

// MissingGlyphError is a character that the font cannot show.
type MissingGlyphError struct {
	Character rune
	Text      string // what stands around it
}

// Error returns a Russian sentence for the person who wrote the text.
func (e *MissingGlyphError) Error() string {
	return fmt.Sprintf("Символ «%c» (%U) нельзя напечатать в документе, замените его: «%s».", e.Character, e.Character, e.Text)
}
