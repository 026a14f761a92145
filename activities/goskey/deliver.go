package goskey

import (
	"context"
	"fmt"
	"time"

	"epkr/activities/failure"
	"epkr/activities/internal/heartbeat"
	"epkr/db/signing"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/signature"
	"epkr/internal/storage"
	"epkr/internal/workflowapi"
)

// The states of requests after the answer of «Госключ».
const (
	applied = "applied" // the order has taken the signature
	invalid = "invalid" // the check has refused the signature
	late    = "late"    // the order has not taken the signature
)

// signatureType is the content type of the stored signatures.
const signatureType = "application/pkcs7-signature"

// TakeSignature stores the signature as a file of the order. A second run finds it stored, or stores
// the same file.
func (a *Activities) TakeSignature(ctx context.Context, request string) (Progress, error) {
	row, err := a.load(ctx, request)
	switch {
	case err != nil:
		return Progress{}, err
	case row == nil:
		return ended, nil
	case row.SignatureID != nil:
		return Progress{}, nil
	}
	id, err := number(row)
	if err != nil {
		return Progress{}, err
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	content, err := a.Goskey.Signature(ctx, id, nameOf(row))
	if err != nil {
		return a.failed(ctx, row, err, row.ExpiresAt.Add(patience), true)
	}
	return Progress{}, a.storeSignature(ctx, row, content)
}

func (a *Activities) storeSignature(ctx context.Context, row *sqlcgen.GoskeyRequestRow, content []byte) error {
	file, at := workflowapi.GoskeyFileID(row.ID), a.Now().UTC().Truncate(time.Millisecond)
	return a.record(ctx, row, func(q *sqlcgen.Queries) error {
		if err := q.LockHash(ctx, storage.Hash(content)); err != nil {
			return fmt.Errorf("locking a content: %w", err)
		}
		sealed, err := a.Files.Put(ctx, content, signatureType)
		if err != nil {
			return fmt.Errorf("storing a signature: %w", err)
		}
		if err := q.InsertMadeFile(ctx, sqlcgen.InsertMadeFileParams{
			ID: file, OrderID: row.OrderID, UploaderID: row.PersonID, UploaderRole: row.Role, UploaderParty: row.PartyID,
			Name: row.DocumentName + ".sig", ContentType: signatureType, Size: sealed.Size, Sha256: sealed.SHA256, StoredAt: at,
		}); err != nil {
			return err
		}
		_, err = q.SetGoskeySignature(ctx, sqlcgen.SetGoskeySignatureParams{ID: row.ID, SignatureID: file, ReceivedAt: at})
		return err
	})
}

// Deliver checks the signature and sends it to the order with the person's message, as if he had
// uploaded it. The request ends unless the order is suspended: then the signature waits until the order
// goes on. A second run of an attempt sends the same message, which counts once.
func (a *Activities) Deliver(ctx context.Context, in workflowapi.GoskeySignatureInput) (Progress, error) {
	row, err := a.load(ctx, in.RequestID)
	if err != nil || row == nil {
		return ended, err
	}
	if row.SignatureID == nil {
		return Progress{}, failure.ToTemporal(fmt.Errorf("%w: a request to «Госключ» has no signature", order.ErrInvariant))
	}
	file, err := a.signatureFile(ctx, row)
	if err != nil {
		return Progress{}, err
	}
	by := order.Actor{Role: order.Role(row.Role), Person: row.PersonID.String(), Party: row.PartyID.String()}
	result, err := a.Signatures.Check(ctx, signing.Request{
		Order: row.OrderID, By: by, Signed: order.SignedDocument{Document: row.DocumentSha256, Signature: file}, ReceivedAt: row.ReceivedAt.UTC(),
	})
	switch {
	case err != nil:
		return Progress{}, failure.ToTemporal(fmt.Errorf("checking a signature of «Госключ»: %w", err))
	case !result.Valid:
		return a.end(ctx, row, sqlcgen.EndGoskeyRequestParams{State: invalid, Reason: refusedByCheck(result)})
	}
	m, err := messageOf(row, by, file, in.Attempts)
	if err != nil {
		return Progress{}, err
	}
	return a.bring(ctx, row, m)
}

func refusedByCheck(result signature.Result) string {
	return "Госключ прислал подпись, которую платформа не приняла. " + signature.Explain(result.Refusals)
}

func (a *Activities) signatureFile(ctx context.Context, row *sqlcgen.GoskeyRequestRow) (order.FileRef, error) {
	file, err := a.Store.File(ctx, sqlcgen.FileParams{ID: *row.SignatureID, Place: row.OrderID})
	if err != nil {
		return order.FileRef{}, fmt.Errorf("reading the file of a signature: %w", err)
	}
	return order.FileRef{ID: file.ID.String(), SHA256: file.Sha256}, nil
}
