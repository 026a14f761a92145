package people

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"

	"epkr/dev/bench/platform"
	"epkr/internal/order"
)

// StoreFile makes the row of a file that somebody has uploaded for an order. Its content is nowhere.
func StoreFile(ctx context.Context, at *platform.Platform, by order.Actor, of uuid.UUID, contentType string) (order.FileRef, error) {
	id := uuid.NewString()
	sum := sha256.Sum256([]byte(id))
	ref := order.FileRef{ID: id, SHA256: hex.EncodeToString(sum[:])}
	_, err := at.Database.ExecContext(ctx, `insert into files (id, order_id, uploader_id, uploader_role, uploader_party, name, size, sha256,
		content_type, status, stored_at) values ($1, $2, $3, $4, $5, 'файл', 100000, $6, $7, 'stored', now())`,
		ref.ID, of, by.Person, string(by.Role), by.Party, ref.SHA256, contentType)
	if err != nil {
		return ref, fmt.Errorf("storing a file: %w", err)
	}
	return ref, nil
}

// Bring uploads a small file of an order, as a browser does.
func (p Person) Bring(ctx context.Context, to uuid.UUID, contentType string) (order.FileRef, error) {
	content := uuid.NewString()
	if contentType == "application/pdf" {
		content = "%PDF-1.4 " + content
	}
	return p.Upload(ctx, to, "файл", contentType, []byte(content))
}
