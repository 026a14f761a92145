package httpapi

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"epkr/apiserver/httpapi/input"
	"epkr/apiserver/httpapi/problems"
)

// crossOriginProtection returns a check that refuses requests of other sites. It trusts the
// platform's own address even if a proxy changes Host.
func crossOriginProtection(publicURL string) (*http.CrossOriginProtection, error) {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(publicURL); err != nil {
		return nil, fmt.Errorf("trusting the platform's own address: %w", err)
	}
	return protection, nil
}

// protect sets the headers of every answer. It refuses requests of other sites and requests during
// shutdown.
func (s *Server) protect(c *fiber.Ctx) error {
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set(fiber.HeaderXFrameOptions, "DENY")
	c.Set("Cross-Origin-Opener-Policy", "same-origin")
	if s.secure() {
		c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
	}
	if err := input.CheckAddress(c); err != nil {
		return sendProblem(c, err)
	}
	if !IsAPI(c.Path()) {
		return c.Next()
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
	c.Set("Cross-Origin-Resource-Policy", "same-origin")
	if s.IsClosing() {
		c.Set(fiber.HeaderConnection, "close")
		c.Set(fiber.HeaderRetryAfter, "5")
		return sendProblem(c, problems.New(problems.Closing))
	}
	if err := s.crossOrigin.Check(standardRequest(c)); err != nil {
		return sendProblem(c, problems.New(problems.CrossOrigin))
	}
	return c.Next()
}

// IsAPI reports whether a path belongs to the API and not to the web app.
func IsAPI(path string) bool { return path == "/api" || strings.HasPrefix(path, "/api/") }

// secure reports whether people reach the platform over TLS, so that cookies may be Secure.
func (s *Server) secure() bool { return strings.HasPrefix(s.options.PublicURL, "https://") }

// standardRequest returns the fields of the request that the check of the standard library reads.
func standardRequest(c *fiber.Ctx) *http.Request {
	header := http.Header{}
	for _, name := range []string{"Sec-Fetch-Site", fiber.HeaderOrigin} {
		for _, value := range c.Request().Header.PeekAll(name) {
			header.Add(name, string(value))
		}
	}
	return &http.Request{
		Method: c.Method(), Host: string(c.Request().Host()), URL: &url.URL{Path: c.Path()}, Header: header,
	}
}
