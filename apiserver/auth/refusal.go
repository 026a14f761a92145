package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"epkr/apiserver/httpapi"
	"epkr/db"
	"epkr/db/sqlcgen"
)

// Refusal tells a person who was refused at sign-in why his account is off.
type Refusal struct {
	Reason string `json:"reason" doc:"Причина, как её указал модератор; пусто, если решение не записано"`
}

type refusalOutput struct {
	Status int
	Body   *Refusal
}

// getRefusal answers only the browser that began the refused sign-in, which it knows by the login
// cookie: the reason is about a person, so no address may contain it. It returns 204 for everybody
// else, and once the account is on again.
func (s *Service) getRefusal(ctx context.Context, _ *struct{}) (*refusalOutput, error) {
	secret := s.HTTP.CookieValue(ctx, loginCookie)
	if !httpapi.IsToken(secret) {
		return &refusalOutput{Status: http.StatusNoContent}, nil
	}
	reason, err := s.Store.RefusedLogin(ctx, sqlcgen.RefusedLoginParams{CookieHash: httpapi.HashToken(secret), Now: s.Now().UTC()})
	if errors.Is(err, db.ErrNotFound) {
		return &refusalOutput{Status: http.StatusNoContent}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading why a sign-in was refused: %w", err)
	}
	return &refusalOutput{Status: http.StatusOK, Body: &Refusal{Reason: reason}}, nil
}
