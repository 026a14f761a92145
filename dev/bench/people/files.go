package people

import (
	"context"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// Bring uploads a small file of an order, as a browser does.
func (p Person) Bring(ctx context.Context, to uuid.UUID, contentType string) (order.FileRef, error) {
	content := uuid.NewString()
	if contentType == "application/pdf" {
		content = "%PDF-1.4 " + content
	}
	return p.Upload(ctx, to, "файл", contentType, []byte(content))
}
