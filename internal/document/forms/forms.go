package forms

import (
	"embed"
	"fmt"
	"time"

	"epkr/internal/document"
	"epkr/internal/document/template"
)

//go:embed texts/*.txt
var texts embed.FS

// Forms are the parsed texts. It may be used by several goroutines.
type Forms struct{ contract, act, invoice, protocol, history *template.Template }

// Load parses the texts. The error lists every fault of the first text that has one, with its lines.
func Load() (*Forms, error) {
	var f Forms
	for _, form := range []struct {
		file   string
		schema template.Schema
		parsed **template.Template
	}{
		{"texts/contract.txt", contractSchema(), &f.contract},
		{"texts/act.txt", actSchema(), &f.act},
		{"texts/invoice.txt", invoiceSchema(), &f.invoice},
		{"texts/protocol.txt", protocolSchema(), &f.protocol},
		{"texts/history.txt", historySchema(), &f.history},
	} {
		source, err := texts.ReadFile(form.file)
		if err != nil {
			return nil, err
		}
		if *form.parsed, err = template.Parse(form.file, source, form.schema); err != nil {
			return nil, err
		}
	}
	return &f, nil
}

// Contract makes the contract. created is the time that the file records.
func (f *Forms) Contract(c Contract, created time.Time) (document.Document, error) {
	values, err := c.values()
	if err != nil {
		return document.Document{}, err
	}
	return f.contract.Fill(values, created)
}

// Act makes the act of completed works.
func (f *Forms) Act(a Act, created time.Time) (document.Document, error) {
	values, err := a.values()
	if err != nil {
		return document.Document{}, err
	}
	return f.act.Fill(values, created)
}

// Invoice makes an invoice.
func (f *Forms) Invoice(i Invoice, created time.Time) (document.Document, error) {
	values, err := i.values()
	if err != nil {
		return document.Document{}, err
	}
	return f.invoice.Fill(values, created)
}

// Protocol makes the protocol of a check of signatures.
func (f *Forms) Protocol(p Protocol, created time.Time) (document.Document, error) {
	values, err := p.values()
	if err != nil {
		return document.Document{}, err
	}
	return f.protocol.Fill(values, created)
}

// History makes the history of an order.
func (f *Forms) History(h History, created time.Time) (document.Document, error) {
	values, err := h.values()
	if err != nil {
		return document.Document{}, err
	}
	return f.history.Fill(values, created)
}

// Error is a fault of a value.
type Error struct {
	Field   string // the path of the field, for example "Customer.INN" or "Works[2].Price"
	Message string // a Russian sentence: what is wrong
}

// Error returns the field and the Russian sentence.
func (e *Error) Error() string { return e.Field + ": " + e.Message }

func fault(field, format string, args ...any) error {
	return &Error{field, fmt.Sprintf(format, args...)}
}
