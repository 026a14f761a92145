package docx

import (
	"archive/zip"
	"compress/flate"
	"io"
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

func archive(w io.Writer, parts []part) error {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, oneCompressor())
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

// oneCompressor serves one file after the other with the same memory, at the speed that a text needs.
func oneCompressor() zip.Compressor {
	var compressor *flate.Writer
	return func(w io.Writer) (io.WriteCloser, error) {
		if compressor != nil {
			compressor.Reset(w)
			return compressor, nil
		}
		var err error
		compressor, err = flate.NewWriter(w, flate.BestSpeed)
		return compressor, err
	}
}
