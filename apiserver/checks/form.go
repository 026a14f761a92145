package checks

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"epkr/apiserver/httpapi/problems"
	"epkr/internal/cms"
	"epkr/internal/mchd"
	"epkr/internal/signature"
)

// The parts of the form. The powers of attorney are that of the signer, and the one whose authority it
// delegates.
const (
	partDocument          = "document"
	partSignature         = "signature"
	partPower             = "power"
	partPowerSignature    = "powerSignature"
	partOriginal          = "original"
	partOriginalSignature = "originalSignature"
)

// maxSizes limits the parts that are kept in memory; of a larger one a byte more is kept, and the check
// refuses it.
var maxSizes = map[string]int64{
	partSignature: cms.MaxSize, partPower: mchd.MaxSize, partPowerSignature: cms.MaxSize, partOriginal: mchd.MaxSize, partOriginalSignature: cms.MaxSize,
}

const (
	// maxDocument limits the document, and maxBody the whole form.
	maxDocument = 500 << 20
	maxBody     = maxDocument + 32<<20
	// maxKept is up to what size a document stays in memory, so that it can be read again.
	maxKept = 4 << 20
)

// A client that sends slower than minRate bytes a second is cut off, after a time in which it may.
const (
	minRate   = 64 << 10
	slowStart = 30 * time.Second
)

func formSchema() *huma.Schema {
	file := func(doc string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Format: "binary", Description: doc}
	}
	return &huma.Schema{
		Type: huma.TypeObject, Required: []string{partSignature, partDocument},
		Properties: map[string]*huma.Schema{
			partSignature:         file("Отсоединённая подпись документа"),
			partPower:             file("Машиночитаемая доверенность подписанта, XML"),
			partPowerSignature:    file("Подпись доверенности"),
			partOriginal:          file("Первоначальная доверенность, если доверенность выдана в порядке передоверия, XML"),
			partOriginalSignature: file("Подпись первоначальной доверенности"),
			partDocument:          file("Документ до 500 МБ"),
		},
	}
}

// form is the body of a request, which is read while it comes.
type form struct {
	body     io.Reader
	length   int
	boundary string
	// abandon closes the connection after the answer: what still comes is of no use.
	abandon func()
}

// Resolve takes the body; huma calls it.
func (f *form) Resolve(ctx huma.Context) []error {
	c := humafiber.UnwrapV2(ctx)
	f.length, f.abandon = c.Request().Header.ContentLength(), c.Context().SetConnectionClose
	f.body = bodyOf(c)
	_, parameters, _ := mime.ParseMediaType(c.Get(fiber.HeaderContentType)) //nolint:errcheck // the kernel has checked it
	f.boundary = parameters["boundary"]
	return nil
}

func bodyOf(c *fiber.Ctx) io.Reader {
	body := c.Context().RequestBodyStream()
	if body == nil {
		return bytes.NewReader(c.Body())
	}
	return &paced{from: body, conn: c.Context().Conn(), began: time.Now()}
}

// paced reads from a client, and moves the deadline of its connection with what has come.
type paced struct {
	from  io.Reader
	conn  net.Conn
	began time.Time
	read  int64
}

func (p *paced) Read(b []byte) (int, error) {
	allowed := min(slowStart+time.Duration(p.read/minRate)*time.Second, maxUpload)
	if err := p.conn.SetReadDeadline(p.began.Add(allowed)); err != nil {
		return 0, fmt.Errorf("limiting the time of an upload: %w", err)
	}
	n, err := p.from.Read(b)
	if p.read += int64(n); p.read > maxBody {
		return n, errTooLarge
	}
	return n, err //nolint:wrapcheck // io.EOF is compared
}

var errTooLarge = errors.New("the form is too large")

// files are the files of a form.
type files struct {
	document      *document
	signatureName string
	// kept are the small parts by their names.
	kept map[string][]byte
}

// document is what is known of a document that has come.
type document struct {
	name    string
	size    int64
	sha256  string
	digests map[string][]byte
	// content is nil if the document is too large to be kept.
	content []byte
}

// read reads the form to its end. The parts may come in any order.
func (f *form) read() (*files, error) {
	if f.length > maxBody {
		return nil, problems.New(problems.FileTooLarge)
	}
	all := &files{kept: map[string][]byte{}}
	parts := multipart.NewReader(f.body, f.boundary)
	for {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return all, all.incomplete()
		}
		if err == nil {
			err = all.add(part)
		}
		if err != nil {
			return nil, problemOfUpload(err)
		}
	}
}

// problemOfUpload returns the problem of a form that could not be read.
func problemOfUpload(err error) error {
	var own *problems.Problem
	var slow net.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, errTooLarge):
		return problems.New(problems.FileTooLarge)
	case errors.As(err, &slow) && slow.Timeout():
		return problems.New(problems.RequestTimeout)
	default:
		return problems.New(problems.BadRequest)
	}
}

// add reads a part.
func (f *files) add(part *multipart.Part) error {
	name := part.FormName()
	limit, small := maxSizes[name]
	switch {
	case name == partDocument && f.document == nil:
		return f.addDocument(part)
	case !small || f.kept[name] != nil:
		return problems.Invalid(problems.FieldProblem{Field: partDocument, Message: "В форме есть лишний или повторный файл. Обновите страницу и выберите файлы заново."})
	}
	content, err := io.ReadAll(io.LimitReader(part, limit+1))
	if err != nil {
		return fmt.Errorf("reading a part: %w", err)
	}
	f.kept[name] = content
	if name == partSignature {
		f.signatureName = part.FileName()
	}
	return nil
}

// addDocument hashes the document: by the hash of the signature if that has come, or else by all.
func (f *files) addDocument(part *multipart.Part) error {
	hashes := cms.NewHashes()
	if s, err := cms.Read(f.kept[partSignature]); err == nil {
		hashes = map[string]hash.Hash{s.Hash(): s.NewHash()}
	}
	d := &document{name: part.FileName(), digests: map[string][]byte{}}
	sum, start := sha256.New(), &beginning{}
	to := []io.Writer{sum, start}
	for _, h := range hashes {
		to = append(to, h)
	}
	var err error
	if d.size, err = io.Copy(io.MultiWriter(to...), io.LimitReader(part, maxDocument+1)); err != nil {
		return fmt.Errorf("reading the document: %w", err)
	}
	if d.size > maxDocument {
		return errTooLarge
	}
	for name, h := range hashes {
		d.digests[name] = h.Sum(nil)
	}
	d.sha256, d.content = hex.EncodeToString(sum.Sum(nil)), start.whole()
	f.document = d
	return nil
}

// beginning keeps what is written to it while that is small.
type beginning struct {
	kept  bytes.Buffer
	large bool
}

func (b *beginning) Write(p []byte) (int, error) {
	if b.large = b.large || b.kept.Len()+len(p) > maxKept; b.large {
		b.kept = bytes.Buffer{}
	} else {
		b.kept.Write(p)
	}
	return len(p), nil
}

// whole returns what was written; nil if it was large.
func (b *beginning) whole() []byte {
	if b.large {
		return nil
	}
	return append([]byte{}, b.kept.Bytes()...)
}

// incomplete returns the problem of files that are missing.
func (f *files) incomplete() error {
	var missing []problems.FieldProblem
	need := func(field, message string, there bool) {
		if !there {
			missing = append(missing, problems.FieldProblem{Field: field, Message: message})
		}
	}
	has := func(name string) bool { return f.kept[name] != nil }
	need(partDocument, "Выберите документ.", f.document != nil)
	need(partSignature, "Выберите файл подписи.", has(partSignature))
	need(partPowerSignature, "Выберите файл подписи доверенности.", has(partPowerSignature) || !has(partPower))
	need(partPower, "Выберите файл доверенности.", has(partPower) || !has(partPowerSignature) && !has(partOriginal))
	need(partOriginalSignature, "Выберите файл подписи первоначальной доверенности.", has(partOriginalSignature) || !has(partOriginal))
	need(partOriginal, "Выберите файл первоначальной доверенности.", has(partOriginal) || !has(partOriginalSignature))
	if len(missing) > 0 {
		return problems.Invalid(missing...)
	}
	return nil
}

// request returns what to check, at a time.
func (f *files) request(now time.Time) signature.Request {
	r := signature.Request{
		Document: signature.Content{Digests: f.document.digests, Open: func(context.Context) (io.ReadCloser, error) {
			if f.document.content == nil {
				return nil, signature.ErrOnce
			}
			return io.NopCloser(bytes.NewReader(f.document.content)), nil
		}},
		Signature: f.kept[partSignature], AcceptedAt: now, Since: signature.ByCheck, Signer: signature.Party{Kind: signature.Anyone},
	}
	if f.kept[partPower] != nil {
		r.Power = &signature.Power{XML: f.kept[partPower], Signature: f.kept[partPowerSignature]}
		if f.kept[partOriginal] != nil {
			r.Power.Delegates = &signature.Power{XML: f.kept[partOriginal], Signature: f.kept[partOriginalSignature]}
		}
	}
	return r
}

// documentName returns the name of the document; a general one if the client gave none.
func (f *files) documentName() string {
	if f.document.name == "" {
		return "документ"
	}
	return f.document.name
}
