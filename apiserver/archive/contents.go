package archive

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/orders"
	"epkr/internal/order"
	"epkr/internal/storage"
)

// contents is what an archive contains. What is small is read before the archive begins, so that a
// fault of it is an answer; documents and history are read while it is sent.
type contents struct {
	order   uuid.UUID
	number  string
	folder  string
	madeAt  time.Time
	files   []file
	checks  []check
	history historyOf
}

// file is a document with its name in the archive.
type file struct {
	orders.CardDocument
	path string
}

// The folders of an archive.
const (
	documentsFolder = "Документы"
	checksFolder    = "Проверка"
)

func (s *Service) contents(ctx context.Context, o *orders.Visible) (*contents, error) {
	documents, err := s.Orders.AllDocuments(ctx, o)
	if err != nil {
		return nil, err
	}
	c := &contents{
		order: o.Row.ID, number: o.Row.Number, folder: "Заказ " + o.Row.Number, madeAt: s.Now().UTC().Truncate(time.Second),
		history: historyOf{service: s, order: o},
	}
	taken := names{}
	for _, d := range documents {
		c.files = append(c.files, file{d, documentsFolder + "/" + taken.of(d.Seq, d.Name)})
	}
	c.checks, err = s.checksOf(ctx, o.Row.ID, c.files)
	return c, err
}

// write writes the archive.
func (c *contents) write(ctx context.Context, store *storage.Store, to io.Writer) error {
	w := newWriter(to, c.folder, c.madeAt)
	for i, f := range c.files {
		if err := w.add(f.path, f.CreatedAt, func(to io.Writer) error { return copyTo(ctx, to, store, f.SHA256) }); err != nil {
			return err
		}
		if check := c.checkOf(f.File); check != nil && !c.repeats(i) {
			if err := c.writeCheck(ctx, w, store, check); err != nil {
				return err
			}
		}
	}
	if err := c.history.write(ctx, w, c); err != nil {
		return err
	}
	if err := w.add("Прочтите.txt", c.madeAt, c.instruct); err != nil {
		return err
	}
	return w.close()
}

// repeats reports whether the file came with an earlier message too.
func (c *contents) repeats(i int) bool {
	for _, earlier := range c.files[:i] {
		if earlier.File == c.files[i].File {
			return true
		}
	}
	return false
}

func (c *contents) checkOf(signature uuid.UUID) *check {
	for i := range c.checks {
		if c.checks[i].signature.File == signature {
			return &c.checks[i]
		}
	}
	return nil
}

func copyTo(ctx context.Context, to io.Writer, store *storage.Store, hash string) error {
	content, _, err := store.Open(ctx, hash)
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = io.Copy(to, content)
	return err
}

// isSignature reports whether documents of a kind are signatures of the order's documents.
func isSignature(kind order.DocumentKind) bool {
	return kind == order.DocumentContractSignature || kind == order.DocumentActSignature
}
