package esia

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"epkr/internal/esia"
)

// tokenSigner signs JWTs as ЕСИА does.
type tokenSigner struct {
	signer    esia.Signer
	algorithm string
}

func newTokenSigner(key KeyPair, kind esia.KeyKind) tokenSigner {
	algorithm := "GOST3410_2012_256"
	if kind == esia.RSA {
		algorithm = "RS256"
	}
	return tokenSigner{algorithm: algorithm, signer: esia.OpenSSL{Form: esia.Raw, Kind: kind, KeyFile: key.KeyFile, Timeout: opensslTimeout}}
}

func (t tokenSigner) sign(ctx context.Context, kind string, claims map[string]any) (string, error) {
	head, err := json.Marshal(map[string]any{"alg": t.algorithm, "sbt": kind, "typ": "JWT", "ver": 1})
	if err != nil {
		return "", fmt.Errorf("writing the header of a token: %w", err)
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("writing the claims of a token: %w", err)
	}
	input := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	signature, err := t.signer.Sign(ctx, []byte(input))
	if err != nil {
		return "", fmt.Errorf("signing a token: %w", err)
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// token exchanges a code for tokens. It authenticates the client first, so that another client
// cannot use up the code.
func (s *Server) token(generation esia.Generation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		if err := r.ParseForm(); err != nil {
			tokenProblem(w, "", badParameter)
			return
		}
		allowed, refused := s.redeem(r, generation)
		if refused != nil {
			tokenProblem(w, r.PostForm.Get("state"), *refused)
			return
		}
		answer, err := s.issue(r.Context(), allowed, r.PostForm.Get("state"))
		if err != nil {
			tokenProblem(w, r.PostForm.Get("state"), malfunction)
			return
		}
		writeJSON(w, http.StatusOK, answer)
	}
}

// redeem takes a code. A code works once, and only for the system and address to which it was
// issued.
func (s *Server) redeem(r *http.Request, generation esia.Generation) (grant, *problem) {
	client, known := s.clients[r.PostForm.Get("client_id")]
	code := r.PostForm.Get("code")
	switch {
	case !known:
		return grant{}, &unknownClient
	case code == "" || r.PostForm.Get("grant_type") == "":
		return grant{}, &missingParameter
	case r.PostForm.Get("grant_type") != "authorization_code":
		return grant{}, &badGrant
	}
	auth, refused := s.check(r.Context(), generation, client, r.PostForm, code)
	if refused != nil {
		return grant{}, refused
	}
	allowed, found := s.codes.take(code)
	if !found || allowed.generation != generation || allowed.clientID != client.ID || allowed.redirectURI != auth.redirectURI {
		return grant{}, &badCode
	}
	if allowed.scope != auth.scope || allowed.scopeOrg != auth.scopeOrg {
		return grant{}, &badScope
	}
	return allowed, nil
}

func (s *Server) issue(ctx context.Context, allowed grant, state string) (map[string]any, error) {
	now := s.now()
	oid := json.Number(allowed.personOID)
	common := func(claims map[string]any) map[string]any {
		claims["iss"], claims["iat"], claims["nbf"] = Issuer, now.Unix(), now.Unix()
		claims["exp"], claims["urn:esia:sid"] = now.Add(tokenLifetime).Unix(), allowed.sessionID
		return claims
	}
	access, err := s.signer.sign(ctx, "access", common(map[string]any{
		"client_id": allowed.clientID, "urn:esia:sbj_id": oid, "scope": grantedScope(allowed),
	}))
	if err != nil {
		return nil, err
	}
	identity, err := s.signer.sign(ctx, "id", common(map[string]any{
		"aud": allowed.clientID, "sub": oid, "amr": "PWD", "auth_time": now.Unix(),
		"urn:esia:sbj": map[string]any{"urn:esia:sbj:typ": "P", "urn:esia:sbj:oid": oid, "urn:esia:sbj:is_tru": true},
	}))
	if err != nil {
		return nil, err
	}
	s.tokens.put(access, allowed)
	return map[string]any{
		"access_token": access, "id_token": identity, "state": state, "token_type": "Bearer", "expires_in": int(tokenLifetime / time.Second),
	}, nil
}

// grantedScope adds the person's number to each of his scopes, as in ЕСИА's tokens.
func grantedScope(allowed grant) string {
	var granted []string
	for _, scope := range allowed.scopes.person {
		granted = append(granted, scope+"?oid="+allowed.personOID)
	}
	for _, scope := range allowed.scopes.organisation {
		granted = append(granted, "http://esia.gosuslugi.ru/"+scope+"?org_oid="+allowed.scopes.organisationOID)
	}
	return strings.Join(granted, " ")
}

func tokenProblem(w http.ResponseWriter, state string, refused problem) {
	status := http.StatusBadRequest
	if refused == malfunction {
		status = http.StatusInternalServerError
	}
	writeJSON(w, status, map[string]string{"error": refused.code, "error_description": refused.description(), "state": state})
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The status is already sent, so an error cannot be reported.
	_ = json.NewEncoder(w).Encode(value)
}
