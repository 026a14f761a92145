// Package webapp serves the embedded web app.
package webapp

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/gofiber/fiber/v2"

	"epkr/apiserver/httpapi"
	"epkr/internal/storage"
	"epkr/web"
)

const (
	// nonceMark is the placeholder in index.html that each answer replaces with its own nonce; vite
	// writes it (web/vite.config.ts).
	nonceMark = "__CSP_NONCE__"
	// assetsFolder contains files whose names change with their content.
	assetsFolder = "assets/"
	indexFile    = "index.html"
)

// webApp serves the embedded web app at all addresses outside /api.
type webApp struct {
	index  []byte
	files  map[string]webFile
	policy webPolicy
}

// webFile is one file in the encodings in which it may be sent; br and gz are nil if compression
// was not worth it.
type webFile struct {
	kind, etag    string
	plain, br, gz []byte
}

// Register adds the web app as the fallback of all operations; call it after them. scripts are the
// addresses of the scripts of КриптоПро's browser extension.
func Register(s *httpapi.Server, c storage.Config, scripts []string) error {
	files, err := storageOrigin(c)
	if err != nil {
		return err
	}
	standIn, err := standInOrigins(scripts)
	if err != nil {
		return err
	}
	app, err := newWebApp(web.App(), webPolicy{files, standIn})
	if err != nil {
		return err
	}
	s.Fallback(app.serve)
	return nil
}

// newWebApp reads the built app into memory.
func newWebApp(built fs.FS, policy webPolicy) (*webApp, error) {
	app := &webApp{files: map[string]webFile{}, policy: policy}
	index, err := fs.ReadFile(built, indexFile)
	if errors.Is(err, fs.ErrNotExist) {
		return app, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the web app's page: %w", err)
	}
	app.index = index
	err = fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || name == indexFile || strings.HasPrefix(entry.Name(), ".") || isCompressed(name) {
			return err
		}
		app.files[name], err = readWebFile(built, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the web app: %w", err)
	}
	return app, nil
}

func isCompressed(name string) bool {
	return strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")
}

func readWebFile(built fs.FS, name string) (webFile, error) {
	plain, err := fs.ReadFile(built, name)
	if err != nil {
		return webFile{}, err
	}
	sum := sha256.Sum256(plain)
	f := webFile{kind: mime.TypeByExtension(path.Ext(name)), etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, plain: plain}
	if f.kind == "" {
		f.kind = "application/octet-stream"
	}
	for ending, content := range map[string]*[]byte{".br": &f.br, ".gz": &f.gz} {
		*content, err = fs.ReadFile(built, name+ending)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return webFile{}, err
		}
	}
	return f, nil
}

// serve answers with a file, or with the page, whose script shows the content of the address. Every
// address of the app can therefore be reloaded and shared.
func (a *webApp) serve(c *fiber.Ctx) error {
	address := c.Path()
	if (c.Method() != http.MethodGet && c.Method() != http.MethodHead) || httpapi.IsAPI(strings.ToLower(address)) {
		return c.Next()
	}
	if a.index == nil {
		return notBuilt(c)
	}
	name := strings.TrimPrefix(address, "/")
	if file, found := a.files[name]; found {
		return sendWebFile(c, name, file)
	}
	if strings.HasPrefix(name, assetsFolder) || path.Ext(name) != "" {
		return fiber.ErrNotFound
	}
	return a.sendIndex(c)
}

func (a *webApp) sendIndex(c *fiber.Ctx) error {
	nonce := rand.Text()
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentSecurityPolicy, a.policy.header(nonce))
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Send(bytes.ReplaceAll(a.index, []byte(nonceMark), []byte(nonce)))
}

func sendWebFile(c *fiber.Ctx, name string, f webFile) error {
	caching := "no-cache"
	if strings.HasPrefix(name, assetsFolder) {
		caching = "public, max-age=31536000, immutable"
	}
	c.Set(fiber.HeaderCacheControl, caching)
	c.Set(fiber.HeaderETag, f.etag)
	// An SVG opened directly is a document and may contain scripts.
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
	if f.br != nil || f.gz != nil {
		c.Vary(fiber.HeaderAcceptEncoding)
	}
	if c.Get(fiber.HeaderIfNoneMatch) == f.etag {
		return c.SendStatus(http.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, f.kind)
	accepted := c.Get(fiber.HeaderAcceptEncoding)
	switch {
	case f.br != nil && acceptsEncoding(accepted, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(f.br)
	case f.gz != nil && acceptsEncoding(accepted, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(f.gz)
	}
	return c.Send(f.plain)
}

// acceptsEncoding reports whether Accept-Encoding names a coding and does not forbid it. The
// client's preference between several is ignored, because the smaller answer is better for both.
func acceptsEncoding(accepted, coding string) bool {
	for item := range strings.SplitSeq(accepted, ",") {
		name, quality, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			quality = strings.ReplaceAll(quality, " ", "")
			return strings.TrimRight(strings.TrimPrefix(quality, "q="), "0.") != "" || quality == ""
		}
	}
	return false
}

// webPolicy is the Content-Security-Policy of the page. Origins are scheme://host.
type webPolicy struct {
	storage string // of uploads and downloads
	standIn string // of the stand-in of КриптоПро on a local platform; empty in production
}

// header allows scripts of the platform's own origin only; browsers let those of extensions through. Ant Design creates style elements at
// runtime, so they are allowed by a nonce that differs in each answer. Files are transferred
// between the browser and the storage directly.
func (p webPolicy) header(nonce string) string {
	return strings.Join([]string{
		"default-src 'none'",
		strings.TrimSpace("script-src 'self' " + p.standIn),
		"style-src 'self' 'nonce-" + nonce + "'",
		strings.TrimSpace("img-src 'self' data: blob: " + p.storage),
		"font-src 'self'",
		strings.TrimSpace("connect-src 'self' " + strings.TrimSpace(p.storage+" "+p.standIn)),
		"worker-src 'self'",
		"frame-src blob:", // previews of PDF files
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	}, "; ")
}

// storageOrigin returns scheme and host of presigned addresses; "" if no storage is configured.
func storageOrigin(c storage.Config) (string, error) {
	endpoint := c.PublicEndpoint
	if endpoint == "" {
		endpoint = c.Endpoint
	}
	if endpoint == "" {
		return "", nil
	}
	address, err := url.Parse(endpoint)
	if err != nil {
		return "", fmt.Errorf("reading the public address of the file store: %w", err)
	}
	host := address.Host
	if !c.PathStyle {
		host = c.Bucket + "." + host
	}
	return address.Scheme + "://" + host, nil
}

// standInOrigins returns the origins of those scripts that are not of an extension, for the policy.
func standInOrigins(scripts []string) (string, error) {
	var origins []string
	for _, script := range scripts {
		address, err := url.Parse(script)
		if err != nil {
			return "", fmt.Errorf("reading the address of a script of КриптоПро: %w", err)
		}
		if address.Scheme == "http" || address.Scheme == "https" {
			origins = append(origins, address.Scheme+"://"+address.Host)
		}
	}
	return strings.Join(origins, " "), nil
}

// notBuilt answers developers who have not built the web app; the API works without it.
func notBuilt(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	return c.Status(http.StatusServiceUnavailable).SendString(`<!doctype html><html lang="ru"><meta charset="utf-8"><title>ЭПКР</title>` +
		`<h1>Веб-приложение не собрано</h1><p>API работает. Соберите приложение командой <code>make web</code> и соберите apiserver заново.</p></html>`)
}
