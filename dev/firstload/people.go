package firstload

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"epkr/dev/browser"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// householdsAtOnce is how many households enter their facts at the same time.
const householdsAtOnce = 4

// signOutLimit limits a sign-out, which also follows an interrupted start.
const signOutLimit = 5 * time.Second

// household is an employer with the test users whom it employs, or one test user without an
// employer. Its people wait for each other, and for nobody else.
type household struct {
	employer  synthetic.Organisation // zero of an entrepreneur
	engineers []member
}

// member is an engineer who signs in as a test user.
type member struct {
	synthetic.Engineer
	login string
}

// households returns the households of the test users who are engineers.
func households(world *synthetic.World) (all []household) {
	for _, u := range world.TestUsers {
		e, isEngineer := world.EngineerBySNILS(u.SNILS)
		if !isEngineer {
			continue
		}
		i := -1
		if e.Form == synthetic.Employee {
			i = slices.IndexFunc(all, func(h household) bool { return h.employer.OGRN == e.EmployerOGRN })
		}
		if i < 0 {
			h := household{}
			if k := slices.IndexFunc(world.Organisations, func(o synthetic.Organisation) bool { return o.OGRN == e.EmployerOGRN }); k >= 0 {
				h.employer = world.Organisations[k]
			}
			i, all = len(all), append(all, h)
		}
		all[i].engineers = append(all[i].engineers, member{e, u.Login})
	}
	return all
}

// selfEntered returns the ОГРН of the employers of test users, and the СНИЛС of test users and of
// everybody whom those employers employ. Of them, only the registry's rows are loaded.
func selfEntered(world *synthetic.World) map[string]bool {
	keys := map[string]bool{}
	for _, h := range households(world) {
		if h.employer.OGRN != "" {
			keys[h.employer.OGRN] = true
		}
		for _, e := range h.engineers {
			keys[e.Person.SNILS] = true
		}
	}
	for _, e := range world.Engineers {
		if keys[e.EmployerOGRN] {
			keys[e.Person.SNILS] = true
		}
	}
	return keys
}

// EnterFacts lets the test users enter what the world says of them and of their employers, on the
// platform at address. Each signs in through ЕСИА, sends what the web pages send, and signs out.
//
// A fact that the API shows as entered is left as it is, so that an interrupted run can be repeated.
// Newcomers stay away, and so do engineers without an active status, to whom the platform offers no
// engineer's role. Errors are in Russian and name the person and the step.
func EnterFacts(ctx context.Context, address string, world *synthetic.World) error {
	s := seed{address: address, world: world}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(householdsAtOnce)
	for _, h := range households(world) {
		h.engineers = slices.DeleteFunc(h.engineers, func(e member) bool { return e.Newcomer || !e.Row.Active() })
		group.Go(func() error { return s.enter(ctx, h) })
	}
	return group.Wait()
}

// seed is one run of EnterFacts.
type seed struct {
	address string
	world   *synthetic.World
}

// enter enters the facts of a household.
func (s seed) enter(ctx context.Context, h household) error {
	if h.employer.OGRN == "" {
		return s.enterEngineers(ctx, h.engineers)
	}
	head, err := s.loginOf(func(u synthetic.TestUser, p synthetic.Person) bool {
		return slices.Contains(p.Organisations, synthetic.Membership{OrganisationOID: h.employer.OID, Chief: true})
	})
	if err != nil {
		return fmt.Errorf("руководитель организации %s: %w", h.employer.ShortName, err)
	}
	return s.visit(ctx, head, order.RoleCustomer, "organisation", func(v *visitor) {
		v.step("признак работодателя", v.becomeEmployer)
		v.step("роль работодателя", func(ctx context.Context) error {
			_, err := v.Enter(ctx, order.RoleEmployer, "organisation")
			return err
		})
		v.step("реквизиты", v.saveRequisites(synthetic.PaymentDetails(h.employer.INN, h.employer.Address, "40702")))
		if v.err == nil {
			v.err = s.enterEngineers(ctx, h.engineers)
		}
		v.step("подтверждение сотрудников", v.confirmStaff(h.engineers))
	})
}

func (s seed) enterEngineers(ctx context.Context, engineers []member) error {
	for _, e := range engineers {
		if err := s.enterEngineer(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

func (s seed) enterEngineer(ctx context.Context, e member) error {
	err := s.visit(ctx, e.login, order.RoleEngineer, "engineer", func(v *visitor) {
		v.step("профиль", v.saveProfile(e.Engineer))
		v.step("форма работы", v.saveFormOfWork(e.Engineer))
		if e.Form == synthetic.Entrepreneur {
			v.step("реквизиты", v.saveRequisites(synthetic.PaymentDetails(e.Person.INN, e.Person.Address, "40802")))
		} else {
			v.step("заявка работодателю", v.askEmployer(e.EmployerOGRN))
		}
		v.step("приём заказов", v.switchReceiving(e.ReceivesOrders))
	})
	if err != nil || !e.Blocked {
		return err
	}
	moderator, err := s.loginOf(func(u synthetic.TestUser, _ synthetic.Person) bool { return u.Role == order.RoleModerator })
	if err != nil {
		return fmt.Errorf("модератор: %w", err)
	}
	return s.visit(ctx, moderator, order.RoleModerator, "moderator", func(v *visitor) {
		v.step("блокировка инженера "+e.Person.FullName(), v.block(e.Person.SNILS))
	})
}

var errNoTestUser = errors.New("такого тестового пользователя нет")

// loginOf returns the login of the first test user who fits.
func (s seed) loginOf(fits func(synthetic.TestUser, synthetic.Person) bool) (string, error) {
	for _, u := range s.world.TestUsers {
		if p, _ := s.world.PersonByLogin(u.Login); fits(u, p) {
			return u.Login, nil
		}
	}
	return "", errNoTestUser
}

// visitor is a test user at work on the platform. The first error ends his visit.
type visitor struct {
	*browser.Visitor
	ctx  context.Context // ends with the visit
	name string
	err  error
}

// visit signs a test user in, in a role on behalf of the kind of account, lets him work, and signs
// him out, also after an error.
func (s seed) visit(ctx context.Context, login string, role order.Role, kind string, work func(*visitor)) error {
	person, _ := s.world.PersonByLogin(login)
	v := &visitor{Visitor: browser.NewVisitor(s.address, login), ctx: ctx, name: person.FullName()}
	v.step("вход через ЕСИА", v.SignIn)
	v.step("выбор роли и согласие", func(ctx context.Context) error {
		_, err := v.Enter(ctx, role, kind)
		return err
	})
	work(v)
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), signOutLimit)
	defer cancel()
	if err := v.SignOut(out); err != nil && v.err == nil {
		v.err = v.failed("выход", err)
	}
	return v.err
}

// step does one step unless an earlier one failed.
func (v *visitor) step(what string, do func(context.Context) error) {
	if v.err != nil {
		return
	}
	if err := do(v.ctx); err != nil {
		v.err = v.failed(what, err)
	}
}

func (v *visitor) failed(what string, err error) error {
	return fmt.Errorf("%s (%s), шаг «%s»: %w", v.name, v.Login, what, err)
}
