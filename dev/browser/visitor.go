package browser

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	esiasim "epkr/dev/simulators/esia"
	"epkr/internal/order"
)

// Visitor is a person in a new browser, who signs in through the simulator of ЕСИА.
type Visitor struct {
	Browser
	// Login is his login at the simulator of ЕСИА.
	Login string
	esia  *esiasim.Visitor // the same browser at ЕСИА
}

// NewVisitor returns a visitor of the platform at address who has not signed in.
func NewVisitor(address, login string) *Visitor {
	visitor := esiasim.NewVisitor()
	return &Visitor{Browser: Browser{URL: address, HTTP: visitor.HTTP}, Login: login, esia: visitor}
}

// SignIn goes to ЕСИА and back, as the button «Войти» does.
func (v *Visitor) SignIn(ctx context.Context) error { return v.passESIA(ctx, "returnTo=/") }

// passESIA goes to ЕСИА and back, with the parameters of the login in query.
func (v *Visitor) passESIA(ctx context.Context, query string) error {
	const login = "/api/auth/login"
	toESIA, err := v.esia.Open(ctx, v.URL+login+"?"+query)
	// Under any other host name the platform first redirects to its public one, to which its
	// cookies belong.
	if err == nil && toESIA.Path == login {
		v.URL = toESIA.Scheme + "://" + toESIA.Host
		toESIA, err = v.esia.Open(ctx, toESIA.String())
	}
	if err != nil {
		return fmt.Errorf("вход: %w", err)
	}
	back, err := v.esia.SignIn(ctx, toESIA.String(), v.Login)
	if err != nil {
		return fmt.Errorf("вход в ЕСИА: %w", err)
	}
	inside, err := v.esia.Open(ctx, back.String())
	if err != nil {
		return fmt.Errorf("вход: %w", err)
	}
	if problem := inside.Query().Get("error"); problem != "" {
		return fmt.Errorf("платформа не приняла вход: %s", problem)
	}
	return nil
}

// choice is one choice in the role-choice window.
type choice struct {
	Role  order.Role `json:"role"`
	Party string     `json:"party,omitempty"`
	Kind  string     `json:"kind,omitempty"`
}

// Account is a person in a role.
type Account struct {
	Person string // his own id
	Party  string // the party on whose behalf he acts
	Name   string // the party's name, or his own
}

// Enter answers the role-choice window with the role on behalf of the kind of account, and goes
// through what follows it: the reading of the organisation at ЕСИА if it is due, and the consent to
// the processing of personal data if it is requested.
func (v *Visitor) Enter(ctx context.Context, role order.Role, kind string) (Account, error) {
	var account Account
	var offered struct{ Roles []choice }
	if err := v.Get(ctx, "/api/auth/roles", &offered); err != nil {
		return account, err
	}
	i := slices.IndexFunc(offered.Roles, func(c choice) bool { return c.Role == role && c.Kind == kind })
	if i < 0 {
		return account, fmt.Errorf("%s не может войти в роли %s (%s)", v.Login, role, kind)
	}
	var chosen struct{ ReadOrganisation bool }
	if err := v.Post(ctx, "/api/auth/role", choice{Role: role, Party: offered.Roles[i].Party}, &chosen); err != nil {
		return account, err
	}
	if chosen.ReadOrganisation {
		if err := v.passESIA(ctx, "organisation=true&returnTo=/"); err != nil {
			return account, err
		}
	}
	if err := v.giveConsent(ctx); err != nil {
		return account, err
	}
	var me struct {
		Person           struct{ ID, Name string }
		Party, PartyName string
	}
	err := v.Get(ctx, "/api/me", &me)
	return Account{Person: me.Person.ID, Party: me.Party, Name: cmp.Or(me.PartyName, me.Person.Name)}, err
}

// giveConsent gives the consent to the text that is shown, if it is requested.
func (v *Visitor) giveConsent(ctx context.Context) error {
	var consent struct {
		Version string
		Needed  bool
	}
	if err := v.Get(ctx, "/api/auth/consent", &consent); err != nil || !consent.Needed {
		return err
	}
	return v.Post(ctx, "/api/auth/consent", map[string]string{"version": consent.Version}, nil)
}

// SignOut ends the session.
func (v *Visitor) SignOut(ctx context.Context) error {
	return v.Post(ctx, "/api/auth/logout", nil, nil)
}
