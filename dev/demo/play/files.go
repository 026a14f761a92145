package play

import (
	"github.com/google/uuid"

	"epkr/internal/order"
)

// upload brings a file to the order as a browser does, and keeps what the rules ask of it.
func (o *live) upload(by *person, name, contentType string, content []byte) paper {
	p := paper{content: content}
	o.run.do("Загружен файл «"+name+"»", by, func() (err error) {
		if p.ref, err = by.Upload(o.run.ctx, uuid.MustParse(o.id), name, contentType, content); err == nil {
			o.files[p.ref.ID] = order.FileFacts{SHA256: p.ref.SHA256, ContentType: contentType}
		}
		return err
	})
	return p
}
