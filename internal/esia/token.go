package esia

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"epkr/internal/gost"

	"epkr/internal/strictjson"
)

// The JWT algorithms of ЕСИА.
const (
	algorithmGOST = gost.JWSAlgorithm
	algorithmRSA  = "RS256"
)

// leeway is the accepted clock difference between ЕСИА and the platform when nbf and exp are
// checked.
const leeway = 30 * time.Second

// Token is a verified access token of one person. It is redacted when printed or logged.
type Token struct {
	access string
	// Subject is the person's identifier in ЕСИА (oid), decimal digits.
	Subject string
	// SessionID is ЕСИА's session id, by which its support finds a sign-in.
	SessionID string
	// ExpiresAt is when the token expires, UTC.
	ExpiresAt time.Time
	// trusted is the confirmation of the account in the identity token.
	trusted flag
}

// String hides the token.
func (Token) String() string { return "esia.Token" }

// GoString hides the token.
func (Token) GoString() string { return "esia.Token" }

// LogValue hides the token.
func (Token) LogValue() slog.Value { return slog.StringValue("esia.Token") }

// Exchange returns the token for the code of a callback. request must be the one that was passed to
// AuthorizeURL.
func (c *Client) Exchange(ctx context.Context, request Request, code string) (Token, error) {
	parameters, err := c.signedParameters(ctx, request, code)
	if err != nil {
		return Token{}, err
	}
	parameters.Set("code", code)
	parameters.Set("grant_type", "authorization_code")
	parameters.Set("token_type", "Bearer")
	answer, err := c.requestToken(ctx, parameters)
	if err != nil {
		return Token{}, err
	}
	if answer.State == "" || answer.AccessToken == "" {
		return Token{}, failure(CodeAnswerInvalid, "the token answer carries no token or no state")
	}
	if subtle.ConstantTimeCompare([]byte(answer.State), []byte(request.State)) != 1 {
		return Token{}, failure(CodeStateMismatch, "the token answer carries another state")
	}
	return c.verifyTokens(answer)
}

type tokenResponse struct {
	AccessToken text `json:"access_token"`
	IDToken     text `json:"id_token"`
	State       text `json:"state"`
	TokenType   text `json:"token_type"`
}

func (c *Client) requestToken(ctx context.Context, parameters url.Values) (tokenResponse, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+c.paths.token, strings.NewReader(parameters.Encode()))
	if err != nil {
		return tokenResponse{}, failure(CodeAnswerInvalid, "building the token request")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var answer tokenResponse
	err = c.do(request, &answer)
	return answer, err
}

// verifyTokens verifies both tokens of the response. The access token names the person; the id
// token, if present, must name the same person.
func (c *Client) verifyTokens(answer tokenResponse) (Token, error) {
	access, err := c.verify(string(answer.AccessToken), "access")
	if err != nil {
		return Token{}, failure(CodeTokenInvalid, "access token: %w", err)
	}
	if access.Subject == "" {
		return Token{}, failure(CodeTokenInvalid, "access token names no person")
	}
	trusted := unknown
	if answer.IDToken != "" {
		identity, err := c.verify(string(answer.IDToken), "id")
		if err != nil {
			return Token{}, failure(CodeTokenInvalid, "id token: %w", err)
		}
		if string(identity.StandardSubject) != string(access.Subject) {
			return Token{}, failure(CodeTokenInvalid, "the two tokens name different persons")
		}
		trusted = identity.Person.Trusted
	}
	return Token{
		access:    string(answer.AccessToken),
		Subject:   string(access.Subject),
		SessionID: string(access.SessionID),
		ExpiresAt: access.Expires.time().UTC(),
		trusted:   trusted,
	}, nil
}

type header struct {
	Algorithm string          `json:"alg"`
	Kind      string          `json:"sbt"`
	Critical  json.RawMessage `json:"crit"`
}

type claims struct {
	Issuer          text     `json:"iss"`
	Expires         moment   `json:"exp"`
	NotBefore       moment   `json:"nbf"`
	ClientID        text     `json:"client_id"`
	Audience        audience `json:"aud"`
	Subject         number   `json:"urn:esia:sbj_id"`
	StandardSubject number   `json:"sub"`
	SessionID       text     `json:"urn:esia:sid"`
	Person          struct {
		Trusted flag `json:"urn:esia:sbj:is_tru"`
	} `json:"urn:esia:sbj"`
}

// verify checks one JWT: its form, kind, algorithm, signature and claims.
func (c *Client) verify(token, kind string) (claims, error) {
	var head header
	var decoded claims
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return decoded, errors.New("is not a JWT of three parts")
	}
	if err := decodePart(parts[0], &head); err != nil {
		return decoded, fmt.Errorf("header: %w", err)
	}
	if head.Critical != nil || (head.Kind != "" && head.Kind != kind) {
		return decoded, errors.New("is of another kind")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return decoded, errors.New("signature is not base64url")
	}
	if err := c.verifySignature(head.Algorithm, []byte(parts[0]+"."+parts[1]), signature); err != nil {
		return decoded, err
	}
	if err := decodePart(parts[1], &decoded); err != nil {
		return decoded, fmt.Errorf("claims: %w", err)
	}
	return decoded, c.checkClaims(decoded)
}

func decodePart(part string, target any) error {
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return errors.New("is not base64url")
	}
	if strictjson.UnmarshalKnown(data, target) != nil {
		return errors.New("is not the expected JSON")
	}
	return nil
}

// verifySignature tries only the keys of the algorithm that the header names: the configured
// certificates determine which algorithms are accepted.
func (c *Client) verifySignature(algorithm string, input, signature []byte) error {
	err := errors.New("algorithm is not that of a configured certificate")
	for _, key := range c.keys {
		if key.algorithm() != algorithm {
			continue
		}
		if err = key.verify(input, signature); err == nil {
			return nil
		}
	}
	return err
}

// checkClaims checks the claims of a correctly signed token.
func (c *Client) checkClaims(decoded claims) error {
	now := c.now()
	switch {
	case string(decoded.Issuer) != c.config.Issuer:
		return errors.New("was issued by another issuer")
	case decoded.Expires == 0 || now.After(decoded.Expires.time().Add(leeway)):
		return errors.New("has expired or says no expiry")
	case decoded.NotBefore != 0 && now.Before(decoded.NotBefore.time().Add(-leeway)):
		return errors.New("is not valid yet")
	case decoded.ClientID == "" && len(decoded.Audience) == 0:
		return errors.New("names no client")
	case decoded.ClientID != "" && string(decoded.ClientID) != c.config.ClientID:
		return errors.New("was issued to another client")
	case len(decoded.Audience) > 0 && !slices.Contains(decoded.Audience, c.config.ClientID):
		return errors.New("is meant for another client")
	}
	return nil
}

// minRSABits is the smallest size of an RSA key that is considered secure.
const minRSABits = 2048

// tokenKey is the key of one configured certificate of ЕСИА; it has exactly one algorithm.
type tokenKey interface {
	algorithm() string
	verify(input, signature []byte) error
}

func keyOf(certificate *x509.Certificate) (tokenKey, error) {
	if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok {
		if bits := key.N.BitLen(); bits < minRSABits {
			return nil, fmt.Errorf("its RSA key has %d bits, and at least %d are needed", bits, minRSABits)
		}
		return rsaKey{key}, nil
	}
	if certificate.PublicKeyAlgorithm != x509.UnknownPublicKeyAlgorithm {
		return nil, fmt.Errorf("its key is %v, and only ГОСТ Р 34.10-2012 of 256 bits and RSA sign", certificate.PublicKeyAlgorithm)
	}
	key, err := gost.PublicKeyOf(certificate)
	if err != nil {
		return nil, fmt.Errorf("reading its key: %w", err)
	}
	if key.Algorithm() != gost.GOST2012_256 {
		return nil, fmt.Errorf("its key is %v, and signatures are made with ГОСТ Р 34.10-2012 of 256 bits", key.Algorithm())
	}
	return gostKey{key}, nil
}

type rsaKey struct{ key *rsa.PublicKey }

func (rsaKey) algorithm() string { return algorithmRSA }

func (k rsaKey) verify(input, signature []byte) error {
	digest := sha256.Sum256(input)
	if rsa.VerifyPKCS1v15(k.key, crypto.SHA256, digest[:], signature) != nil {
		return errors.New("signature does not verify")
	}
	return nil
}

type gostKey struct{ key *gost.PublicKey }

func (gostKey) algorithm() string { return algorithmGOST }

func (k gostKey) verify(input, signature []byte) error {
	if err := gost.VerifyJWS(k.key, string(input), signature); err != nil {
		return fmt.Errorf("signature does not verify: %w", err)
	}
	return nil
}
