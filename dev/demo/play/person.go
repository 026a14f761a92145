package play

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"time"

	"epkr/dev/browser"
	esiasim "epkr/dev/simulators/esia"
	"epkr/internal/esia"
	"epkr/internal/order"
)

// person is a signed-in test user in his browser.
type person struct {
	browser.Browser
	keys  string // see [Platform.Keys]
	login string
	role  order.Role
	id    string // his own id
	party string // the party on whose behalf he acts
	name  string // the account's name, or his own
	// engineer holds the facts about him as an engineer, nil for others.
	engineer *order.EngineerFacts
	signer   esia.Signer
}

func (p *person) actor() order.Actor { return order.Actor{Role: p.role, Person: p.id, Party: p.party} }

var roleNames = map[order.Role]string{order.RoleCustomer: "заказчик", order.RoleEngineer: "инженер"}

func (p *person) label() string { return roleNames[p.role] + " " + p.name }

// signIn signs a person in, once for each run, in the role and on behalf of the kind of account
// that the path needs.
func (r *run) signIn(login string, role order.Role, kind string) *person {
	if p, ok := r.people[login]; ok {
		return p
	}
	p := r.newPerson(login, role)
	r.do("Вход через ЕСИА", p, func() error { return p.openSession(r.ctx, kind) })
	r.people[login] = p
	return p
}

// anotherBrowser returns the same person in a second browser with its own session.
func (r *run) anotherBrowser(p *person, kind string) *person {
	second := r.newPerson(p.login, p.role)
	r.do("Вход через ЕСИА во втором браузере", second, func() error { return second.openSession(r.ctx, kind) })
	return second
}

// account is one choice in the role-choice window.
type account struct {
	Role  order.Role `json:"role"`
	Party string     `json:"party,omitempty"`
	Kind  string     `json:"kind,omitempty"`
}

func (p *person) openSession(ctx context.Context, kind string) error {
	if err := p.passESIA(ctx); err != nil {
		return err
	}
	if err := p.chooseRole(ctx, kind); err != nil {
		return err
	}
	if err := p.consent(ctx); err != nil {
		return err
	}
	if err := p.readMe(ctx); err != nil {
		return err
	}
	keys, err := esiasim.EnsureKey(ctx, p.keys, "signer-"+p.login, p.name, esia.GOST)
	if err != nil {
		return fmt.Errorf("ключ для подписи: %w", err)
	}
	p.signer = esia.OpenSSL{Form: esia.PKCS7, Kind: esia.GOST, KeyFile: keys.KeyFile, CertificateFile: keys.CertificateFile, Timeout: 30 * time.Second}
	return nil
}

// newPerson returns a person in a browser with its own cookies, not yet signed in.
func (r *run) newPerson(login string, role order.Role) *person {
	cookies, _ := cookiejar.New(nil) // fails only with options
	client := &http.Client{
		Timeout: time.Minute, Jar: cookies, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &person{Browser: browser.Browser{URL: r.at.BaseURL, HTTP: client}, keys: r.at.Keys, login: login, role: role}
}

// passESIA goes to ЕСИА and back, as the button «Войти» does.
func (p *person) passESIA(ctx context.Context) error {
	visitor := esiasim.Visitor{HTTP: p.HTTP}
	toESIA, err := visitor.Open(ctx, p.URL+"/api/auth/login?returnTo=/")
	if err != nil {
		return fmt.Errorf("вход: %w", err)
	}
	// Under any other host name the platform first redirects to its public one, to which its
	// cookies belong.
	if toESIA.Path == "/api/auth/login" {
		p.URL = toESIA.Scheme + "://" + toESIA.Host
		if toESIA, err = visitor.Open(ctx, toESIA.String()); err != nil {
			return fmt.Errorf("вход: %w", err)
		}
	}
	back, err := visitor.SignIn(ctx, toESIA.String(), p.login)
	if err != nil {
		return fmt.Errorf("вход в ЕСИА: %w", err)
	}
	inside, err := visitor.Open(ctx, back.String())
	if err != nil {
		return fmt.Errorf("вход: %w", err)
	}
	if problem := inside.Query().Get("error"); problem != "" {
		return fmt.Errorf("платформа не приняла вход: %s", problem)
	}
	return nil
}

// chooseRole answers the role-choice window.
func (p *person) chooseRole(ctx context.Context, kind string) error {
	var offered struct {
		Roles []account `json:"roles"`
	}
	if err := p.Get(ctx, "/api/auth/roles", &offered); err != nil {
		return err
	}
	for _, a := range offered.Roles {
		if a.Role == p.role && a.Kind == kind {
			return p.Post(ctx, "/api/auth/role", account{Role: a.Role, Party: a.Party}, nil)
		}
	}
	return differs("%s не может войти в роли %s (%s)", p.login, p.role, kind)
}

// consent gives the consent to the processing of personal data if it is requested.
func (p *person) consent(ctx context.Context) error {
	var asked struct {
		Version string `json:"version"`
		Needed  bool   `json:"needed"`
	}
	if err := p.Get(ctx, "/api/auth/consent", &asked); err != nil || !asked.Needed {
		return err
	}
	return p.Post(ctx, "/api/auth/consent", map[string]string{"version": asked.Version}, nil)
}

func (p *person) readMe(ctx context.Context) error {
	var me struct {
		Person struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"person"`
		Role      order.Role `json:"role"`
		Party     string     `json:"party"`
		PartyName string     `json:"partyName"`
	}
	if err := p.Get(ctx, "/api/me", &me); err != nil {
		return err
	}
	if me.Role != p.role || me.Party == "" {
		return differs("после выбора роли платформа называет роль %q", me.Role)
	}
	p.id, p.party, p.name = me.Person.ID, me.Party, cmp.Or(me.PartyName, me.Person.Name)
	return nil
}
