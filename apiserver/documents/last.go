package documents

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/document/generated"
)

// lastForm returns the form from which the performer last had a document of a kind made in this order,
// and the file that he attached. A document of an earlier choice of him does not count: it may say what
// is not agreed any more. Both are nil if there is none.
func lastForm[Form any](ctx context.Context, s *Service, o *orders.Visible, kind generated.Kind) (*Form, *GeneratedFile, error) {
	row, err := s.Store.LastGeneratedForm(ctx, sqlcgen.LastGeneratedFormParams{
		OrderID: o.Row.ID, EngineerID: o.By.Party, Kind: string(kind), Since: o.State.Performer.Chosen,
	})
	switch {
	case errors.Is(err, db.ErrNotFound), err == nil && row.Form == nil:
		return nil, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("reading the form of the last document: %w", err)
	}
	form := new(Form)
	if err := json.Unmarshal(row.Form, form); err != nil {
		return nil, nil, fmt.Errorf("decoding the form of the last document: %w", err)
	}
	if row.AttachmentID == nil {
		return form, nil, nil
	}
	return form, &GeneratedFile{*row.AttachmentID, row.AttachmentName, row.AttachmentSize, row.AttachmentSha256}, nil
}
