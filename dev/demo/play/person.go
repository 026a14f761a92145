package play

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"epkr/dev/browser"
	esiasim "epkr/dev/simulators/esia"
	"epkr/internal/esia"
	"epkr/internal/order"
	"epkr/internal/territory"
)

// person is a signed-in test user in his browser.
type person struct {
	browser.Browser
	visitor *esiasim.Visitor // the same browser at ЕСИА
	login   string
	role    order.Role
	id      string // his own id
	party   string // the party on whose behalf he acts
	name    string // the account's name, or his own
	// engineer holds the facts about him as an engineer, nil for others.
	engineer *order.EngineerFacts
	signer   esia.Signer
}

func (p *person) actor() order.Actor { return order.Actor{Role: p.role, Person: p.id, Party: p.party} }

var roleNames = map[order.Role]string{order.RoleCustomer: "заказчик", order.RoleEngineer: "инженер"}

func (p *person) label() string { return roleNames[p.role] + " " + p.name }

// customer signs in the order's customer.
func (r *run) customer(spec OrderSpec) *person {
	return r.signIn("Вход через ЕСИА", spec.Customer, order.RoleCustomer, spec.CustomerKind)
}

// engineer signs in an engineer. The engineers of the paths may take the paths' orders: the
// registry, the profile and the regions all allow it.
func (r *run) engineer(login string) *person {
	p := r.signIn("Вход через ЕСИА", login, order.RoleEngineer, "engineer")
	p.engineer = &order.EngineerFacts{
		ID: p.party, Person: p.id, InRegistry: true, Receives: true, Complete: true, SoleProprietor: true,
	}
	for _, region := range territory.Subjects() {
		p.engineer.Regions = append(p.engineer.Regions, region.Code)
	}
	r.people[login] = p
	return p
}

// signIn signs a person in in a new browser, in the role and on behalf of the kind of account that
// the path needs.
func (r *run) signIn(what, login string, role order.Role, kind string) *person {
	visitor := esiasim.NewVisitor()
	p := &person{
		Browser: browser.Browser{URL: r.at.BaseURL, HTTP: visitor.HTTP}, visitor: visitor, login: login, role: role,
	}
	r.step(what, p, nil, func() error {
		if err := p.passESIA(r.ctx); err != nil {
			return err
		}
		if err := p.enter(r.ctx, kind); err != nil {
			return err
		}
		keys, err := esiasim.EnsureKey(r.ctx, r.at.Keys, "signer-"+login, p.name, esia.GOST)
		p.signer = esia.OpenSSL{
			Form: esia.PKCS7, Kind: esia.GOST, KeyFile: keys.KeyFile, CertificateFile: keys.CertificateFile,
			Timeout: 30 * time.Second,
		}
		return err
	})
	return p
}

// passESIA goes to ЕСИА and back, as the button «Войти» does.
func (p *person) passESIA(ctx context.Context) error {
	const login = "/api/auth/login"
	toESIA, err := p.visitor.Open(ctx, p.URL+login+"?returnTo=/")
	// Under any other host name the platform first redirects to its public one, to which its
	// cookies belong.
	if err == nil && toESIA.Path == login {
		p.URL = toESIA.Scheme + "://" + toESIA.Host
		toESIA, err = p.visitor.Open(ctx, toESIA.String())
	}
	if err != nil {
		return fmt.Errorf("вход: %w", err)
	}
	back, err := p.visitor.SignIn(ctx, toESIA.String(), p.login)
	if err != nil {
		return fmt.Errorf("вход в ЕСИА: %w", err)
	}
	inside, err := p.visitor.Open(ctx, back.String())
	if err != nil {
		return fmt.Errorf("вход: %w", err)
	}
	if problem := inside.Query().Get("error"); problem != "" {
		return fmt.Errorf("платформа не приняла вход: %s", problem)
	}
	return nil
}

// account is one choice in the role-choice window.
type account struct {
	Role  order.Role `json:"role"`
	Party string     `json:"party,omitempty"`
	Kind  string     `json:"kind,omitempty"`
}

// enter answers the role-choice window, gives the consent to the processing of personal data if it
// is requested, and reads who he is on the platform.
func (p *person) enter(ctx context.Context, kind string) error {
	var offered struct{ Roles []account }
	if err := p.Get(ctx, "/api/auth/roles", &offered); err != nil {
		return err
	}
	i := slices.IndexFunc(offered.Roles, func(a account) bool { return a.Role == p.role && a.Kind == kind })
	if i < 0 {
		return differs("%s не может войти в роли %s (%s)", p.login, p.role, kind)
	}
	if err := p.Post(ctx, "/api/auth/role", account{Role: p.role, Party: offered.Roles[i].Party}, nil); err != nil {
		return err
	}
	var consent struct {
		Version string
		Needed  bool
	}
	if err := p.Get(ctx, "/api/auth/consent", &consent); err != nil {
		return err
	}
	if consent.Needed {
		if err := p.Post(ctx, "/api/auth/consent", map[string]string{"version": consent.Version}, nil); err != nil {
			return err
		}
	}
	var me struct {
		Person           struct{ ID, Name string }
		Party, PartyName string
	}
	if err := p.Get(ctx, "/api/me", &me); err != nil {
		return err
	}
	p.id, p.party, p.name = me.Person.ID, me.Party, cmp.Or(me.PartyName, me.Person.Name)
	return nil
}
