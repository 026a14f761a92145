package signature

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io"

	"golang.org/x/text/encoding/unicode"

	"epkr/internal/cms"
)

// Content is what was signed.
type Content struct {
	// Open returns the bytes from their beginning. It is called a second time if another document was
	// signed, to tell whether its text in base64 was; ErrOnce means that this cannot be told.
	Open func(context.Context) (io.ReadCloser, error)
	// Digests are the digests that are known already, by the identifiers of their hashes, for example
	// 1.2.643.7.1.1.2.2; the document is not opened for those.
	Digests map[string][]byte
}

// Bytes returns a document in memory.
func Bytes(document []byte) Content {
	return Content{Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(document)), nil }}
}

// ErrOnce means that a document cannot be read again.
var ErrOnce = errors.New("signature: the document is read once only")

// digest returns the digest of a document by the hash of a signature, and its size if it was read.
func (c Content) digest(ctx context.Context, s *cms.Signature) (digest []byte, size int64, err error) {
	if known, ok := c.Digests[s.Hash()]; ok {
		return known, 0, nil
	}
	h := s.NewHash()
	size, err = c.copyTo(ctx, h)
	if err != nil {
		return nil, 0, fmt.Errorf("signature: reading the document: %w", err)
	}
	return h.Sum(nil), size, nil
}

// copyTo writes a document, with memory that does not depend on its size.
func (c Content) copyTo(ctx context.Context, w io.Writer) (size int64, err error) {
	if c.Open == nil {
		return 0, errors.New("the document is missing")
	}
	document, err := c.Open(ctx)
	if err != nil {
		return 0, err
	}
	defer document.Close()
	return io.CopyBuffer(struct{ io.Writer }{w}, reader{ctx, document}, make([]byte, 64<<10))
}

// reader ends with its context.
type reader struct {
	ctx context.Context
	of  io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.of.Read(p)
}

// maxBase64 limits the documents whose base64 is looked for: programs take larger ones as files only.
const maxBase64 = 32 << 20

// errLarge ends the reading of a document that is too large to be looked at.
var errLarge = errors.New("too large")

// signedAsBase64 reports whether the text of a document in base64 was signed in its place: in ASCII, or
// in UTF-16, to which the plug-in of КриптоПро converts every text if it is not told otherwise.
func (c Content) signedAsBase64(ctx context.Context, s *cms.Signature) (bool, error) {
	if c.Open == nil {
		return false, nil
	}
	ascii, utf16 := s.NewHash(), s.NewHash()
	wide := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().Writer(utf16)
	text := base64.NewEncoder(base64.StdEncoding, io.MultiWriter(ascii, wide))
	if _, err := c.copyTo(ctx, &limitedWriter{text, maxBase64}); errors.Is(err, errLarge) || errors.Is(err, ErrOnce) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("signature: reading the document again: %w", err)
	}
	if err := text.Close(); err != nil {
		return false, fmt.Errorf("signature: encoding the document: %w", err)
	}
	for _, h := range []hash.Hash{ascii, utf16} {
		if err := s.Verify(h.Sum(nil)); !errors.Is(err, cms.ErrOtherDocument) {
			return true, nil
		}
	}
	return false, nil
}

// limitedWriter fails with errLarge after so many bytes.
type limitedWriter struct {
	w    io.Writer
	left int
}

func (l *limitedWriter) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, errLarge
	}
	return l.w.Write(p)
}
