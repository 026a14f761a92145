package orders

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/signature"
)

// documents adds the files of the order; an engineer does not see files exchanged with others
// before him.
func (b *CardBuilder) documents(ctx context.Context) db.BatchFunc {
	return func(q *sqlcgen.Queries) error {
		if len(b.files) == 0 {
			return nil
		}
		since, err := JoinedAt(ctx, q, b.o)
		if err != nil {
			return err
		}
		if len(b.files) > cardDocuments { // the newest are read first
			b.files, b.card.MoreDocuments = b.files[:cardDocuments], true
		}
		slices.Reverse(b.files)
		for _, d := range b.files {
			if !b.o.SeesDocument(since, d.Seq, d.Kind) {
				continue
			}
			one, err := documentOf(d)
			if err != nil {
				return err
			}
			b.card.Documents = append(b.card.Documents, one)
		}
		return nil
	}
}

func documentOf(d sqlcgen.NewestDocumentsRow) (CardDocument, error) {
	checked, err := signatureOf(d.Signature)
	return CardDocument{
		Seq: d.Seq, Kind: order.DocumentKind(d.Kind), File: d.FileID, Name: d.Name, Size: d.Size, SHA256: d.Sha256, ContentType: d.ContentType,
		AuthorRole: order.Role(d.AuthorRole), CreatedAt: d.CreatedAt, DOCX: d.DocxID, Attachment: d.AttachmentID, AttachmentName: d.AttachmentName,
		Signature: checked,
	}, err
}

// SeesDocument reports whether the viewer may open a document that came with a message.
func (o *Visible) SeesDocument(joined, seq int32, kind string) bool {
	return kind == string(order.DocumentForm) || (o.visibility == visibilityParty && seq >= joined)
}

// SeesFile reports whether the viewer may open a file because it is a document of the order, or was
// made or attached with one.
func (o *Visible) SeesFile(ctx context.Context, q *sqlcgen.Queries, file uuid.UUID) (bool, error) {
	uses, err := q.DocumentsOfFile(ctx, sqlcgen.DocumentsOfFileParams{FileID: file, OrderID: o.Row.ID})
	if err != nil {
		return false, fmt.Errorf("reading what a file is: %w", err)
	}
	joined, err := JoinedAt(ctx, q, o)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(uses, func(use sqlcgen.DocumentsOfFileRow) bool { return o.SeesDocument(joined, use.Seq, use.Kind) }), nil
}

// signatureOf returns what a recorded check of a signature found; nil without a check.
func signatureOf(recorded []byte) (*CheckedSignature, error) {
	if recorded == nil {
		return nil, nil
	}
	var r signature.Result
	if err := json.Unmarshal(recorded, &r); err != nil {
		return nil, fmt.Errorf("reading the check of a signature: %w", err)
	}
	checked := &CheckedSignature{ByPower: r.PowerOfAttorney != nil, At: r.AcceptedAt}
	if s := r.Signer; s != nil {
		checked.Signer, checked.Position, checked.Organisation = s.Name, s.Position, s.Organisation
	}
	if c := r.Certificate; c != nil {
		checked.Issuer, checked.ValidUntil = c.Issuer, c.NotAfter
	}
	if m := r.Moment; m != nil {
		checked.At, checked.Stamped = m.At, m.Source == signature.ByTimeStamp
	}
	if p := r.PowerOfAttorney; p != nil {
		checked.Power = &CardPower{Number: p.Number, IssuedOn: p.IssuedOn, ExpiresOn: p.ExpiresOn, Principals: []string{}, Powers: p.Powers.Names()}
		for _, principal := range p.Principals {
			checked.Power.Principals = append(checked.Power.Principals, principal.Name)
		}
	}
	for _, w := range r.Warnings {
		checked.Warnings = append(checked.Warnings, w.Text)
	}
	return checked, nil
}
