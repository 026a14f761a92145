package profiles_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/activities"
	registryactivities "epkr/activities/registry"
	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/profiles"
	"epkr/apiserver/staff"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// sides are the people of the restrictions: an employee, his colleague, their employer, a customer and
// a moderator.
type sides struct {
	p                                                  *apitest.Platform
	customer, engineer, colleague, employer, moderator *apitest.Browser
	source                                             *snapshots
}

func newSides(t *testing.T) *sides {
	t.Helper()
	p := apitest.Start(t)
	source := newSnapshots(t)
	p.StartWorker(func(set *activities.Set) {
		set.Registry = registryactivities.New(p.Deps.Store, p.Deps.Files, p.Deps.Temporal, registryactivities.Settings{
			URL: source.url, LossLimit: registry.LossLimit{Percent: 100, Count: 100, GroupPercent: 100, GroupSize: 100}, Limits: registry.DefaultLimits(),
		}, p.Deps.Now)
	})
	return &sides{
		p: p, source: source, customer: p.Customer(synthetic.LoginCustomer), engineer: p.Engineer(synthetic.LoginEmployeeFirst),
		colleague: p.Engineer(synthetic.LoginEmployeeSecond), employer: p.Employer(synthetic.LoginEmployerHead), moderator: p.Moderator(),
	}
}

// within makes failures end the subtest, until the returned function is called.
func (s *sides) within(t *testing.T) (leave func()) {
	whole := s.p.T
	s.p.T = t
	return func() { s.p.T = whole }
}

// snapshots serves the newest snapshot of the registry.
type snapshots struct {
	url   string
	mu    sync.Mutex
	files map[string][]byte
}

func newSnapshots(t *testing.T) *snapshots {
	t.Helper()
	s := &snapshots{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		_, _ = w.Write(s.files[path.Base(r.URL.Path)])
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// night runs a night of the registry, in which the engineers with the logins are excluded.
func (s *sides) night(excluded ...string) {
	t := s.p.T
	t.Helper()
	gone := map[string]bool{}
	for _, login := range excluded {
		gone[s.p.Person(login).SNILS] = true
	}
	var rows []registry.Row
	for _, e := range apitest.World().Engineers[:apitest.SeededEngineers] {
		row := e.Row
		if gone[e.Person.SNILS] {
			row.Status = registry.StatusExcluded
		}
		rows = append(rows, row)
	}
	var data bytes.Buffer
	asOf := s.p.Deps.Now().UTC()
	file, err := registry.Write(&data, "engineers.csv.gz", registry.CSV, asOf, rows)
	require.NoError(t, err)
	manifest, err := json.Marshal(registry.Manifest{Format: registry.FormatVersion, AsOf: asOf, Rows: len(rows), Files: []registry.File{file}})
	require.NoError(t, err)
	s.source.mu.Lock()
	s.source.files = map[string][]byte{"manifest.json": manifest, "engineers.csv.gz": data.Bytes()}
	s.source.mu.Unlock()
	run, err := s.p.Deps.Temporal.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID: workflowapi.RegistrySchedule + "-" + uuid.NewString(), TaskQueue: s.p.TaskQueue,
	}, workflowapi.RegistrySyncWorkflow)
	require.NoError(t, err)
	var report workflowapi.RegistryReport
	require.NoError(t, run.Get(t.Context(), &report))
	require.Equal(t, workflowapi.VerdictCompleted, report.Verdict, report.Reason)
}

func partyOf(b *apitest.Browser) uuid.UUID { return *apitest.WhoAmI(b).Party }

// employment returns a decision on the employment of an engineer. All orders that it holds stay with
// him.
func (s *sides) employment(b *apitest.Browser, verb string, engineer *apitest.Browser) apitest.Answer {
	s.p.T.Helper()
	id := apitest.Value[uuid.UUID](s.p, `select id from employments where engineer_id = $1`, partyOf(engineer))
	body := apitest.Object{"version": apitest.Value[int](s.p, `select version from employments where id = $1`, id), "comment": "так решено"}
	if verb == "suspend" || verb == "remove" {
		var asked struct{ Orders []staff.LiveOrder }
		s.employer.Do(http.MethodGet, "/api/staff/"+id.String(), nil).OK().Into(&asked)
		answers := []staff.OrderAnswer{}
		for _, o := range asked.Orders {
			answers = append(answers, staff.OrderAnswer{Order: o.ID, Answer: "hold"})
		}
		body["answers"] = answers
	}
	return b.Do(http.MethodPost, "/api/employments/"+id.String()+"/"+verb, body, "Idempotency-Key", uuid.NewString())
}

func (s *sides) moderate(verb string, engineer *apitest.Browser) apitest.Answer {
	return s.moderator.Do(http.MethodPost, "/api/engineers/"+partyOf(engineer).String()+"/"+verb, apitest.Object{"reason": "Жалоба"}, "Idempotency-Key", uuid.NewString())
}

// step is a moment at which an engineer takes on an order: its sender, what is sent, and what must
// have happened before.
type step struct {
	name   string
	before func(*sides, uuid.UUID)
	send   func(*sides, uuid.UUID) (by *apitest.Browser, kind order.Kind, body apitest.Object)
}

var bid = apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}}

func (s *sides) choice() apitest.Object {
	return apitest.Object{"details": apitest.Object{"engineer": partyOf(s.engineer).String()}}
}

func nothing(*sides, uuid.UUID) {}

func hasResponded(s *sides, id uuid.UUID) { s.engineer.RequireApplied(id, order.Respond, bid) }

func isOffered(s *sides, id uuid.UUID) { s.customer.RequireApplied(id, order.OfferOrder, s.choice()) }

func isChosen(s *sides, id uuid.UUID) {
	hasResponded(s, id)
	s.customer.RequireApplied(id, order.Choose, s.choice())
	s.engineer.Sign(id, s.engineer.Upload(id, "договор.pdf", apitest.PDF("договор "+id.String())))
}

// steps are respond, offer, choose, accept and send the contract.
var steps = []step{
	{"response", nothing, func(s *sides, _ uuid.UUID) (*apitest.Browser, order.Kind, apitest.Object) {
		return s.engineer, order.Respond, bid
	}},
	{"offer", nothing, func(s *sides, _ uuid.UUID) (*apitest.Browser, order.Kind, apitest.Object) {
		return s.customer, order.OfferOrder, s.choice()
	}},
	{"choice", hasResponded, func(s *sides, _ uuid.UUID) (*apitest.Browser, order.Kind, apitest.Object) {
		return s.customer, order.Choose, s.choice()
	}},
	{"acceptance", isOffered, func(s *sides, _ uuid.UUID) (*apitest.Browser, order.Kind, apitest.Object) {
		return s.engineer, order.AcceptOffer, apitest.Object{"details": apitest.Object{"revision": 1}}
	}},
	{"contract", isChosen, func(s *sides, id uuid.UUID) (*apitest.Browser, order.Kind, apitest.Object) {
		file := func(name string) apitest.Object {
			return apitest.Object{
				"id":     apitest.Value[string](s.p, `select id from files where order_id = $1 and name = $2`, id, name),
				"sha256": apitest.Value[string](s.p, `select sha256 from files where order_id = $1 and name = $2`, id, name),
			}
		}
		return s.engineer, order.SendContract, apitest.Object{"details": apitest.Object{
			"file": file("договор.pdf"), "signature": file("договор.sig"), "price": 100_000, "advance": 0, "advanceBasisPoints": 0,
			"termDate": s.p.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
		}}
	}},
}

// restriction keeps an engineer from taking on orders by an operation of the platform, and another one
// lifts it.
type restriction struct {
	name      string
	set, lift func(*sides)
	code      order.Code
	// only is the one step that it concerns; "" for all.
	only string
	// ends means that the orders are told: it ends his responses and offers and holds his orders.
	ends bool
}

func changeRegions(regions ...string) func(*sides) {
	return func(s *sides) {
		save(s.engineer, func(f *profiles.ProfileForm) { f.Regions = regions }).OK()
	}
}

func setPhone(phone string) func(*sides) {
	return func(s *sides) { save(s.engineer, func(f *profiles.ProfileForm) { f.Phone = phone }).OK() }
}

func setReceiving(on bool) func(*sides) {
	return func(s *sides) {
		require.Equal(s.p.T, http.StatusNoContent, s.engineer.Do(http.MethodPut, address+"/receiving", apitest.Object{"receives": on}).Status)
	}
}

var restrictions = []restriction{
	{
		name: "the only active engineer", code: order.CodeOnlyEngineer,
		set:  func(s *sides) { s.employment(s.employer, "suspend", s.colleague).OK() },
		lift: func(s *sides) { s.employment(s.employer, "resume", s.colleague).OK() },
	},
	{
		name: "the only one whom the registry leaves", code: order.CodeOnlyEngineer,
		set: func(s *sides) { s.night(synthetic.LoginEmployeeSecond) }, lift: func(s *sides) { s.night() },
	},
	{
		name: "blocked", code: order.CodeBlocked, ends: true,
		set:  func(s *sides) { s.moderate("block", s.engineer).OK() },
		lift: func(s *sides) { s.moderate("unblock", s.engineer).OK() },
	},
	{name: "outside his regions", code: order.CodeOutsideRegions, set: changeRegions("16"), lift: changeRegions("77", "50")},
	{name: "switch off", code: order.CodeNotReceiving, only: "offer", set: setReceiving(false), lift: setReceiving(true)},
	{name: "incomplete profile", code: order.CodeProfile, set: setPhone(""), lift: setPhone("+79001234567")},
	{
		name: "suspended by the employer", code: order.CodeByEmployer, ends: true,
		set:  func(s *sides) { s.employment(s.employer, "suspend", s.engineer).OK() },
		lift: func(s *sides) { s.employment(s.employer, "resume", s.engineer).OK() },
	},
	{
		name: "not confirmed by the employer", code: order.CodeByEmployer, ends: true,
		set: func(s *sides) {
			s.employment(s.employer, "remove", s.engineer).OK()
			s.engineer.Do(http.MethodPost, "/api/engineer/employments", apitest.Object{"employer": partyOf(s.employer)}, "Idempotency-Key", uuid.NewString()).OK()
		},
		lift: func(s *sides) { s.employment(s.employer, "confirm", s.engineer).OK() },
	},
	{
		name: "excluded from the registry", code: order.CodeNotInRegistry, ends: true,
		set: func(s *sides) { s.night(synthetic.LoginEmployeeFirst) }, lift: func(s *sides) { s.night() },
	},
}

// endedCodes are the refusals of the steps whose order has been told of a restriction that ends
// responses and offers.
var endedCodes = map[string]order.Code{"choice": order.CodeNoResponse, "acceptance": order.CodeNoOffer, "contract": order.CodeSuspended}

// Every restriction appears by its real cause and closes each step at which an engineer takes on an
// order, and once the cause is gone each step is open again.
func TestEveryRestrictionAtEveryStep(t *testing.T) {
	acceptance.Covers(t, "R-RESP-5", "R-OFFER-4", "S-15", "S-16", "S-28", "R-KPROF-12", "R-KORD-1")
	s := newSides(t)
	s.night()
	for _, r := range restrictions {
		t.Run(r.name, func(t *testing.T) {
			defer s.within(t)()
			ids := map[string]uuid.UUID{}
			for _, one := range steps {
				s.p.AdvanceClock(time.Second) // a person sends so many messages only one after another
				ids[one.name] = s.customer.PublishOrder("77")
				one.before(s, ids[one.name])
			}
			r.set(s)
			if r.ends {
				testenv.Eventually(t, "the orders are told", func() bool {
					return apitest.Value[bool](s.p, `select not exists (select from responses where order_id = $1 and status = 'open')
						and not exists (select from offers where order_id = $2) and (select holds <> '{}' from orders where id = $3)`,
						ids["choice"], ids["acceptance"], ids["contract"])
				})
			}
			for _, one := range steps {
				if r.only != "" && r.only != one.name {
					continue
				}
				code := r.code
				if ended, found := endedCodes[one.name]; found && r.ends {
					code = ended
				}
				by, kind, body := one.send(s, ids[one.name])
				by.RequireRefused(code, ids[one.name], kind, body)
			}
			r.lift(s)
			if r.ends {
				testenv.Eventually(t, "the order goes on", func() bool {
					return apitest.Value[bool](s.p, `select holds = '{}' from orders where id = $1`, ids["contract"])
				})
			}
			for _, one := range steps {
				if r.ends && one.name != "contract" {
					one.before(s, ids[one.name])
				}
				by, kind, body := one.send(s, ids[one.name])
				by.RequireApplied(ids[one.name], kind, body)
			}
		})
	}
}

// operation is one side of an interleaving.
type operation func(s *sides, id uuid.UUID) apitest.Answer

func sent(name string) operation {
	return func(s *sides, id uuid.UUID) apitest.Answer {
		for _, one := range steps {
			if one.name == name {
				by, kind, body := one.send(s, id)
				return by.Send(uuid.NewString(), id, kind, body)
			}
		}
		panic(name)
	}
}

func suspended(s *sides, _ uuid.UUID) apitest.Answer {
	return s.employment(s.employer, "suspend", s.engineer)
}

func removed(s *sides, _ uuid.UUID) apitest.Answer {
	return s.employment(s.employer, "remove", s.engineer)
}
func blocked(s *sides, _ uuid.UUID) apitest.Answer { return s.moderate("block", s.engineer) }
func moved(s *sides, _ uuid.UUID) apitest.Answer {
	return save(s.engineer, func(f *profiles.ProfileForm) { f.Regions = []string{"16"} })
}

func switchedOff(s *sides, _ uuid.UUID) apitest.Answer {
	return s.engineer.Do(http.MethodPut, address+"/receiving", apitest.Object{"receives": false})
}

// Two operations of which one waits for the other: the later one sees all of the earlier one.
func TestLaterOperationSeesTheEarlierOne(t *testing.T) {
	acceptance.Covers(t, "S-15", "S-29", "R-RESP-5", "R-OFFER-4")
	s := newSides(t)
	resume := func(s *sides) { s.employment(s.employer, "resume", s.engineer).OK() }
	unblock := func(s *sides) {
		s.moderate("unblock", s.engineer).OK()
		testenv.Eventually(s.p.T, "the engineer is unblocked", func() bool {
			return apitest.Value[bool](s.p, `select not blocked from engineers where id = $1`, partyOf(s.engineer))
		})
	}
	rehire := func(s *sides) {
		s.engineer.Do(http.MethodPost, "/api/engineer/employments", apitest.Object{"employer": partyOf(s.employer)}, "Idempotency-Key", uuid.NewString()).OK()
		s.employment(s.employer, "confirm", s.engineer).OK()
	}
	for _, one := range []struct {
		restriction operation
		step        string
		// code refuses the step that comes later; conflict refuses the restriction that comes later,
		// "" if it is accepted.
		code     order.Code
		conflict string
		undo     func(*sides)
	}{
		{suspended, "choice", order.CodeByEmployer, problems.OrdersChanged, resume},
		{suspended, "acceptance", order.CodeByEmployer, problems.OrdersChanged, resume},
		{suspended, "contract", order.CodeByEmployer, "", resume},
		{removed, "choice", order.CodeProfile, problems.OrdersChanged, rehire},
		{removed, "acceptance", order.CodeProfile, problems.OrdersChanged, rehire},
		{removed, "contract", order.CodeProfile, "", rehire},
		{blocked, "response", order.CodeBlocked, "", unblock},
		{blocked, "choice", order.CodeBlocked, "", unblock},
		{moved, "response", order.CodeOutsideRegions, "", changeRegions("77", "50")},
		{switchedOff, "offer", order.CodeNotReceiving, "", setReceiving(true)},
	} {
		for _, restrictionFirst := range []bool{true, false} {
			t.Run(one.step+" "+string(one.code)+map[bool]string{true: " later", false: " earlier"}[restrictionFirst], func(t *testing.T) {
				defer s.within(t)()
				id := s.customer.PublishOrder("77")
				for _, of := range steps {
					if of.name == one.step {
						of.before(s, id)
					}
				}
				operations := []operation{sent(one.step), one.restriction}
				if restrictionFirst {
					operations = []operation{one.restriction, sent(one.step)}
				}
				answers := s.inTurn(id, operations...)
				step, restricted := answers[0], answers[1]
				if restrictionFirst {
					step, restricted = restricted, step
					require.Less(t, restricted.Status, 300, restricted.Text())
					require.Equal(t, string(one.code), step.Problem().Code)
					one.undo(s)
					return
				}
				require.Equal(t, http.StatusOK, step.Status, step.Text())
				if one.conflict != "" {
					require.Equal(t, one.conflict, restricted.Problem().Code)
					return
				}
				require.Less(t, restricted.Status, 300, restricted.Text())
				one.undo(s)
			})
		}
	}
}

// inTurn makes the operations wait for the engineer one after the other, lets them go, and returns
// their answers. A row that refers to the engineer does not wait.
func (s *sides) inTurn(id uuid.UUID, operations ...operation) []apitest.Answer {
	s.p.T.Helper()
	testenv.Eventually(s.p.T, "what was decided before has reached the orders", func() bool {
		return apitest.Value[bool](s.p, `select not exists (select from pending_status_notifications)`) && !testenv.Blocked(s.p.T, s.p.DatabaseURL)
	})
	release := testenv.HoldTransaction(s.p.T, s.p.DatabaseURL, `select 1 from engineers where id = $1 for no key update`, partyOf(s.engineer))
	answers := make([]chan apitest.Answer, len(operations))
	for i, do := range operations {
		answers[i] = make(chan apitest.Answer, 1)
		go func() { answers[i] <- do(s, id) }()
		testenv.Eventually(s.p.T, "an operation waits for the engineer", func() bool { return testenv.BlockedSessions(s.p.T, s.p.DatabaseURL) > i })
	}
	release()
	all := make([]apitest.Answer, len(operations))
	for i := range answers {
		all[i] = <-answers[i]
	}
	return all
}
