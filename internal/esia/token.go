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

// JWT algorithms that ЕСИА signs with.
const (
	algorithmGOST = gost.JWSAlgorithm
	algorithmRSA  = "RS256"
)

// leeway is how far the clocks of ЕСИА and the platform may differ when nbf and exp are judged.
const leeway = 30 * time.Second

// Token is a verified permission of one person. Its text never shows itself when printed or logged.
type Token struct {
	access string
	// Subject is the person's identifier in ЕСИА (oid), decimal digits.
	Subject string
	// SessionID is ЕСИА's session, by which its support finds a sign-in.
	SessionID string
	// ExpiresAt is when ЕСИА stops answering to it, UTC.
	ExpiresAt time.Time
	// trusted is what the identity token says of the account's confirmation.
	trusted flag
}

// String hides the token.
func (Token) String() string { return "esia.Token" }

// GoString hides the token.
func (Token) GoString() string { return "esia.Token" }

// LogValue hides the token.
func (Token) LogValue() slog.Value { return slog.StringValue("esia.Token") }

// Exchange gives the token for the code of a callback. request must be the one that AuthorizeURL was made from.
func (c *Client) Exchange(ctx context.Context, request Request, code string) (Token, error) {
	parameters, err := c.signed(ctx, request, code)
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
	return c.verified(answer)
}

type tokenAnswer struct {
	AccessToken text `json:"access_token"`
	IDToken     text `json:"id_token"`
	State       text `json:"state"`
	TokenType   text `json:"token_type"`
}

func (c *Client) requestToken(ctx context.Context, parameters url.Values) (tokenAnswer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+c.paths.token, strings.NewReader(parameters.Encode()))
	if err != nil {
		return tokenAnswer{}, failure(CodeAnswerInvalid, "building the token request")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var answer tokenAnswer
	err = c.do(request, &answer)
	return answer, err
}

// verified judges both tokens of the answer: the access token says who, the id token, when ЕСИА sends one, must say the same.
func (c *Client) verified(answer tokenAnswer) (Token, error) {
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

// verify judges one JWT: form, kind, algorithm, signature, then what it says.
func (c *Client) verify(token, kind string) (claims, error) {
	var head header
	var said claims
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return said, errors.New("is not a JWT of three parts")
	}
	if err := decodePart(parts[0], &head); err != nil {
		return said, fmt.Errorf("header: %w", err)
	}
	if head.Critical != nil || (head.Kind != "" && head.Kind != kind) {
		return said, errors.New("is of another kind")
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return said, errors.New("signature is not base64url")
	}
	if err := c.verifySignature(head.Algorithm, []byte(parts[0]+"."+parts[1]), signature); err != nil {
		return said, err
	}
	if err := decodePart(parts[1], &said); err != nil {
		return said, fmt.Errorf("claims: %w", err)
	}
	return said, c.judge(said)
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

// verifySignature tries only the keys whose kind the header names: the configured certificates decide which algorithms exist.
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

// judge checks what a correctly signed token says.
func (c *Client) judge(said claims) error {
	now := c.now()
	switch {
	case string(said.Issuer) != c.config.Issuer:
		return errors.New("was issued by another issuer")
	case said.Expires == 0 || now.After(said.Expires.time().Add(leeway)):
		return errors.New("has expired or says no expiry")
	case said.NotBefore != 0 && now.Before(said.NotBefore.time().Add(-leeway)):
		return errors.New("is not valid yet")
	case said.ClientID == "" && len(said.Audience) == 0:
		return errors.New("names no client")
	case said.ClientID != "" && string(said.ClientID) != c.config.ClientID:
		return errors.New("was issued to another client")
	case len(said.Audience) > 0 && !slices.Contains(said.Audience, c.config.ClientID):
		return errors.New("is meant for another client")
	}
	return nil
}

// leastRSA is the fewest bits of an RSA key that is not broken.
const leastRSA = 2048

// tokenKey is one configured certificate of ЕСИА; exactly one algorithm goes with it.
type tokenKey interface {
	algorithm() string
	verify(input, signature []byte) error
}

func keyOf(certificate *x509.Certificate) (tokenKey, error) {
	if key, ok := certificate.PublicKey.(*rsa.PublicKey); ok {
		if bits := key.N.BitLen(); bits < leastRSA {
			return nil, fmt.Errorf("its RSA key has %d bits, and at least %d are needed", bits, leastRSA)
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
