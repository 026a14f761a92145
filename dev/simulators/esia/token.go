package esia

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"time"

	"epkr/internal/esia"
	"epkr/internal/gost"
)

// algorithms are the JWT algorithms of the kinds of keys.
var algorithms = map[esia.KeyKind]string{esia.GOST: gost.JWSAlgorithm, esia.RSA: "RS256"}

// sign returns a JWT as ЕСИА signs them.
func (s *Server) sign(ctx context.Context, kind string, claims object) (string, error) {
	head, err := json.Marshal(object{"alg": algorithms[s.signer.Kind], "sbt": kind, "typ": "JWT", "ver": 1})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	input := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	signature, err := s.signer.Sign(ctx, []byte(input))
	return input + "." + base64.RawURLEncoding.EncodeToString(signature), err
}

// token exchanges a code for tokens. It authenticates the client first, so that another client
// cannot use up the code.
func (s *Server) token(generation esia.Generation) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		state := r.PostFormValue("state") // parses the form
		allowed, refused := s.redeem(r, generation)
		if refused != nil {
			tokenProblem(w, state, *refused)
			return
		}
		answer, err := s.issue(r.Context(), allowed, state)
		if err != nil {
			tokenProblem(w, state, malfunction)
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

func (s *Server) issue(ctx context.Context, allowed grant, state string) (object, error) {
	now, oid := s.now(), json.Number(allowed.personOID)
	claims := map[string]object{
		"access": {"client_id": allowed.clientID, "urn:esia:sbj_id": oid},
		"id": {
			"aud": allowed.clientID, "sub": oid, "amr": "PWD", "auth_time": now.Unix(),
			"urn:esia:sbj": object{"urn:esia:sbj:typ": "P", "urn:esia:sbj:oid": oid, "urn:esia:sbj:is_tru": true},
		},
	}
	answer := object{"state": state, "token_type": "Bearer", "expires_in": int(tokenLifetime / time.Second)}
	for kind, own := range claims {
		maps.Copy(own, object{
			"iss": Issuer, "iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(tokenLifetime).Unix(), "urn:esia:sid": allowed.sessionID,
		})
		signed, err := s.sign(ctx, kind, own)
		if err != nil {
			return nil, err
		}
		answer[kind+"_token"] = signed
	}
	s.tokens.put(answer["access_token"].(string), allowed)
	return answer, nil
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
