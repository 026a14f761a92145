package docx

import (
	"archive/zip"
	"compress/flate"
	"io"
	"sync"
	"time"

	"epkr/internal/document"
)

// Write writes a document. An error means a fault of the program that made the document, or a failure
// of w.
func Write(w io.Writer, d document.Document) error {
	if err := d.Check(); err != nil {
		return err
	}
	b := &body{}
	b.document(d)
	picture, err := pictures(b.codes)
	if err != nil {
		return err
	}
	parts := []part{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRelations},
		{"docProps/core.xml", coreProperties(d.Meta)},
		{"docProps/app.xml", appProperties},
		{"docProps/custom.xml", customProperties(d.Meta.Template)},
		{"word/document.xml", b.xml.String()},
		{"word/footer1.xml", footer(d.Footer)},
		{"word/styles.xml", styles(d.Meta.Language)},
		{"word/settings.xml", settings(d.Meta.Language)},
		{"word/_rels/document.xml.rels", relations(len(picture))},
	}
	return archive(w, append(parts, picture...))
}

// part is a file of the package.
type part struct{ name, content string }

// epoch is the time of all files in the archive: the earliest that it can state.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// compressors are kept, because each takes more than a megabyte. A text needs no better compression
// than that of the best speed.
var compressors = sync.Pool{New: func() any {
	w, err := flate.NewWriter(io.Discard, flate.BestSpeed)
	if err != nil { // an unknown level
		panic(err)
	}
	return w
}}

func archive(w io.Writer, parts []part) error {
	compressor := compressors.Get().(*flate.Writer)
	defer compressors.Put(compressor)
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		compressor.Reset(w) // one file is closed before the next begins
		return compressor, nil
	})
	for _, p := range parts {
		f, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Deflate, Modified: epoch})
		if err != nil {
			return err
		}
		if _, err := io.WriteString(f, p.content); err != nil {
			return err
		}
	}
	return z.Close()
}
