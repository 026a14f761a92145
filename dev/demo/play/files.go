package play

import (
	"github.com/google/uuid"

	"epkr/internal/order"
)

// upload uploads a file to the order as a browser does, and stores the facts about it that the
// rules need.
func (o *liveOrder) upload(by *person, name, contentType string, content []byte) paper {
	p := paper{content: content}
	o.run.do("Загружен файл «"+name+"»", by, func() (err error) {
		if p.ref, err = by.Upload(o.run.ctx, uuid.MustParse(o.id), name, contentType, content); err == nil {
			o.files[p.ref.ID] = order.FileFacts{SHA256: p.ref.SHA256, ContentType: contentType}
		}
		return err
	})
	return p
}
