package profiles

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// WorkDocument is the document that proves an engineer's form of work, for those whose View allows
// Documents.
type WorkDocument struct {
	Form   string             `json:"form" enum:"entrepreneur,employee" doc:"Какую форму работы подтверждает"`
	Name   string             `json:"name,omitempty" doc:"Наименование документа"`
	Number string             `json:"number,omitempty" doc:"Номер документа"`
	Date   string             `json:"date,omitempty" format:"date" doc:"Дата документа"`
	Files  []WorkDocumentFile `json:"files" nullable:"false" doc:"Электронная копия документа"`
}

// WorkDocumentFile is a file of the document.
type WorkDocumentFile struct {
	ProfileFile
	URL string `json:"url" doc:"Откуда скачать"`
}

// WorkDocumentOf returns the document that proves an engineer's form of work; nil if he has given
// none. The caller has checked that his client may see it.
func (s *Service) WorkDocumentOf(ctx context.Context, engineer uuid.UUID) (*WorkDocument, error) {
	row, err := s.Store.WorkDocument(ctx, engineer)
	if err != nil {
		return nil, fmt.Errorf("reading the document on the form of work: %w", err)
	}
	files, err := s.Store.FilesOfProfile(ctx, engineer)
	if err != nil {
		return nil, fmt.Errorf("reading the files of a profile: %w", err)
	}
	d := &WorkDocument{Form: row.Form, Name: row.Name, Number: row.Number, Files: []WorkDocumentFile{}}
	if row.Issued != nil {
		d.Date = row.Issued.Format(time.DateOnly)
	}
	for _, f := range filesFor(Document, files) {
		d.Files = append(d.Files, WorkDocumentFile{ProfileFile: f, URL: "/api/engineers/" + engineer.String() + "/files/" + f.ID.String()})
	}
	if row.Form == "" || d.Name == "" && d.Number == "" && d.Date == "" && len(d.Files) == 0 {
		return nil, nil
	}
	return d, nil
}
