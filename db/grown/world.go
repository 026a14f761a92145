package grown

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// sampleOrder is an order with the values that the rows of all tables are made from.
type sampleOrder struct {
	n        int
	id       uuid.UUID
	stage    order.Stage
	cause    order.Cause
	customer account
	person   int // the person who acts for the customer
	// engineer is the performer, -1 if there is none.
	engineer   int
	responders []int
	region     string
	began      time.Time
	steps      []step
	held       bool
	overdue    bool
	// price is zero if the customer has set none.
	price int64
	days  int
	// date is the term's day for an order without a term in days.
	date       *time.Time
	prepayment bool
	// later is how many orders of the batch are younger, apart the time between two of them.
	later int
	apart time.Duration
}

// account is a customer's account: a person's, or an organisation's.
type account struct {
	id  uuid.UUID
	org int // -1 for a person
}

// step is an applied message.
type step struct {
	kind          order.Kind
	role          order.Role
	before, after order.Stage
	documents     []order.DocumentKind
	text          bool
	person        int
	engineer      int // -1 where the customer or the platform sent it
}

// happyPath lists the steps of an order without disagreements; the first step that leads to a stage
// is the one that reaches it.
var happyPath = []step{
	{kind: order.Create, role: order.RoleCustomer, before: order.Draft, after: order.Draft},
	{kind: order.Publish, role: order.RoleCustomer, before: order.Draft, after: order.Selection, documents: []order.DocumentKind{order.DocumentForm}, text: true},
	{kind: order.Choose, role: order.RoleCustomer, before: order.Selection, after: order.Contracting},
	{
		kind: order.SendContract, role: order.RoleEngineer, before: order.Contracting, after: order.Contracting,
		documents: []order.DocumentKind{order.DocumentContract, order.DocumentContractSignature},
	},
	{kind: order.SignContract, role: order.RoleCustomer, before: order.Contracting, after: order.Prepayment, documents: []order.DocumentKind{order.DocumentContractSignature}},
	{kind: order.ConfirmPrepayment, role: order.RoleEngineer, before: order.Prepayment, after: order.Work},
	{kind: order.SubmitResults, role: order.RoleEngineer, before: order.Work, after: order.Acceptance, documents: []order.DocumentKind{order.DocumentResult}, text: true},
	{kind: order.AcceptResults, role: order.RoleCustomer, before: order.Acceptance, after: order.Registration},
	{kind: order.SubmitFinal, role: order.RoleEngineer, before: order.Registration, after: order.Payment, documents: []order.DocumentKind{order.DocumentRegistrationResult}},
	{kind: order.ConfirmPayment, role: order.RoleEngineer, before: order.Payment, after: order.Completed},
}

// stageShares gives the percentage of orders in each stage.
var stageShares = []struct {
	stage order.Stage
	share int
}{
	{order.Completed, 63},
	{order.Cancelled, 12},
	{order.Work, 7},
	{order.Selection, 6},
	{order.Draft, 3},
	{order.Contracting, 3},
	{order.Acceptance, 2},
	{order.Payment, 2},
	{order.Prepayment, 1},
	{order.Registration, 1},
}

const regions = 89

// region returns the code of a subject of the federation.
func region(n int) string { return fmt.Sprintf("%02d", 1+n%regions) }

// regionOfWorks returns the region of an order: a fifth are in the first region, half in the first
// eleven, and the last ones have a few of a thousand.
func regionOfWorks(rnd *rand.Rand) string {
	part := rnd.Float64()
	return region(int(regions * part * part * part))
}

// skewed returns a random number below n; half of the results are in the first per cent.
func skewed(rnd *rand.Rand, n int) int {
	if rnd.IntN(2) == 0 {
		return rnd.IntN(max(1, n/100))
	}
	return rnd.IntN(n)
}

// Roles by number: people with the lowest numbers head organisations, those with the highest are
// engineers.
func head(org int) int           { return org * 2 }
func employs(org int) bool       { return org%3 != 0 }
func signedIn(engineer int) bool { return engineer%4 == 0 }
func personOf(engineer int) int  { return People - 1 - engineer/4 }
func listed(engineer int) bool   { return engineer%25 != 1 }
func blocked(engineer int) bool  { return engineer%200 == 2 }

// sameAs returns the person whose duplicate this person is: he came back under another ЕСИА number.
// -1 means none.
func sameAs(person int) int {
	if person < 40 || person >= 60 {
		return -1
	}
	return person - 20
}

var (
	surnames = []string{
		"Иванов", "Петров", "Сидоров", "Кузнецов", "Смирнов", "Попов", "Васильев", "Соколов", "Михайлов", "Новиков", "Фёдоров", "Морозов",
		"Волков", "Алексеев", "Лебедев", "Семёнов", "Егоров", "Павлов", "Козлов", "Степанов", "Николаев", "Орлов", "Андреев", "Макаров", "Никитин",
		"Захаров", "Зайцев", "Соловьёв", "Борисов", "Яковлев", "Григорьев", "Романов", "Воробьёв", "Сергеев", "Кузьмин", "Фролов", "Александров",
	}
	firstNames  = []string{"Иван", "Пётр", "Сергей", "Андрей", "Алексей", "Дмитрий", "Николай", "Михаил", "Юрий", "Олег", "Игорь", "Павел", "Семён"}
	middleNames = []string{"Иванович", "Петрович", "Сергеевич", "Андреевич", "Алексеевич", "Дмитриевич", "Николаевич"}
)

// switchedOff reports whether a moderator has switched the account of a person off.
func switchedOff(person int) bool { return person%500 == 250 }

// names returns the surname, the first name and the patronymic for a number.
func names(n int) (last, first, middle string) {
	last = surnames[n%len(surnames)]
	if n%3 == 0 {
		last += "-" + surnames[(n/5)%len(surnames)]
	}
	return last, firstNames[n/11%len(firstNames)], middleNames[n/17%len(middleNames)]
}

// snils returns the СНИЛС of an engineer, which is also that of his person.
func snils(engineer int) string {
	return fmt.Sprintf("%03d-%03d-%03d 00", engineer/1_000_000%1000, engineer/1000%1000, engineer%1000)
}

func snilsOf(person int) string {
	if n := (People - 1 - person) * 4; n < Engineers {
		return snils(n + engineerNumbers)
	}
	if same := sameAs(person); same >= 0 {
		return snilsOf(same)
	}
	return snils(100_000_000 + person)
}

// engineerNumbers is an offset that keeps the СНИЛС numbers of engineers from being zero.
const engineerNumbers = 200_000_000

// employerOf returns the organisation that an engineer works for, -1 for a sole proprietor.
func employerOf(engineer int) int {
	if engineer/4%2 == 0 {
		return -1
	}
	rnd := rand.New(rand.NewPCG(uint64(engineer), 1))
	org := skewed(rnd, Organisations)
	if !employs(org) {
		return org + 1
	}
	return org
}

// sampleOrders returns all orders, the oldest first.
func sampleOrders() []sampleOrder {
	all := make([]sampleOrder, 0, Orders)
	for d := range makeOrders(0, Orders) {
		all = append(all, *d)
	}
	return all
}

// makeOrders yields a batch of orders with the numbers from first on, the oldest first. Every batch
// is spread over the same three years.
func makeOrders(first, count int) iter.Seq[*sampleOrder] {
	return func(yield func(*sampleOrder) bool) {
		rnd := rand.New(rand.NewPCG(1, uint64(2+first)))
		inStage := make([]order.Stage, 0, 100)
		for _, s := range stageShares {
			for range s.share {
				inStage = append(inStage, s.stage)
			}
		}
		apart := Orders * 15 * time.Minute / time.Duration(count) // nearly three years
		for n := range count {
			d := makeOrder(rnd, first+n, inStage[rnd.IntN(len(inStage))], count-n, apart)
			if !yield(d) {
				return
			}
		}
	}
}

func makeOrder(rnd *rand.Rand, n int, stage order.Stage, later int, apart time.Duration) *sampleOrder {
	d := &sampleOrder{n: n, id: id(anOrder, n), stage: stage, engineer: -1, later: later, apart: apart}
	d.began = Now.Add(-time.Duration(later) * apart)
	d.days, d.region, d.prepayment = 5+rnd.IntN(90), regionOfWorks(rnd), rnd.IntN(5) < 2
	if rnd.IntN(5) > 0 {
		d.price = int64(1+rnd.IntN(500)) * 100_000
	}
	if rnd.IntN(3) == 0 {
		d.date = new(Now.AddDate(0, 0, d.days).Truncate(24 * time.Hour))
	}
	if d.customer.org = -1; rnd.IntN(3) == 0 {
		d.customer.org = skewed(rnd, Organisations)
		d.customer.id, d.person = id(anOrganisation, d.customer.org), head(d.customer.org)
	} else {
		d.person = skewed(rnd, People/2)
		d.customer.id = id(anAccount, d.person)
	}
	if d.stage == order.Cancelled {
		d.cause = order.ByCustomer
	}
	if d.stage != order.Draft {
		for range rnd.IntN(6) {
			d.responders = append(d.responders, skewed(rnd, Engineers/4)*4) // those who have signed in
		}
		d.responders = distinct(d.responders)
	}
	if d.stage != order.Draft && d.stage != order.Selection && (d.stage != order.Cancelled || rnd.IntN(2) == 0) {
		if len(d.responders) == 0 {
			d.responders = []int{skewed(rnd, Engineers/4) * 4}
		}
		d.engineer = d.responders[0]
	}
	inWork := d.engineer >= 0 && !d.stage.Final()
	d.held, d.overdue = inWork && rnd.IntN(50) == 0, inWork && rnd.IntN(20) == 0
	d.steps = d.history()
	return d
}

func distinct(numbers []int) []int {
	seen := map[int]bool{}
	kept := numbers[:0]
	for _, n := range numbers {
		if !seen[n] {
			seen[n] = true
			kept = append(kept, n)
		}
	}
	return kept
}

// history returns the messages that brought the order to its stage.
func (d *sampleOrder) history() []step {
	var steps []step
	add := func(s step) {
		s.person, s.engineer = d.person, -1
		if s.role == order.RoleEngineer {
			s.person, s.engineer = personOf(d.engineer), d.engineer
		}
		steps = append(steps, s)
	}
	for _, s := range happyPath {
		if s.kind == order.Choose {
			for _, e := range d.responders {
				steps = append(steps, step{
					kind: order.Respond, role: order.RoleEngineer, before: order.Selection, after: order.Selection,
					text: true, person: personOf(e), engineer: e,
				})
			}
		}
		stop := s.before != s.after && s.before == d.stage
		if d.stage == order.Cancelled && (s.kind == order.Choose && d.engineer < 0 || s.kind == order.SubmitResults) {
			add(step{kind: order.Cancel, role: order.RoleCustomer, before: s.before, after: order.Cancelled})
			break
		}
		if stop {
			break
		}
		add(s)
	}
	return steps
}

// at returns when a step was taken: orders move every few days.
func (d *sampleOrder) at(seq int) time.Time {
	at := d.began.Add(time.Duration(seq-1) * 61 * time.Hour)
	if latest := Now.Add(-time.Duration(d.later)*d.apart/900 - time.Duration(100-seq)*time.Millisecond); at.After(latest) {
		return latest
	}
	return at
}

func (d *sampleOrder) updated() time.Time { return d.at(len(d.steps)) }

// waitsFor returns what the order waits for, and from whom.
func (d *sampleOrder) waitsFor() (what, from string) {
	switch d.stage {
	case order.Draft, order.Completed, order.Cancelled:
		return "", ""
	case order.Selection, order.Acceptance, order.Payment:
		return string(d.stage), string(order.RoleCustomer)
	}
	return string(d.stage), string(order.RoleEngineer)
}

func (d *sampleOrder) holds() []string {
	if d.held {
		return []string{string(order.BySourceRegistry)}
	}
	return []string{}
}

// state returns the state of the order's workflow.
func (d *sampleOrder) state() json.RawMessage {
	s := order.State{
		ID: d.id.String(), Number: d.number(), Seq: len(d.steps), At: d.updated(), Stage: d.stage, Cause: d.cause,
		Customer: order.Customer{Party: d.customer.id.String(), Person: id(aPerson, d.person).String()},
		Terms:    &order.Terms{Region: d.region, WorkKind: d.workKind(), Prepayment: d.prepayment},
	}
	if d.price > 0 {
		s.Terms.Price = new(order.Kopecks(d.price))
	}
	if d.date != nil {
		s.Terms.TermDate = d.date.Format(time.DateOnly)
	} else {
		s.Terms.TermDays = d.days
	}
	for _, e := range d.responders {
		s.Responses = append(s.Responses, order.Response{Engineer: id(anEngineer, e).String(), Revision: 1})
	}
	if d.engineer >= 0 {
		s.Performer = &order.Performer{ID: id(anEngineer, d.engineer).String(), Person: id(aPerson, personOf(d.engineer)).String()}
		s.Statuses = []order.StatusRecord{
			{Source: order.BySourceRegistry, Active: !d.held, AsOf: d.updated(), Since: d.updated()},
			{Source: order.BySourceModerator, Active: true, AsOf: d.began, Since: d.began},
		}
	}
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // cannot fail: a state is plain data
	}
	return data
}

func (d *sampleOrder) number() string { return fmt.Sprintf("%d-%06d", d.began.Year(), d.n+1) }

func (d *sampleOrder) workKind() order.WorkKind {
	all := order.WorkKinds()
	return all[d.n%len(all)].Code
}

// offered returns the engineer to whom the order is offered, -1 for nobody.
func (d *sampleOrder) offered() int {
	if d.stage != order.Selection || d.n%5 != 0 {
		return -1
	}
	return d.n * 4 % Engineers
}

// street returns the street address of the works.
func (d *sampleOrder) street() string {
	return fmt.Sprintf("ул. %s, д. %d", surnames[d.n%len(surnames)], 1+d.n%200)
}

func (d *sampleOrder) city() string { return "г. " + surnames[(d.n/7)%len(surnames)] + "ск" }
