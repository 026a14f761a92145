package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"time"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"

	_ "embed"

	"github.com/danielgtaylor/huma/v2"

	"epkr/db/sqlcgen"
)

// consentFile is the text of the consent. Its first line is the title.
//
//go:embed consent.txt
var consentFile string

// Consent is one version of the consent. A changed text is a new version, so people are asked
// again.
type Consent struct{ Version, Title, Text string }

// CurrentConsent returns the version in force.
func CurrentConsent() Consent { return NewConsent(consentFile) }

// NewConsent parses a version from its file.
func NewConsent(file string) Consent {
	sum := sha256.Sum256([]byte(file))
	title, body, _ := strings.Cut(file, "\n")
	return Consent{Version: hex.EncodeToString(sum[:8]), Title: title, Text: strings.TrimSpace(body)}
}

const tagConsent = "Согласие"

func (s *Service) registerConsent() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-consent", Method: http.MethodGet, Path: "/api/auth/consent", Tags: []string{tagConsent},
		Summary: "Текст согласия на обработку персональных данных",
	}, httpapi.SignedIn, s.showConsent)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "give-consent", Method: http.MethodPost, Path: "/api/auth/consent", Tags: []string{tagConsent},
		Summary: "Дать согласие", Errors: []int{http.StatusConflict},
	}, httpapi.SignedIn, s.giveConsent)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "refuse-consent", Method: http.MethodPost, Path: "/api/auth/consent/refusal", Tags: []string{tagConsent},
		DefaultStatus: http.StatusNoContent,
		Summary:       "Отказаться от согласия", Description: "Завершает этот сеанс. При следующем входе согласие запрашивается снова.",
	}, httpapi.SignedIn, s.refuseConsent)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "withdraw-consent", Method: http.MethodDelete, Path: "/api/auth/consent", Tags: []string{tagConsent},
		DefaultStatus: http.StatusNoContent,
		Summary:       "Отозвать согласие", Description: "Завершает все сеансы. При следующем входе согласие запрашивается снова.",
	}, httpapi.SignedIn, s.withdrawConsent)
}

type consentPage struct {
	Body struct {
		Version string     `json:"version" doc:"Редакция, её указывают при согласии"`
		Title   string     `json:"title" doc:"Заголовок"`
		Text    string     `json:"text" doc:"Текст, абзацы через пустую строку"`
		Needed  bool       `json:"needed" doc:"Согласие с этой редакцией ещё не дано"`
		GivenAt *time.Time `json:"givenAt,omitempty" doc:"Когда дано согласие с этой редакцией"`
	}
}

func (s *Service) showConsent(ctx context.Context, _ *struct{}) (*consentPage, error) {
	given, err := s.consentInForce(ctx, s.Store.Queries)
	if err != nil {
		return nil, err
	}
	page := &consentPage{}
	page.Body.Version, page.Body.Title, page.Body.Text = s.Consent.Version, s.Consent.Title, s.Consent.Text
	page.Body.Needed = len(given) == 0
	if len(given) > 0 {
		page.Body.GivenAt = &given[0]
	}
	return page, nil
}

func (s *Service) consentInForce(ctx context.Context, q *sqlcgen.Queries) ([]time.Time, error) {
	given, err := q.ConsentInForce(ctx, sqlcgen.ConsentInForceParams{PersonID: httpapi.SessionFrom(ctx).Person, Version: s.Consent.Version})
	if err != nil {
		return nil, fmt.Errorf("reading a consent: %w", err)
	}
	return given, nil
}

type consentGiven struct {
	Body struct {
		Next NextPage `json:"next" enum:"role,settings,profile" doc:"Какую страницу открыть"`
	}
}

func (s *Service) giveConsent(ctx context.Context, in *struct {
	Body struct {
		Version string `json:"version" minLength:"1" maxLength:"64" doc:"Редакция, которую прочитал человек"`
	}
},
) (*consentGiven, error) {
	if in.Body.Version != s.Consent.Version {
		return nil, problems.New(problems.ConsentChanged)
	}
	current := httpapi.SessionFrom(ctx)
	err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		// The lock makes concurrent requests record one consent.
		if err := q.LockPerson(ctx, current.Person); err != nil {
			return fmt.Errorf("locking a person: %w", err)
		}
		given, err := s.consentInForce(ctx, q)
		if err != nil || len(given) > 0 {
			return err
		}
		if err := q.GiveConsent(ctx, sqlcgen.GiveConsentParams{
			PersonID: current.Person, Version: s.Consent.Version, GivenAt: s.Now().UTC(),
		}); err != nil {
			return fmt.Errorf("storing a consent: %w", err)
		}
		return s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{Kind: httpapi.EventConsentGiven, Details: map[string]any{"version": s.Consent.Version}})
	})
	if err != nil {
		return nil, err
	}
	current.Consented = true
	out := &consentGiven{}
	out.Body.Next, err = s.nextPage(ctx, current)
	return out, err
}

// signedOut removes the session cookie.
type signedOut struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (s *Service) refuseConsent(ctx context.Context, _ *struct{}) (*signedOut, error) {
	err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.DeleteSession(ctx, httpapi.SessionFrom(ctx).TokenHash); err != nil {
			return fmt.Errorf("ending a session: %w", err)
		}
		return s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{Kind: httpapi.EventConsentRefused, Details: map[string]any{"version": s.Consent.Version}})
	})
	if err != nil {
		return nil, err
	}
	return &signedOut{SetCookie: []http.Cookie{s.HTTP.Cookie(httpapi.SessionCookie, "")}}, nil
}

func (s *Service) withdrawConsent(ctx context.Context, _ *struct{}) (*signedOut, error) {
	person := httpapi.SessionFrom(ctx).Person
	err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		now := s.Now().UTC()
		if _, err := q.WithdrawConsent(ctx, sqlcgen.WithdrawConsentParams{PersonID: person, WithdrawnAt: &now}); err != nil {
			return fmt.Errorf("withdrawing a consent: %w", err)
		}
		if err := q.DeleteSessionsOf(ctx, person); err != nil {
			return fmt.Errorf("ending a person's sessions: %w", err)
		}
		return s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{Kind: httpapi.EventConsentWithdrawn})
	})
	if err != nil {
		return nil, err
	}
	return &signedOut{SetCookie: []http.Cookie{s.HTTP.Cookie(httpapi.SessionCookie, "")}}, nil
}
