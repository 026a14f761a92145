package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/esia"
)

const (
	// loginLifetime is how long a person may take at ЕСИА.
	loginLifetime = 15 * time.Minute
	// signInPage explains an error by its code; the web app reads the text from the problem's address.
	signInPage = "/signin"
	// signInPause is after what time a sign-in is tried again that found too many others.
	signInPause = 30 * time.Second
	// maxReturnTo bounds the address that a sign-in returns to.
	maxReturnTo = 2000
)

const tagSignIn = "Вход"

func (s *Server) registerAuth() {
	register(s, huma.Operation{
		OperationID: "begin-login", Method: http.MethodGet, Path: "/api/auth/login", Tags: []string{tagSignIn}, DefaultStatus: http.StatusSeeOther,
		Summary:     "Начать вход: переход на Госуслуги",
		Description: "Открывается браузером. returnTo — страница платформы, на которую вернуться после входа.",
	}, public, s.beginLogin)
	register(s, huma.Operation{
		OperationID: "finish-login", Method: http.MethodGet, Path: "/api/auth/callback", Tags: []string{tagSignIn}, DefaultStatus: http.StatusSeeOther,
		Summary: "Закончить вход: возврат с Госуслуг",
	}, public, s.finishLogin)
	register(s, huma.Operation{
		OperationID: "list-roles", Method: http.MethodGet, Path: "/api/auth/roles", Tags: []string{tagSignIn},
		Summary: "Роли, в которых можно продолжить",
	}, signedIn, s.listRoles)
	register(s, huma.Operation{
		OperationID: "choose-role", Method: http.MethodPost, Path: "/api/auth/role", Tags: []string{tagSignIn},
		Summary: "Выбрать или сменить роль", Description: "Меняет cookie сеанса: прежний перестаёт действовать.",
	}, signedIn, s.chooseRole)
	register(s, huma.Operation{
		OperationID: "logout", Method: http.MethodPost, Path: "/api/auth/logout", Tags: []string{tagSignIn},
		Summary: "Выйти", Description: "Возвращает адрес, по которому завершается и вход на Госуслугах.",
	}, public, s.logout)
	s.inBackground(s.sweepSessions)
}

// redirect sends the browser on.
type redirect struct {
	Location  string        `header:"Location"`
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (s *Server) beginLogin(ctx context.Context, in *struct {
	ReturnTo string `query:"returnTo" maxLength:"8192" doc:"Путь на платформе, начинается с /"`
	Renew    bool   `query:"renew" doc:"Подтвердить полномочия: вернуться должен тот же человек, роль сохранится"`
	Moved    bool   `query:"moved" doc:"Вход уже перенесён на основной адрес платформы"`
},
) (*redirect, error) {
	if elsewhere, leads := s.publicAddress(ctx, in.ReturnTo, in.Renew, in.Moved); leads {
		return &redirect{Location: elsewhere}, nil
	}
	// The same browser may begin in several windows: they share its cookie, each with a state of its own.
	secret := s.cookieValue(ctx, loginCookie)
	if !isToken(secret) {
		secret, _ = newToken()
	}
	state, now := uuid.New(), s.Now().UTC()
	var renews *uuid.UUID
	if in.Renew {
		current, err := s.openSession(ctx, s.cookieValue(ctx, sessionCookie))
		if err != nil {
			return s.signInFailed(ctx, err, in.ReturnTo)
		}
		renews = &current.Person
	}
	if err := s.Store.InsertLogin(ctx, sqlcgen.InsertLoginParams{
		State: state, CookieHash: hashToken(secret), ReturnTo: localPath(in.ReturnTo), Renews: renews, CreatedAt: now, ExpiresAt: now.Add(loginLifetime),
	}); err != nil {
		return nil, fmt.Errorf("writing down that a login begins: %w", err)
	}
	address, err := s.ESIA.AuthorizeURL(ctx, s.ESIA.PersonRequest(state.String(), s.Config.ESIARedirect))
	if err != nil {
		return s.signInFailed(ctx, err, in.ReturnTo)
	}
	return &redirect{Location: address, SetCookie: []http.Cookie{s.cookie(loginCookie, secret)}}, nil
}

// callback is what ЕСИА may send; the texts of its errors are not ours to show.
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

func (s *Server) finishLogin(ctx context.Context, in *callback) (*redirect, error) {
	login, err := s.takeLogin(ctx, in.State)
	if err != nil {
		return s.repeatedCallback(ctx, in.State, err)
	}
	known, err := s.identify(ctx, in)
	if err == nil {
		var token string
		if token, err = s.enter(ctx, login, known); err == nil {
			if err := s.endLogin(ctx); err != nil {
				return nil, err
			}
			return &redirect{Location: login.ReturnTo, SetCookie: []http.Cookie{s.cookie(sessionCookie, token)}}, nil
		}
	}
	if err := s.signInRefused(ctx, login.state, err); err != nil {
		return s.signInFailed(ctx, err, login.ReturnTo)
	}
	return s.signInFailed(ctx, err, login.ReturnTo)
}

// endLogin removes the cookie of sign-ins, unless another window of the browser is still on its way.
func (s *Server) endLogin(ctx context.Context) error {
	underWay, err := s.Store.HasUnfinishedLogin(ctx, sqlcgen.HasUnfinishedLoginParams{
		CookieHash: hashToken(s.cookieValue(ctx, loginCookie)), Now: s.Now().UTC(),
	})
	if err != nil {
		return fmt.Errorf("looking for other sign-ins of a browser: %w", err)
	}
	if !underWay {
		requestFrom(ctx).ended = append(requestFrom(ctx).ended, s.cookie(loginCookie, ""))
	}
	return nil
}

// takenLogin is a sign-in whose person came back.
type takenLogin struct {
	sqlcgen.TakeLoginRow
	state uuid.UUID
}

// takeLogin uses up the state of a sign-in, if this is the browser that began it.
func (s *Server) takeLogin(ctx context.Context, text string) (login takenLogin, err error) {
	login.state, err = uuid.Parse(text)
	secret := s.cookieValue(ctx, loginCookie)
	if err != nil || !isToken(secret) {
		return login, problem(codeLoginExpired)
	}
	now := s.Now().UTC()
	login.TakeLoginRow, err = s.Store.TakeLogin(ctx, sqlcgen.TakeLoginParams{State: login.state, CookieHash: hashToken(secret), Now: &now})
	if errors.Is(err, db.ErrNotFound) {
		return login, problem(codeLoginExpired)
	}
	if err != nil {
		return login, fmt.Errorf("taking the login that began: %w", err)
	}
	return login, nil
}

// identity is what ЕСИА says of the person who signs in.
type identity struct {
	person esia.Person
	roles  []esia.Role
}

// identify asks ЕСИА who came back. It refuses unconfirmed and closed accounts.
func (s *Server) identify(ctx context.Context, in *callback) (identity, error) {
	code, err := esia.ParseCallback(in.values(), in.State)
	if err != nil {
		return identity{}, err
	}
	token, err := s.ESIA.Exchange(ctx, s.ESIA.PersonRequest(in.State, s.Config.ESIARedirect), code)
	if err != nil {
		return identity{}, err
	}
	var known identity
	if known.person, err = s.ESIA.Person(ctx, token); err != nil {
		return identity{}, err
	}
	known.roles, err = s.ESIA.Roles(ctx, token)
	return known, err
}

// signInFailed sends the browser to the page that explains the code; what the person cannot mend is logged.
func (s *Server) signInFailed(ctx context.Context, err error, returnTo string) (*redirect, error) {
	code := signInCode(ctx, err)
	if code == codeSignInBusy {
		s.metrics.throttled.WithLabelValues(string(classSignIn)).Inc()
		if !requestFrom(ctx).navigates {
			return nil, problem(codeSignInBusy).after(signInPause)
		}
	}
	if esia.CodeOf(err) != "" && code != string(esia.CodeRefusedByUser) && code != string(esia.CodeUnconfirmed) {
		requestFrom(ctx).failure = err
	}
	return &redirect{Location: signInError(code, returnTo)}, nil
}

// signInError is the address of the page that explains the code, and leads on to where the person was going.
func signInError(code, returnTo string) string {
	query := url.Values{"error": {code}}
	if returnTo = localPath(returnTo); returnTo != "/" {
		query.Set("returnTo", returnTo)
	}
	return signInPage + "?" + query.Encode()
}

// signInCode is the code by which the person at the screen and the trail are told why a sign-in failed.
func signInCode(ctx context.Context, err error) string {
	if code := esia.CodeOf(err); code != "" {
		return string(code)
	}
	return problemOf(ctx, err).Code
}

// localPath keeps a sign-in from sending people to other sites: what is no plain path of the platform becomes "/".
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
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || isAPI(parsed.Path) {
		return home
	}
	return parsed.String()
}

// isToken says whether text looks like one of our tokens.
func isToken(text string) bool { return len(text) == (tokenBytes*8+5)/6 }

type loggedOut struct {
	SetCookie     []http.Cookie `header:"Set-Cookie"`
	ClearSiteData string        `header:"Clear-Site-Data" doc:"Браузер забывает показанные страницы"`
	Body          struct {
		Location string `json:"location" doc:"Куда перейти, чтобы завершить и вход на Госуслугах"`
	}
}

func (s *Server) logout(ctx context.Context, _ *struct{}) (*loggedOut, error) {
	if token := s.cookieValue(ctx, sessionCookie); token != "" {
		err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
			ended, err := q.TakeSession(ctx, hashToken(token))
			if errors.Is(err, db.ErrNotFound) {
				return nil
			}
			if err != nil {
				return fmt.Errorf("ending a session: %w", err)
			}
			return s.recordSecurityEvent(ctx, q, securityEvent{Kind: eventSignedOut, Person: ended.PersonID, Session: ended.ID, Role: ended.Role})
		})
		if err != nil {
			return nil, err
		}
	}
	return s.signedOutHere(), nil
}
