package pdfa

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"epkr/internal/pdfa/cos"
)

// signature begins a PDF. Some programs write other bytes before it, up to headSize.
var signature = []byte("%PDF-")

const headSize = 1024

// open reads the structure of the file. It returns the code of the fault because of which there is
// nothing to check, and an error of the reader.
func (c *check) open(r io.ReaderAt, size int64) (Code, error) {
	if size == 0 {
		return CodeEmpty, nil
	}
	head := make([]byte, min(headSize, size))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	switch at := bytes.Index(head, signature); {
	case at < 0:
		return kindOf(io.NewSectionReader(r, 0, size))
	case at > 0:
		return CodeHeader, nil
	}
	file, err := cos.Open(r, size)
	switch {
	case errors.Is(err, cos.ErrTruncated):
		return CodeTruncated, nil
	case errors.Is(err, cos.ErrLimit):
		return CodeTooComplex, nil
	case errors.Is(err, cos.ErrDamaged):
		return CodeDamaged, nil
	case err != nil:
		return "", err
	}
	c.file, c.head = file, head
	if file.Trailer["Encrypt"] != nil {
		return CodeEncrypted, nil
	}
	if c.catalog = file.Dict(file.Trailer["Root"]); c.catalog == nil && file.Err() == nil {
		return CodeDamaged, nil
	}
	return c.stopped(), nil
}

// wordKinds are parts of the media types of what Word writes, now and in its older format, which
// cannot be told from those of other old programs.
var wordKinds = []string{"wordprocessingml", "rtf", "msword", "x-ole-storage"}

// kindOf names what people take for a PDF.
func kindOf(r io.Reader) (Code, error) {
	found, err := mimetype.DetectReader(r)
	if err != nil {
		return "", err
	}
	for kind := found; kind != nil; kind = kind.Parent() {
		name := kind.String()
		switch {
		case slices.ContainsFunc(wordKinds, func(kind string) bool { return strings.Contains(name, kind) }):
			return CodeWord, nil
		case strings.Contains(name, "opendocument"):
			return CodeOpenDocument, nil
		case strings.HasPrefix(name, "image/"):
			return CodePicture, nil
		}
	}
	return CodeNotPDF, nil
}

// header is how a file of parts 1 to 3 begins, and one of part 4 (ISO 19005-1 clause 6.1.2, 19005-2
// clause 6.1.2, 19005-4 clause 6.1.2): the version, and four bytes that are no ASCII.
var (
	header     = regexp.MustCompile(`^%PDF-1\.[0-7] ?(\r\n|\n|\r)%[^\x00-\x7F]{4}`)
	headerPDF2 = regexp.MustCompile(`^%PDF-2\.[0-9] ?(\r\n|\n|\r)%[^\x00-\x7F]{4}`)
)

// structure checks the file outside of its objects (clause 6.1 of each part).
func (c *check) structure() {
	trailer := c.file.Trailer
	head := latin1(c.head)
	isHeader := c.report.Part != 4 && header.Match(head) || (c.report.Part == 4 || c.report.Part == 0) && headerPDF2.Match(head)
	c.faultIf(!isHeader, CodeHeader)
	c.faultIf(!slices.Contains([]string{"", "\n", "\r", "\r\n"}, string(c.file.AfterEnd)), CodeAfterEnd)
	c.faultIf(len(c.file.Array(trailer["ID"])) != 2, CodeNoID)
	c.faultIf(c.report.Part == 1 && c.file.Streamed, CodeStreamedXRef)
	c.faultIf(c.report.Part == 4 && trailer["Info"] != nil && c.catalog["PieceInfo"] == nil, CodeInfoForbidden)
	c.faultIf(c.report.Part >= 2 && c.catalog["Requirements"] != nil, CodeRequirements)
}

// latin1 returns bytes as the characters of the same numbers, for regular expressions.
func latin1(data []byte) []byte {
	var text []byte
	for _, b := range data[:min(32, len(data))] {
		text = append(text, string(rune(b))...)
	}
	return text
}

// stream checks the dictionary of a stream that is part of the document, not its content: that it
// is in this file, ends where it should, and has filters that the part allows.
func (c *check) stream(s cos.Stream) {
	c.faultIf(s.Dict["F"] != nil || s.Dict["FFilter"] != nil || s.Dict["FDecodeParms"] != nil, CodeExternalStream)
	c.faultIf(!c.file.Ends(s), CodeStreamLength)
	for _, filter := range c.file.Filters(s) {
		switch filter {
		case "LZWDecode", "LZW", "Crypt":
			c.fault(CodeFilter)
		case "JPXDecode":
			c.faultIf(c.report.Part == 1, CodeFilter)
		case "FlateDecode", "DCTDecode", "CCITTFaxDecode", "JBIG2Decode", "RunLengthDecode", "ASCIIHexDecode", "ASCII85Decode":
		default:
			c.fault(CodeFilter)
		}
	}
}
