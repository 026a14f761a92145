package orders_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// testUsers are the users of an order: a customer's organisation with two people, an employer with
// its head and two engineers, and a moderator. All are different humans until a test ties them.
type testUsers struct {
	*recorder
	state               order.State
	deputy, moderator   order.Actor
	engineer, colleague order.Actor
	employer, head      uuid.UUID
	// people is the number of people created; each has another СНИЛС.
	people int
	// accept does with the signatures of a message what the API does before it sends the message.
	accept func(by order.Actor, details any)
}

func newTestUsers(t *testing.T) *testUsers {
	t.Helper()
	c := &testUsers{recorder: newRecorder(t)}
	c.accept = func(by order.Actor, details any) { acceptSignatures(t, c.url, c.state.ID, by, details) }
	organisation := c.organisation("Заказчик")
	c.customer = order.Actor{Role: order.RoleCustomer, Person: c.person().String(), Party: organisation.String()}
	c.deputy = order.Actor{Role: order.RoleCustomer, Person: c.person().String(), Party: organisation.String()}
	c.represent(c.customer.Person, organisation)
	c.represent(c.deputy.Person, organisation)
	c.moderator = order.Actor{Role: order.RoleModerator, Person: c.person().String()}
	c.employer, c.head = c.organisation("Работодатель"), c.person()
	c.represent(c.head, c.employer)
	c.engineer, c.colleague = c.employee(), c.employee()
	c.state = order.State{ID: uuid.NewString()}
	c.requireApplied(order.Create, c.customer, nil)
	c.requireApplied(order.Publish, c.customer, order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 30})
	return c
}

func (c *testUsers) person() uuid.UUID {
	id := uuid.New()
	c.people++
	testenv.Exec(c.t, c.url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, $3, 'Фамилия', 'Имя')`,
		id, id.String(), fmt.Sprintf("%011d", c.people))
	return id
}

// account creates another account of the same human.
func (c *testUsers) account(of order.Actor) uuid.UUID {
	id := uuid.New()
	testenv.Exec(c.t, c.url, `insert into people (id, esia_oid, snils, last_name, first_name)
		select $1, $2, snils, last_name, first_name from people where id = $3`, id, id.String(), of.Person)
	return id
}

func (c *testUsers) organisation(name string) uuid.UUID {
	id := uuid.New()
	testenv.Exec(c.t, c.url, `insert into parties (id, kind, name, ogrn, active_engineers) values ($1, 'organisation', $2, $3, 2)`, id, name, id.String())
	return id
}

func (c *testUsers) represent(person, party any) {
	testenv.Exec(c.t, c.url, `insert into representatives (person_id, party_id, chief, read_at) values ($1, $2, true, now())`, person, party)
}

// addMember makes somebody an ordinary member of an organisation, without the head's admission.
func (c *testUsers) addMember(person, party any) {
	testenv.Exec(c.t, c.url, `insert into representatives (person_id, party_id, chief, read_at) values ($1, $2, false, now())`, person, party)
}

func (c *testUsers) employee() order.Actor {
	person, id := c.person(), uuid.New()
	testenv.Exec(c.t, c.url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, person_id, form,
		employer_id, employment, receives_orders, profile_complete, regions)
		select $1, snils, snils, last_name, first_name, true, now(), id, 'employee', $2, 'confirmed', true, true, '{77}' from people where id = $3`,
		id, c.employer, person)
	return order.Actor{Role: order.RoleEngineer, Person: person.String(), Party: id.String()}
}

// record records a message with a text of its sender.
func (c *testUsers) record(kind order.Kind, by order.Actor, details any) order.Outcome {
	c.t.Helper()
	in := c.input(kind, by)
	in.State = c.state
	body := []byte(`{"note": "текст"}`)
	sum := sha256.Sum256(body)
	ref := order.BodyRef{ID: uuid.NewString(), SHA256: hex.EncodeToString(sum[:])}
	if by.Person != "" {
		testenv.Exec(c.t, c.url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $2, $3, $4, $5)`,
			ref.ID, c.state.ID, by.Person, string(body), ref.SHA256)
		in.Message.Body = &ref
	}
	if details != nil {
		encoded, err := json.Marshal(details)
		require.NoError(c.t, err)
		in.Message.Details = encoded
	}
	c.accept(by, details)
	outcome, err := c.recorder.record(in)
	require.NoError(c.t, err)
	require.NoError(c.t, c.state.Apply(outcome))
	return outcome
}

func (c *testUsers) requireApplied(kind order.Kind, by order.Actor, details any) {
	c.t.Helper()
	o := c.record(kind, by, details)
	require.Equal(c.t, order.Applied, o.Verdict, "%s: %s", kind, o.Code)
}

func (c *testUsers) requireRefused(code order.Code, kind order.Kind, by order.Actor, details any) {
	c.t.Helper()
	require.Equal(c.t, code, c.record(kind, by, details).Code, kind)
}

func (c *testUsers) respond(by order.Actor) {
	c.requireApplied(order.Respond, by, order.Bid{Price: 100, TermDays: 5})
}

func choiceOf(a order.Actor) order.EngineerChoice { return order.EngineerChoice{Engineer: a.Party} }

// The recording detects each way in which an engineer belongs to the customer's side.
func TestEngineerOfTheCustomersSideIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-39")
	t.Parallel()
	for name, tie := range map[string]func(*testUsers){
		"создал заказ под другой учётной записью": func(c *testUsers) {
			testenv.Exec(c.t, c.url, `update people set snils = (select snils from people where id = $1) where id = $2`, c.engineer.Person, c.customer.Person)
		},
		"ещё не входил как инженер, узнан по СНИЛС": func(c *testUsers) {
			testenv.Exec(c.t, c.url, `update engineers set person_id = null, snils = (select snils from people where id = $1) where id = $2`, c.customer.Person, c.engineer.Party)
		},
		"представляет организацию заказчика":         func(c *testUsers) { c.represent(c.engineer.Person, c.customer.Party) },
		"числится у заказчика":                       func(c *testUsers) { c.addMember(c.engineer.Person, c.customer.Party) },
		"представляет её под другой учётной записью": func(c *testUsers) { c.represent(c.account(c.engineer), c.customer.Party) },
		"действовал за заказчика и ушёл": func(c *testUsers) {
			as := order.Actor{Role: order.RoleCustomer, Person: c.engineer.Person, Party: c.customer.Party}
			c.requireApplied(order.Amend, as, order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 20})
		},
		"работает у заказчика": func(c *testUsers) {
			testenv.Exec(c.t, c.url, `update engineers set employer_id = $1 where id = $2`, c.customer.Party, c.engineer.Party)
			testenv.Exec(c.t, c.url, `update parties set active_engineers = 2 where id = $1`, c.customer.Party)
		},
		"его работодателя представляет создатель заказа": func(c *testUsers) { c.represent(c.customer.Person, c.employer) },
		"его работодателя представляет действовавший за заказчика": func(c *testUsers) {
			c.requireApplied(order.Amend, c.deputy, order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 20})
			c.represent(c.account(c.deputy), c.employer)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTestUsers(t)
			tie(c)
			c.requireRefused(order.CodeOwnOrder, order.Respond, c.engineer, order.Bid{Price: 100, TermDays: 5})
			c.requireRefused(order.CodeOwnOrder, order.OfferOrder, c.customer, choiceOf(c.engineer))
		})
	}
}

func TestFormerRepresentativeWithoutActionsMayRespond(t *testing.T) {
	acceptance.Covers(t, "S-39")
	t.Parallel()
	c := newTestUsers(t)
	c.represent(c.engineer.Person, c.customer.Party)
	testenv.Exec(t, c.url, `update representatives set active = false where person_id = $1`, c.engineer.Person)
	c.respond(c.engineer)
	c.requireApplied(order.Choose, c.customer, choiceOf(c.engineer))
}

// An ordinary member of the engineer's organisation may order from it: he cannot sign for it.
func TestOrdinaryMemberOfTheEmployerMayOrder(t *testing.T) {
	acceptance.Covers(t, "S-39")
	t.Parallel()
	c := newTestUsers(t)
	c.addMember(c.customer.Person, c.employer)
	c.respond(c.engineer)
	c.requireApplied(order.Choose, c.customer, choiceOf(c.engineer))
	c.requireApplied(order.Amend, c.customer, order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 20})
}

// An engineer cannot choose himself through another account that acts for the customer.
func TestEngineerCannotChooseHimself(t *testing.T) {
	acceptance.Covers(t, "S-39")
	t.Parallel()
	c := newTestUsers(t)
	c.respond(c.engineer)
	himself := order.Actor{Role: order.RoleCustomer, Person: c.account(c.engineer).String(), Party: c.customer.Party}
	c.requireRefused(order.CodeOwnOrder, order.Choose, himself, choiceOf(c.engineer))
	head := order.Actor{Role: order.RoleCustomer, Person: c.head.String(), Party: c.customer.Party}
	c.requireRefused(order.CodeOwnOrder, order.Choose, head, choiceOf(c.engineer))
	c.requireApplied(order.Choose, c.customer, choiceOf(c.engineer))
}

func TestTieAfterTheChoiceIsDetected(t *testing.T) {
	acceptance.Covers(t, "S-39")
	t.Parallel()
	c := newTestUsers(t)
	c.respond(c.engineer)
	c.requireApplied(order.Choose, c.customer, choiceOf(c.engineer))

	himself := order.Actor{Role: order.RoleCustomer, Person: c.account(c.engineer).String(), Party: c.customer.Party}
	head := order.Actor{Role: order.RoleCustomer, Person: c.head.String(), Party: c.customer.Party}
	amended := order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 20}
	c.requireRefused(order.CodeBothSides, order.Amend, himself, amended)
	c.requireRefused(order.CodeBothSides, order.Cancel, himself, nil)
	c.requireRefused(order.CodeBothSides, order.Amend, head, amended)
	c.represent(c.customer.Person, c.employer)
	c.requireRefused(order.CodeBothSides, order.EmployerStatus, order.Actor{Role: order.RoleEmployer, Person: c.customer.Person, Party: c.employer.String()},
		order.EngineerStatus{Engineer: c.engineer.Party, AsOf: time.Now()})
	testenv.Exec(t, c.url, `delete from representatives where person_id = $1 and party_id = $2`, c.customer.Person, c.employer)

	c.represent(c.engineer.Person, c.customer.Party)
	c.requireRefused(order.CodeOwnOrder, order.SendContract, c.engineer, order.ContractTerms{})
	c.requireApplied(order.LeaveOrder, c.engineer, nil)
}

func TestModeratorTiedToASideIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-39")
	t.Parallel()
	for name, tie := range map[string]func(*testUsers){
		"сам исполнитель": func(c *testUsers) {
			testenv.Exec(c.t, c.url, `update people set snils = (select snils from people where id = $1) where id = $2`, c.engineer.Person, c.moderator.Person)
		},
		"коллега исполнителя": func(c *testUsers) {
			testenv.Exec(c.t, c.url, `update people set snils = (select snils from people where id = $1) where id = $2`, c.colleague.Person, c.moderator.Person)
		},
		"представляет работодателя": func(c *testUsers) { c.represent(c.moderator.Person, c.employer) },
		"представляет заказчика":    func(c *testUsers) { c.represent(c.moderator.Person, c.customer.Party) },
		"создал заказ": func(c *testUsers) {
			testenv.Exec(c.t, c.url, `update people set snils = (select snils from people where id = $1) where id = $2`, c.customer.Person, c.moderator.Person)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTestUsers(t)
			c.respond(c.engineer)
			c.requireApplied(order.Choose, c.customer, choiceOf(c.engineer))
			said := order.EngineerStatus{Engineer: c.engineer.Party, AsOf: time.Now()}
			tie(c)
			c.requireRefused(order.CodeModeratorIsParty, order.ModeratorStatus, c.moderator, said)
		})
	}
	c := newTestUsers(t)
	c.respond(c.engineer)
	c.requireApplied(order.Choose, c.customer, choiceOf(c.engineer))
	c.requireApplied(order.ModeratorStatus, c.moderator, order.EngineerStatus{Engineer: c.engineer.Party, AsOf: time.Now()})
}

// Somebody who signed for the performer may not act for the customer, even after another engineer
// has become the performer.
func TestFormerPerformerDoesNotActForTheCustomer(t *testing.T) {
	acceptance.Covers(t, "S-39")
	t.Parallel()
	c := newTestUsers(t)
	c.respond(c.engineer)
	c.requireApplied(order.Choose, c.customer, choiceOf(c.engineer))
	contract := order.ContractTerms{
		File: c.file(c.engineer, "contract"), Signature: c.file(c.engineer, "signature"),
		ContractConditions: order.ContractConditions{Price: 100, TermDate: time.Now().AddDate(0, 1, 0).Format(time.DateOnly)},
	}
	c.requireApplied(order.SendContract, c.engineer, contract)
	c.requireApplied(order.SignContract, c.deputy, order.ContractSignature{Contract: contract.File.SHA256, Signature: c.file(c.deputy, "customer")})
	c.requireApplied(order.ReplaceEngineer, c.moderator, choiceOf(c.colleague))
	himself := order.Actor{Role: order.RoleCustomer, Person: c.engineer.Person, Party: c.customer.Party}
	c.requireRefused(order.CodeBothSides, order.ProposeTermination, himself, nil)
	c.requireApplied(order.ProposeTermination, c.customer, nil)
}

// file stores a file of the order.
func (c *testUsers) file(by order.Actor, name string) order.FileRef {
	id, sum := uuid.New(), sha256.Sum256([]byte(name))
	hash := hex.EncodeToString(sum[:])
	testenv.Exec(c.t, c.url, `insert into files (id, order_id, uploader_id, name, size, sha256, content_type, status, stored_at)
		values ($1, $2, $3, $4, 1, $5, 'application/pdf', 'stored', now())`, id, c.state.ID, by.Person, fmt.Sprintf("%s.pdf", name), hash)
	checkFile(c.t, c.url, id)
	return order.FileRef{ID: id.String(), SHA256: hash}
}

// checkFile stores that a file is PDF/A.
func checkFile(t testing.TB, url string, id uuid.UUID) {
	t.Helper()
	testenv.Exec(t, url, `insert into file_checks (file_id, report, streebog256, streebog512, checked_at)
		values ($1, '{"part": 2, "conformance": "B"}', repeat('0', 64), repeat('0', 128), now())`, id)
}
