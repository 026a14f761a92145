package document

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxText is the largest sum of the lengths of all texts of a document, in bytes. It bounds the work
// and the memory of a writer.
const MaxText = 1 << 20

// maxColumns is how many columns a page of A4 can show.
const maxColumns = 12

// Check returns the first fault that no writer can write correctly: a table whose rows differ in
// length, a code that is not square, a control character, too long a text. Errors are for developers:
// a document that was made from checked values has no fault.
func (d Document) Check() error {
	if d.Meta.Language == "" || d.Meta.Title == "" || d.Meta.Created.IsZero() {
		return errors.New("document: the language, the title or the time of creation is missing")
	}
	if len(d.Blocks) == 0 {
		return errors.New("document: no blocks")
	}
	if _, first := d.Blocks[0].(Title); !first {
		return errors.New("document: the first block is not the title")
	}
	size := 0
	for _, s := range []string{d.Footer, d.Meta.Title, d.Meta.Subject, d.Meta.Template.Name, d.Meta.Template.Version} {
		if err := checkString(s, &size); err != nil {
			return err
		}
	}
	for i, b := range d.Blocks {
		if err := checkBlock(b, &size); err != nil {
			return fmt.Errorf("block %d: %w", i+1, err)
		}
		if _, title := b.(Title); title && i > 0 {
			return fmt.Errorf("document: block %d is a second title", i+1)
		}
	}
	return nil
}

func checkBlock(b Block, size *int) error {
	switch b := b.(type) {
	case Title:
		return checkTexts(size, b.Text)
	case Heading:
		return checkTexts(size, Plain(b.Number), b.Text)
	case Clause:
		if b.Level != 1 && b.Level != 2 {
			return fmt.Errorf("document: the clause %s has the level %d", b.Number, b.Level)
		}
		return checkTexts(size, Plain(b.Number), b.Text)
	case Paragraph:
		return checkTexts(size, b.Text)
	case Table:
		return checkTable(b, size)
	case Columns:
		return checkColumns(b, size)
	case Signatures:
		return checkSignatures(b, size)
	case Code:
		return checkCode(b, size)
	}
	return fmt.Errorf("document: unknown block %T", b)
}

func checkTable(t Table, size *int) error {
	if len(t.Columns) == 0 || len(t.Columns) > maxColumns {
		return fmt.Errorf("document: a table has %d columns, 1 to %d are possible", len(t.Columns), maxColumns)
	}
	for _, c := range t.Columns {
		if c.Width <= 0 {
			return errors.New("document: a column of a table has no width")
		}
		if err := checkTexts(size, c.Header); err != nil {
			return err
		}
	}
	rows := t.Rows
	if t.Totals != nil {
		rows = append(rows[:len(rows):len(rows)], t.Totals)
	}
	for i, row := range rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("document: row %d of a table has %d cells, not %d", i+1, len(row), len(t.Columns))
		}
		if err := checkTexts(size, row...); err != nil {
			return err
		}
	}
	return nil
}

func checkColumns(columns Columns, size *int) error {
	if len(columns) < 2 || len(columns) > 3 {
		return fmt.Errorf("document: %d texts side by side, 2 or 3 are possible", len(columns))
	}
	for _, column := range columns {
		for _, p := range column {
			if err := checkTexts(size, p.Text); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkSignatures(signatures Signatures, size *int) error {
	if len(signatures) == 0 || len(signatures) > 3 {
		return fmt.Errorf("document: %d signatures, 1 to 3 are possible", len(signatures))
	}
	for _, s := range signatures {
		if err := checkTexts(size, s.Role, s.Name); err != nil {
			return err
		}
	}
	return nil
}

// checkCode accepts the sizes of QR codes, 21 to 177 modules (ISO/IEC 18004).
func checkCode(c Code, size *int) error {
	n := len(c.Modules)
	if n < 21 || n > 177 || (n-17)%4 != 0 {
		return fmt.Errorf("document: a QR code has no %d modules a side", n)
	}
	for _, row := range c.Modules {
		if len(row) != n {
			return errors.New("document: the matrix of the QR code is not square")
		}
	}
	if c.Alt == "" {
		return errors.New("document: the QR code has no alternative text")
	}
	if c.Side < 10 || c.Side > 120 {
		return fmt.Errorf("document: a QR code of %d mm", c.Side)
	}
	return checkString(c.Alt, size)
}

func checkTexts(size *int, texts ...Text) error {
	for _, t := range texts {
		for _, run := range t {
			if err := checkString(run.Text, size); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkString adds the length of a text to size. Neither PDF nor XML can carry control characters.
func checkString(s string, size *int) error {
	if *size += len(s); *size > MaxText {
		return fmt.Errorf("document: the texts are longer than %d bytes", MaxText)
	}
	if !utf8.ValidString(s) {
		return errors.New("document: a text is not UTF-8")
	}
	at := strings.IndexFunc(s, func(r rune) bool { return r != '\n' && unicode.IsControl(r) || r >= 0xFFFE && r <= 0xFFFF })
	if at >= 0 {
		r, _ := utf8.DecodeRuneInString(s[at:])
		return fmt.Errorf("document: the text %.40q has the character %U", s, r)
	}
	return nil
}
