package goskey

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"time"

	"epkr/internal/strictjson"
)

const (
	// tokenMargin is how long before its end a token is renewed.
	tokenMargin = time.Minute
	// defaultLifetime is how long a token is used that does not say when it ends.
	defaultLifetime = 10 * time.Minute
)

// token is the platform's access token at ЕПГУ.
type token struct {
	access string
	until  time.Time
}

// accessToken returns a token that is valid for some time. ЕСИА gives it for the API key and the
// platform's signature of the key.
func (c *Client) accessToken(ctx context.Context) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token.access != "" && c.now().Before(c.token.until) {
		return c.token.access, nil
	}
	signature, err := c.sign(ctx, []byte(c.config.APIKey))
	if err != nil {
		return "", err
	}
	address := c.esia + "/esia-rs/api/public/v1/orgs/ext-app/" + url.PathEscape(c.config.APIKey) +
		"/tkn?signature=" + base64.URLEncoding.EncodeToString(signature)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return "", failure(CodeRequest, "building a request for a token")
	}
	status, body, err := c.send(request, maxAnswer)
	if err != nil {
		return "", err
	}
	if status != http.StatusOK {
		return "", answerError(status, body)
	}
	var answer struct {
		AccessToken string `json:"accessTkn"`
	}
	if err := decode(body, &answer); err != nil {
		return "", err
	}
	if answer.AccessToken == "" {
		return "", failure(CodeAnswerInvalid, "the answer of ЕСИА has no token")
	}
	c.token = token{answer.AccessToken, c.endOf(answer.AccessToken)}
	return c.token.access, nil
}

// endOf returns when a token is to be renewed. The token comes from ЕСИА itself and only ЕПГУ judges
// it, so its signature is not verified here.
func (c *Client) endOf(access string) time.Time {
	var claims struct {
		Exp int64 `json:"exp"`
	}
	if parts := strings.Split(access, "."); len(parts) == 3 {
		if payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "=")); err == nil {
			_ = strictjson.UnmarshalKnown(payload, &claims)
		}
	}
	if claims.Exp == 0 {
		return c.now().Add(defaultLifetime)
	}
	return time.Unix(claims.Exp, 0).Add(-tokenMargin)
}

// dropToken forgets a token that was not accepted, unless it has been renewed already.
func (c *Client) dropToken(access string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token.access == access {
		c.token = token{}
	}
}

func (c *Client) sign(ctx context.Context, data []byte) ([]byte, error) {
	signature, err := c.signer.Sign(ctx, data)
	if err != nil {
		return nil, failure(CodeSigning, "signing: %w", err)
	}
	return signature, nil
}
