package httpapi

import (
	"bytes"
	"strings"

	"github.com/gofiber/fiber/v2"

	"epkr/apiserver/httpapi/problems"
)

// identityEncoding is the only accepted Content-Encoding, because a few hundred compressed bytes
// may expand to hundreds of megabytes.
const identityEncoding = "identity"

// refuseEncoded refuses a request with an encoded body or an ambiguous body length, at every
// address, before it reads the body.
func refuseEncoded(c *fiber.Ctx) error {
	code := ""
	switch {
	case hasEncodedBody(c):
		code = problems.ContentEncoding
		c.Set(fiber.HeaderAcceptEncoding, identityEncoding)
	case hasAmbiguousLength(c):
		code = problems.BadRequest
	default:
		return c.Next()
	}
	c.Set(fiber.HeaderConnection, "close") // the rest of the request is not read
	return sendProblem(c, problems.New(code))
}

func hasEncodedBody(c *fiber.Ctx) bool {
	for _, value := range c.Request().Header.PeekAll(fiber.HeaderContentEncoding) {
		for coding := range strings.SplitSeq(string(value), ",") {
			if coding = strings.TrimSpace(coding); coding != "" && !strings.EqualFold(coding, identityEncoding) {
				return true
			}
		}
	}
	return false
}

// hasAmbiguousLength reports whether a proxy may see another end of the body than this server. This
// server accepts chunked bodies with a Content-Length, and ignores Transfer-Encoding in HTTP/1.0.
// It refuses other transfer encodings itself.
func hasAmbiguousLength(c *fiber.Ctx) bool {
	h := &c.Request().Header
	chunked := h.ContentLength() == -1
	switch {
	case h.IsHTTP11() && chunked:
		return hasHeader(h.RawHeaders(), "content-length")
	case !h.IsHTTP11():
		return hasHeader(h.RawHeaders(), "transfer-encoding")
	}
	return false
}

func hasHeader(headers []byte, name string) bool {
	return bytes.Contains(bytes.ToLower(append([]byte("\n"), headers...)), []byte("\n"+name))
}
