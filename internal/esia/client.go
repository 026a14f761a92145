package esia

import (
	"context"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"epkr/internal/gost"

	"epkr/internal/strictjson"
)

// maxResponse bounds how many bytes of a response are read: a person with all documents takes a few
// kilobytes.
const maxResponse = 1 << 20

// Client is the client of one ЕСИА for one registered system. It keeps no state between calls and
// is safe for concurrent use.
type Client struct {
	config          Config
	base            string
	paths           paths
	certificateHash string
	own             *x509.Certificate
	keys            []tokenKey
	signer          Signer
	http            *http.Client
	now             func() time.Time
}

type paths struct{ authorize, token string }

var pathsOf = map[Generation]paths{
	V1: {authorize: "/aas/oauth2/ac", token: "/aas/oauth2/te"},
	V2: {authorize: "/aas/oauth2/v2/ac", token: "/aas/oauth2/v3/te"},
}

// New validates the configuration, reads the certificates and returns a client.
// config.Signature.Signer returns the usual signer.
func New(config Config, signer Signer) (*Client, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	own, err := ReadCertificate(config.ClientCertificateFile)
	if err != nil {
		return nil, fmt.Errorf("esia: the platform's certificate: %w", err)
	}
	keys, err := readTokenKeys(config.TokenCertificateFiles)
	if err != nil {
		return nil, err
	}
	return &Client{
		config:          config,
		base:            strings.TrimRight(config.BaseURL, "/"),
		paths:           pathsOf[config.Generation],
		own:             own,
		certificateHash: strings.ToUpper(hex.EncodeToString(gost.CertificateHash(own.Raw))),
		keys:            keys,
		signer:          signer,
		http:            &http.Client{Timeout: config.Timeout, CheckRedirect: refuseRedirect},
		now:             time.Now,
	}, nil
}

// refuseRedirect prevents the HTTP client from sending tokens and signatures to the target of a
// redirect.
func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func readTokenKeys(files []string) ([]tokenKey, error) {
	var keys []tokenKey
	for _, file := range files {
		certificate, err := ReadCertificate(file)
		if err != nil {
			return nil, fmt.Errorf("esia: the certificate that signs tokens: %w", err)
		}
		key, err := keyOf(certificate)
		if err != nil {
			return nil, fmt.Errorf("esia: the certificate that signs tokens, %s: %w", file, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// TokenAlgorithms returns the JWT algorithms that the configured certificates allow, so that a
// deployment can refuse RS256.
func (c *Client) TokenAlgorithms() []string {
	var algorithms []string
	for _, key := range c.keys {
		algorithms = append(algorithms, key.algorithm())
	}
	return algorithms
}

// get reads one resource of ЕСИА into target. The path begins with /rs/.
func (c *Client) get(ctx context.Context, token Token, path string, target any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return failure(CodeAnswerInvalid, "building a request for data")
	}
	request.Header.Set("Authorization", "Bearer "+token.access)
	return c.do(request, target)
}

// do sends the request and decodes the JSON response. It returns a refusal of ЕСИА as an Error with
// its number.
func (c *Client) do(request *http.Request, target any) error {
	request.Header.Set("Accept", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return failure(CodeUnavailable, "calling ЕСИА: %w", withoutURL(err))
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxResponse+1))
	if err != nil {
		return failure(CodeUnavailable, "reading the answer of ЕСИА: %w", err)
	}
	if len(body) > maxResponse {
		return failure(CodeAnswerInvalid, "the answer of ЕСИА is longer than %d bytes", maxResponse)
	}
	switch {
	case response.StatusCode == http.StatusNoContent:
		body = []byte(`{"size":0}`)
	case response.StatusCode != http.StatusOK:
		return statusError(response.StatusCode, body)
	}
	if refused := refusalIn(body); refused != nil {
		refused.cause = errors.New("an error inside an answer of success")
		return refused
	}
	if err := strictjson.UnmarshalKnown(body, target); err != nil {
		// The JSON error may contain the value, which may be personal data.
		return failure(CodeAnswerInvalid, "the answer of ЕСИА is not the expected JSON")
	}
	return nil
}

// withoutURL removes the URL from a network error, because it may contain the person's identifier.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

func statusError(status int, body []byte) error {
	own := refusalIn(body)
	if own == nil {
		own = &Error{Code: CodeUnknown}
	}
	own.cause = fmt.Errorf("HTTP %d", status)
	if own.Code == CodeUnknown {
		own.Code = codeOfStatus(status)
	}
	return own
}

// refusalIn finds a refusal of ЕСИА in a response of any status and shape; nil if there is none.
func refusalIn(body []byte) *Error {
	var answer map[string]json.RawMessage
	if strictjson.UnmarshalKnown(body, &answer) != nil { // an HTML page, a list, or a truncated object
		if number := numberPattern.Find(body); number != nil {
			return refusal("", string(number))
		}
		return nil
	}
	var oauthError, code text
	_, _ = strictjson.UnmarshalKnown(answer["error"], &oauthError), json.Unmarshal(answer["code"], &code)
	switch {
	case hasValue(answer["error"]) || hasValue(answer["error_description"]) || hasValue(answer["errors"]) || numberPattern.MatchString(string(code)):
		return refusal(string(oauthError), string(numberPattern.Find(body)))
	case bareNumber.MatchString(string(code)):
		return refusal("", "ESIA-"+string(code))
	case len(answer["message"]) > 0 && numberPattern.Match(answer["message"]):
		return refusal("", string(numberPattern.Find(answer["message"])))
	}
	return nil
}

// hasValue reports whether a member has a value: ЕСИА also sends empty members.
func hasValue(member json.RawMessage) bool {
	switch strings.Join(strings.Fields(string(member)), "") {
	case "", "null", "false", `""`, "[]", "{}":
		return false
	}
	return true
}

// bareNumber matches an error number of ЕСИА without its prefix.
var bareNumber = regexp.MustCompile(`^0\d{5}$`)

// codeOfStatus returns the code of a response without a known error number.
func codeOfStatus(status int) Code {
	switch {
	case status >= 500 || status == http.StatusTooManyRequests:
		return CodeUnavailable
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return CodeNotPermitted
	}
	return CodeAnswerInvalid
}

// localPath returns the path of an absolute URL of the same ЕСИА. It refuses other URLs, because
// the request carries the token.
func (c *Client) localPath(address string) (string, error) {
	target, err := url.Parse(address)
	if err != nil {
		return "", failure(CodeAnswerInvalid, "a collection holds a malformed address")
	}
	base, err := url.Parse(c.base)
	if err != nil {
		return "", failure(CodeAnswerInvalid, "the base URL is malformed")
	}
	// Some URLs of ЕСИА contain its default port, so only the host name is compared. The request
	// goes to the configured base URL.
	if target.Hostname() != base.Hostname() || !strings.HasPrefix(target.Path, "/rs/") || strings.Contains(target.Path, "..") {
		return "", failure(CodeAnswerInvalid, "a collection leads outside ЕСИА")
	}
	return target.EscapedPath(), nil
}
