package goskey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"epkr/internal/strictjson"
)

const (
	// maxAnswer bounds the bytes that are read of an answer: the details of an order with its history
	// take some tens of kilobytes.
	maxAnswer = 4 << 20
	// maxSignature bounds the bytes that are read of a signature: one with a whole chain and lists
	// takes some hundred kilobytes.
	maxSignature = 2 << 20
)

// Signer is the platform's own УКЭП on the server. It returns a detached CAdES-BES signature in DER.
type Signer interface {
	Sign(ctx context.Context, data []byte) ([]byte, error)
}

// Client is the client of one ЕПГУ. It keeps only the token between calls and is safe for concurrent
// use.
type Client struct {
	config     Config
	epgu, esia string
	signer     Signer
	http       *http.Client
	now        func() time.Time

	mu    sync.Mutex // held while a token is got, so that concurrent calls get one
	token token
}

// New validates the configuration and returns a client.
func New(config Config, signer Signer) (*Client, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	return &Client{
		config: config, epgu: strings.TrimRight(config.EPGU, "/"), esia: strings.TrimRight(config.ESIA, "/"), signer: signer,
		http: &http.Client{Timeout: config.Timeout, CheckRedirect: refuseRedirect},
		now:  time.Now,
	}, nil
}

// refuseRedirect prevents the HTTP client from sending tokens and documents to the target of a
// redirect.
func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// call is one call of ЕПГУ. Its body may be sent twice, see [Client.do].
type call struct {
	method, path, contentType string
	body                      string
}

// do sends a call with the token and returns the body of a good answer. A token that is no longer
// accepted is renewed once. The answer 204 has no body.
func (c *Client) do(ctx context.Context, call call, limit int64) ([]byte, error) {
	for attempt := 0; ; attempt++ {
		access, err := c.accessToken(ctx)
		if err != nil {
			return nil, err
		}
		request, err := http.NewRequestWithContext(ctx, call.method, c.epgu+call.path, strings.NewReader(call.body))
		if err != nil {
			return nil, failure(CodeRequest, "building a request")
		}
		request.Header.Set("Authorization", "Bearer "+access)
		if call.contentType != "" {
			request.Header.Set("Content-Type", call.contentType)
		}
		status, body, err := c.send(request, limit)
		switch {
		case err != nil:
			return nil, err
		case status == http.StatusOK || status == http.StatusPartialContent || status == http.StatusNoContent:
			return body, nil
		case status == http.StatusUnauthorized && attempt == 0:
			c.dropToken(access)
		default:
			return nil, answerError(status, body)
		}
	}
}

// send returns the status and the body of an answer, which must not be longer than limit.
func (c *Client) send(request *http.Request, limit int64) (status int, body []byte, err error) {
	response, err := c.http.Do(request)
	if err != nil {
		return 0, nil, networkError(request.Context(), err)
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return 0, nil, networkError(request.Context(), err)
	}
	if int64(len(body)) > limit {
		return 0, nil, failure(CodeAnswerInvalid, "the answer is longer than %d bytes", limit)
	}
	return response.StatusCode, body, nil
}

// doJSON is do for an answer in JSON. An empty answer leaves target as it is.
func (c *Client) doJSON(ctx context.Context, call call, target any) error {
	body, err := c.do(ctx, call, maxAnswer)
	if err != nil || len(body) == 0 {
		return err
	}
	return decode(body, target)
}

// decode reads JSON. Its error contains no value, which may be personal data.
func decode(body []byte, target any) error {
	if err := strictjson.UnmarshalKnown(body, target); err != nil {
		return failure(CodeAnswerInvalid, "the answer is not the expected JSON")
	}
	return nil
}

// answerError returns the error of an answer. Of its text only a known code is used.
func answerError(status int, body []byte) error {
	var answer struct {
		Code string `json:"code"`
	}
	_ = strictjson.UnmarshalKnown(body, &answer) // an HTML page of a gateway has no code
	code := codeOfStatus(status)
	if known, found := codesOfAnswers[answer.Code]; found {
		return failure(known, "HTTP %d, %s", status, answer.Code)
	}
	return failure(code, "HTTP %d", status)
}

// withoutURL removes the URL from a network error, because it contains the API key or its signature.
func withoutURL(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err
	}
	return err
}

// meta describes the service that an order is for.
func (c *Client) meta(s Signatory) string {
	service := s.service()
	encoded, err := json.Marshal(map[string]string{
		"region": c.config.Region, "serviceCode": service.code, "targetCode": "-" + service.code,
	})
	if err != nil { // texts always marshal
		panic(fmt.Sprintf("goskey: encoding the meta data: %v", err))
	}
	return string(encoded)
}
