package generated

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"epkr/internal/document"
	"epkr/internal/document/docx"
	"epkr/internal/document/forms"
	"epkr/internal/document/pdf"
)

// Kind is what a document is in its order.
type Kind string

// The kinds of documents that the platform makes.
const (
	Contract          Kind = "contract"
	Act               Kind = "act"
	PrepaymentInvoice Kind = "prepayment-invoice"
	Invoice           Kind = "invoice"
)

// Kinds returns all kinds.
func Kinds() []Kind { return []Kind{Contract, Act, PrepaymentInvoice, Invoice} }

// The content types of the files.
const (
	PDF  = "application/pdf"
	DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)

// Input is everything from which a document is made. Its JSON is stored: a name in it never changes.
type Input struct {
	// Created is the time that the files record, to the second.
	Created time.Time `json:"created"`
	// Name is the name of the files without the ending.
	Name     string          `json:"name"`
	Contract *forms.Contract `json:"contract,omitempty"`
	Act      *forms.Act      `json:"act,omitempty"`
	Invoice  *forms.Invoice  `json:"invoice,omitempty"`
}

// Files are the files of a document, and the text from which they were made.
type Files struct {
	PDF, DOCX []byte
	Template  document.Template
}

// Maker makes documents. It may be used by several goroutines.
type Maker struct{ forms *forms.Forms }

// NewMaker parses the texts of the documents.
func NewMaker() (*Maker, error) {
	texts, err := forms.Load()
	if err != nil {
		return nil, fmt.Errorf("reading the texts of documents: %w", err)
	}
	return &Maker{texts}, nil
}

// errEmpty is an input without a document.
var errEmpty = errors.New("a document without its values")

// Make makes the files. The error is *forms.Error for a wrong value and *pdf.MissingGlyphError for a
// character that cannot be printed; see [Problem].
func (m *Maker) Make(in Input) (Files, error) {
	d, err := m.document(in)
	if err != nil {
		return Files{}, err
	}
	made := Files{Template: d.Meta.Template}
	if made.PDF, err = written(pdf.Write, d); err != nil {
		return Files{}, err
	}
	made.DOCX, err = written(docx.Write, d)
	return made, err
}

// Protocol makes the PDF of a protocol. What the font does not have is shown as «?».
func (m *Maker) Protocol(p forms.Protocol) ([]byte, error) {
	p.Shows = pdf.Shows
	d, err := m.forms.Protocol(p, p.CheckedAt.UTC().Truncate(time.Second))
	if err != nil {
		return nil, err
	}
	return written(pdf.Write, d)
}

// MakeStored makes the files of a stored input and returns their name without the ending.
func (m *Maker) MakeStored(input json.RawMessage) (made Files, name string, err error) {
	in, err := Read(input)
	if err != nil {
		return Files{}, "", err
	}
	made, err = m.Make(in)
	return made, in.Name, err
}

// History makes the PDF of the history of an order, with what the font has of its texts.
func (m *Maker) History(h forms.History) ([]byte, error) {
	h.Shows = pdf.Shows
	d, err := m.forms.History(h, h.MadeAt)
	if err != nil {
		return nil, err
	}
	return written(pdf.Write, d)
}

func (m *Maker) document(in Input) (document.Document, error) {
	switch {
	case in.Contract != nil:
		return m.forms.Contract(*in.Contract, in.Created)
	case in.Act != nil:
		return m.forms.Act(*in.Act, in.Created)
	case in.Invoice != nil:
		return m.forms.Invoice(withCode(*in.Invoice), in.Created)
	}
	return document.Document{}, errEmpty
}

func written(write func(io.Writer, document.Document) error, d document.Document) ([]byte, error) {
	var file bytes.Buffer
	if err := write(&file, d); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}

// Problem returns the field and the Russian sentence about a value that the person can change; field
// is empty if no single field is wrong. It returns false for any other error.
func Problem(err error) (field, message string, found bool) {
	if fault := (*forms.Error)(nil); errors.As(err, &fault) {
		return fault.Field, fault.Message, true
	}
	if missing := (*pdf.MissingGlyphError)(nil); errors.As(err, &missing) {
		return "", missing.Error(), true
	}
	return "", "", false
}
