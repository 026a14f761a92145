package httpapi

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"

	"epkr/apiserver/httpapi/problems"
)

// plainBody is the only coding of a body that the API takes: a few hundred compressed bytes may unfold into hundreds of megabytes.
const plainBody = "identity"

// refuseEncoded refuses a request that names any coding of its body, or two lengths of it, whatever its address, before anything of the
// body is read.
func refuseEncoded(c *fiber.Ctx) error {
	code := ""
	switch {
	case encoded(c):
		code = problems.ContentEncoding
		c.Set(fiber.HeaderAcceptEncoding, plainBody)
	case framedTwice(c):
		code = problems.BadRequest
	default:
		return c.Next()
	}
	c.Set(fiber.HeaderConnection, "close") // what follows is nothing that anybody reads
	return sendProblem(c, problems.New(code))
}

func encoded(c *fiber.Ctx) bool {
	for _, value := range c.Request().Header.PeekAll(fiber.HeaderContentEncoding) {
		for coding := range strings.SplitSeq(string(value), ",") {
			if coding = strings.TrimSpace(coding); coding != "" && !strings.EqualFold(coding, plainBody) {
				return true
			}
		}
	}
	return false
}

// framedTwice says that a proxy may see another end of the body than this server: it takes chunks with a length beside them, and passes
// over Transfer-Encoding in HTTP/1.0. Any other coding of a transfer it refuses itself.
func framedTwice(c *fiber.Ctx) bool {
	h := &c.Request().Header
	chunked := h.ContentLength() == -1
	switch {
	case h.IsHTTP11() && chunked:
		return sent(h.RawHeaders(), "content-length")
	case !h.IsHTTP11():
		return sent(h.RawHeaders(), "transfer-encoding")
	}
	return false
}

func sent(headers []byte, name string) bool {
	return bytes.Contains(bytes.ToLower(append([]byte("\n"), headers...)), []byte("\n"+name))
}
