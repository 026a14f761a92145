// Package auth signs people in through ЕСИА, signs them out, and asks for their consent.
package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/esia"
)

const (
	// loginLifetime is how long a person may stay at ЕСИА.
	loginLifetime = 15 * time.Minute
	// signInPage is the page that explains an error by its code. The web app reads the text from
	// the address of the problem.
	signInPage = "/signin"
	// signInPause is the Retry-After of a sign-in that was refused because too many people sign in.
	signInPause = 30 * time.Second
	// maxReturnTo is the maximum length in bytes of the address to which a sign-in returns.
	maxReturnTo = 2000
)

const tagSignIn = "Вход"

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	ESIA  *esia.Client
	Log   *slog.Logger
	Now   func() time.Time
	// PublicURL is the address at which people reach the platform. Redirect is the address to which
	// ЕСИА sends them back.
	PublicURL, Redirect string
	// SessionIdle is the idle timeout of a session; SessionMax is the maximum age of a session.
	SessionIdle, SessionMax time.Duration
	// MaxSessions is the maximum number of sessions of a person; 0 means no limit.
	MaxSessions int
	Consent     Consent
}

// Service signs people in and out.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the operations for sign-in, sessions, roles and consent.
func (s *Service) Register() {
	s.registerLogin()
	s.registerSessions()
	s.registerConsent()
	s.registerMe()
	s.HTTP.Every(time.Minute, "deleting expired sessions", s.Sweep)
}

func (s *Service) registerLogin() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "begin-login", Method: http.MethodGet, Path: "/api/auth/login", Tags: []string{tagSignIn}, DefaultStatus: http.StatusSeeOther,
		Summary:     "Начать вход: переход на Госуслуги",
		Description: "Открывается браузером. returnTo — страница платформы, на которую вернуться после входа.",
	}, httpapi.Public, s.beginLogin, httpapi.Costs(limits.SignIn), httpapi.ExplainsRefusals(signInError))
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "finish-login", Method: http.MethodGet, Path: "/api/auth/callback", Tags: []string{tagSignIn}, DefaultStatus: http.StatusSeeOther,
		Summary: "Закончить вход: возврат с Госуслуг",
	}, httpapi.Public, s.finishLogin, httpapi.Costs(limits.SignIn), httpapi.ExplainsRefusals(signInError), httpapi.TakesForeignParameters())
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-automatic-sign-in", Method: http.MethodGet, Path: "/api/auth/automatic", Tags: []string{tagSignIn},
		Summary: "Начинать ли вход без нажатия: один раз, пока открыт браузер",
	}, httpapi.Public, s.getAutomatic)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-sign-in-refusal", Method: http.MethodGet, Path: "/api/auth/refusal", Tags: []string{tagSignIn},
		Summary:     "Почему учётная запись отключена; 204, если отказа не было",
		Description: "Отвечает только браузеру, в котором человек только что вошёл на Госуслугах и получил отказ.",
		Responses:   map[string]*huma.Response{"204": {Description: "В этом браузере отказа не было"}},
	}, httpapi.Public, s.getRefusal)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-roles", Method: http.MethodGet, Path: "/api/auth/roles", Tags: []string{tagSignIn},
		Summary: "Роли, в которых можно продолжить",
	}, httpapi.SignedIn, s.listRoles)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "choose-role", Method: http.MethodPost, Path: "/api/auth/role", Tags: []string{tagSignIn},
		Summary: "Выбрать или сменить роль", Description: "Меняет cookie сеанса: прежний перестаёт действовать.",
	}, httpapi.SignedIn, s.chooseRole)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "logout", Method: http.MethodPost, Path: "/api/auth/logout", Tags: []string{tagSignIn},
		Summary: "Выйти", Description: "Возвращает адрес, по которому завершается и вход на Госуслугах.",
	}, httpapi.Public, s.logout)
}

// loginCookie stores the secret of a browser that is signing in at ЕСИА.
const loginCookie = "epkr_login"

// redirect redirects the browser.
type redirect struct {
	Location  string        `header:"Location"`
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (s *Service) beginLogin(ctx context.Context, in *struct {
	ReturnTo string `query:"returnTo" maxLength:"8192" doc:"Путь на платформе, начинается с /"`
	Renew    bool   `query:"renew" doc:"Подтвердить полномочия: вернуться должен тот же человек, роль сохранится"`
	// Organisation also renews: see organisation.go.
	Organisation bool `query:"organisation" doc:"Обновить сведения об организации, от имени которой действует человек; полномочия подтверждаются заодно"`
	Moved        bool `query:"moved" doc:"Вход уже перенесён на основной адрес платформы"`
	// Automatic is ignored by a renewal, which a person always begins himself.
	Automatic bool `query:"automatic" doc:"Вход без нажатия, который начинает главная страница: если на Госуслугах никто не вошёл, браузер вернётся на неё без ошибки"`
},
) (*redirect, error) {
	automatic := in.Automatic && !in.Renew && !in.Organisation
	flags := map[string]bool{"renew": in.Renew, "organisation": in.Organisation, "automatic": automatic}
	if address, moved := s.publicAddress(ctx, in.ReturnTo, flags, in.Moved); moved {
		return &redirect{Location: address}, nil
	}
	if automatic && !s.mayAttempt(ctx) {
		return &redirect{Location: startPage(in.ReturnTo)}, nil
	}
	// The same browser may sign in in several windows: they share the cookie, and each has its own
	// state.
	secret := s.HTTP.CookieValue(ctx, loginCookie)
	if !httpapi.IsToken(secret) {
		secret, _ = httpapi.NewToken()
	}
	state, now := uuid.New(), s.Now().UTC()
	begun := sqlcgen.InsertLoginParams{
		State: state, CookieHash: httpapi.HashToken(secret), ReturnTo: localPath(in.ReturnTo), Automatic: automatic, CreatedAt: now, ExpiresAt: now.Add(loginLifetime),
	}
	if in.Renew || in.Organisation {
		current, err := s.HTTP.OpenSession(ctx, s.HTTP.CookieValue(ctx, httpapi.SessionCookie))
		if err != nil {
			return s.signInFailed(ctx, err, in.ReturnTo)
		}
		begun.Renews = &current.Person
		if in.Organisation {
			if begun.OrganisationID, begun.OrganisationOid, err = s.organisationOf(ctx, current); err != nil {
				return s.withoutOrganisation(ctx, err, begun.ReturnTo)
			}
		}
	}
	if err := s.Store.InsertLogin(ctx, begun); err != nil {
		return nil, fmt.Errorf("writing down that a login begins: %w", err)
	}
	request := s.request(state.String(), begun.OrganisationOid)
	request.Automatic = automatic
	address, err := s.ESIA.AuthorizeURL(ctx, request)
	switch {
	case err != nil && in.Organisation:
		return s.withoutOrganisation(ctx, err, begun.ReturnTo)
	case err != nil && automatic:
		return s.notSignedIn(ctx, err, in.ReturnTo), nil
	case err != nil:
		return s.signInFailed(ctx, err, in.ReturnTo)
	}
	s.markAttempted(ctx)
	return &redirect{Location: address, SetCookie: []http.Cookie{s.beganCookie(secret)}}, nil
}

// beganCookie returns the login cookie, which expires with the login.
func (s *Service) beganCookie(secret string) http.Cookie {
	c := s.HTTP.Cookie(loginCookie, secret)
	c.MaxAge = int(loginLifetime.Seconds())
	return c
}

// callback contains the parameters that ЕСИА may send. The platform does not show the texts of its
// errors.
type callback struct {
	State       string `query:"state" maxLength:"8192"`
	Code        string `query:"code" maxLength:"8192"`
	Error       string `query:"error" maxLength:"8192"`
	Description string `query:"error_description" maxLength:"8192"`
}

func (c *callback) values() url.Values {
	values := url.Values{"state": {c.State}, "code": {c.Code}}
	if c.Error != "" || c.Description != "" {
		values.Set("error", c.Error)
		values.Set("error_description", c.Description)
	}
	return values
}

func (s *Service) finishLogin(ctx context.Context, in *callback) (*redirect, error) {
	login, err := s.takeLogin(ctx, in.State)
	if err != nil {
		return s.repeatedCallback(ctx, in.State, err)
	}
	fetched, err := s.fetchIdentity(ctx, in, login.OrganisationOid)
	if err != nil {
		if onward, failed := s.organisationRefused(ctx, login, err); onward != nil || failed != nil {
			return onward, failed
		}
	}
	if err == nil {
		var token string
		if token, err = s.enter(ctx, login, fetched); err == nil {
			if err := s.endLogin(ctx); err != nil {
				return nil, err
			}
			return &redirect{Location: login.ReturnTo, SetCookie: []http.Cookie{s.HTTP.Cookie(httpapi.SessionCookie, token)}}, nil
		}
	}
	if login.Automatic && esia.CodeOf(err) != "" {
		if err := s.Store.DropLogin(ctx, login.state); err != nil {
			return nil, fmt.Errorf("ending a login that ЕСИА did not finish: %w", err)
		}
		return s.notSignedIn(ctx, err, login.ReturnTo), nil
	}
	if err := s.signInRefused(ctx, login.state, err); err != nil {
		return s.signInFailed(ctx, err, login.ReturnTo)
	}
	return s.signInFailed(ctx, err, login.ReturnTo)
}

// endLogin removes the login cookie unless another window of the browser is still signing in.
func (s *Service) endLogin(ctx context.Context) error {
	unfinished, err := s.Store.HasUnfinishedLogin(ctx, sqlcgen.HasUnfinishedLoginParams{
		CookieHash: httpapi.HashToken(s.HTTP.CookieValue(ctx, loginCookie)), Now: s.Now().UTC(),
	})
	if err != nil {
		return fmt.Errorf("finding other sign-ins of a browser: %w", err)
	}
	if !unfinished {
		httpapi.RequestFrom(ctx).MoreCookies = append(httpapi.RequestFrom(ctx).MoreCookies, s.HTTP.Cookie(loginCookie, ""))
	}
	return nil
}

// takenLogin is a login whose person has returned from ЕСИА.
type takenLogin struct {
	sqlcgen.TakeLoginRow
	state uuid.UUID
}

// takeLogin marks the state of a login as used, if this browser began the login.
func (s *Service) takeLogin(ctx context.Context, text string) (login takenLogin, err error) {
	login.state, err = uuid.Parse(text)
	secret := s.HTTP.CookieValue(ctx, loginCookie)
	if err != nil || !httpapi.IsToken(secret) {
		return login, problems.New(problems.LoginExpired)
	}
	now := s.Now().UTC()
	login.TakeLoginRow, err = s.Store.TakeLogin(ctx, sqlcgen.TakeLoginParams{State: login.state, CookieHash: httpapi.HashToken(secret), Now: &now})
	if errors.Is(err, db.ErrNotFound) {
		return login, problems.New(problems.LoginExpired)
	}
	if err != nil {
		return login, fmt.Errorf("taking the login that began: %w", err)
	}
	return login, nil
}

// identity is what ЕСИА returned about the person who signs in.
type identity struct {
	person esia.Person
	roles  []esia.Role
	// organisation is that of a second pass; nil without one, and if ЕСИА refused it with
	// organisationErr.
	organisation    *esia.Organisation
	organisationErr error
}

// fetchIdentity reads from ЕСИА who has signed in. It refuses unconfirmed and closed accounts.
func (s *Service) fetchIdentity(ctx context.Context, in *callback, organisationOID string) (identity, error) {
	code, err := esia.ParseCallback(in.values(), in.State)
	if err != nil {
		return identity{}, err
	}
	token, err := s.ESIA.Exchange(ctx, s.request(in.State, organisationOID), code)
	if err != nil {
		return identity{}, err
	}
	var fetched identity
	if fetched.person, err = s.ESIA.Person(ctx, token); err != nil {
		return identity{}, err
	}
	if fetched.roles, err = s.ESIA.Roles(ctx, token); err != nil || organisationOID == "" {
		return fetched, err
	}
	organisation, refused := s.ESIA.Organisation(ctx, token, organisationOID)
	if refused != nil {
		fetched.organisationErr = refused
		return fetched, nil
	}
	fetched.organisation = &organisation
	return fetched, nil
}

// signInFailed redirects the browser to the page that explains the code. Errors that the person
// cannot fix are logged.
func (s *Service) signInFailed(ctx context.Context, err error, returnTo string) (*redirect, error) {
	code := signInCode(ctx, err)
	if code == problems.SignInBusy {
		s.HTTP.CountThrottled(string(limits.SignIn), 1)
		if !httpapi.RequestFrom(ctx).Navigates {
			return nil, problems.New(problems.SignInBusy).After(signInPause)
		}
	}
	if known := esia.CodeOf(err); known != "" && !isPersons(known) {
		httpapi.RequestFrom(ctx).Failure = err
	}
	return &redirect{Location: signInError(code, returnTo)}, nil
}

// isPersons reports whether the person himself is the cause of an error of ЕСИА.
func isPersons(code esia.Code) bool {
	return code == esia.CodeRefusedByUser || code == esia.CodeUnconfirmed
}

// signInError returns the address of the page that explains the code; the page links to returnTo.
func signInError(code, returnTo string) string {
	query := url.Values{"error": {code}}
	if returnTo = localPath(returnTo); returnTo != "/" {
		query.Set("returnTo", returnTo)
	}
	return signInPage + "?" + query.Encode()
}

// signInCode returns the code that the person and the security trail see for a failed sign-in.
func signInCode(ctx context.Context, err error) string {
	if code := esia.CodeOf(err); code != "" {
		return string(code)
	}
	return httpapi.ProblemOf(ctx, err).Code
}

// localPath returns wanted if it is a plain path of the platform, otherwise "/". It prevents
// redirects to other sites.
func localPath(wanted string) string {
	const home = "/"
	if len(wanted) > maxReturnTo || !strings.HasPrefix(wanted, "/") || strings.HasPrefix(wanted, "//") {
		return home
	}
	// Browsers read a backslash as a slash and drop control characters.
	if strings.ContainsFunc(wanted, func(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }) {
		return home
	}
	parsed, err := url.Parse(wanted)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || httpapi.IsAPI(parsed.Path) {
		return home
	}
	return parsed.String()
}

type loggedOut struct {
	SetCookie     []http.Cookie `header:"Set-Cookie"`
	ClearSiteData string        `header:"Clear-Site-Data" doc:"Браузер забывает показанные страницы"`
	Body          struct {
		Location string `json:"location" doc:"Куда перейти, чтобы завершить и вход на Госуслугах"`
	}
}

func (s *Service) logout(ctx context.Context, _ *struct{}) (*loggedOut, error) {
	if token := s.HTTP.CookieValue(ctx, httpapi.SessionCookie); token != "" {
		err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
			ended, err := q.TakeSession(ctx, httpapi.HashToken(token))
			if errors.Is(err, db.ErrNotFound) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("ending a session: %w", err)
			}
			return s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{Kind: httpapi.EventSignedOut, Person: ended.PersonID, Session: ended.ID, Role: ended.Role})
		})
		if err != nil {
			return nil, err
		}
	}
	return s.signedOutHere(ctx), nil
}

// ExplainSignIn returns the text of package esia for one of its codes.
func ExplainSignIn(code string) (title, detail string, known bool) {
	text, unknown := (&esia.Error{Code: esia.Code(code)}).Message(), (&esia.Error{}).Message()
	return "Войти не удалось", text, text != unknown || esia.Code(code) == esia.CodeUnknown
}
