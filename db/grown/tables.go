package grown

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
	"epkr/internal/searchtext"
)

// Two registry runs whose snapshots are read and compared.
var (
	// StagedRun is under way.
	StagedRun = id(aRun, 0)
	// HeldRun awaits an operator.
	HeldRun = id(aRun, 1)
)

const (
	runs       = 1_000
	decisions  = 2_000
	sessions   = 20_000
	logins     = 3_000
	streams    = 2_000
	buckets    = 20_000
	quotas     = 5_000
	looseFiles = 5_000
	unanswered = 300
	security   = 500_000
)

var hash = strings.Repeat("a1", 32)

// count yields the rows of the numbers below n.
func count(n int, row func(n int) []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range n {
			if made := row(i); made != nil && !yield(made) {
				return
			}
		}
	}
}

// chain yields the rows of one sequence after those of the other.
func chain(sequences ...iter.Seq[[]any]) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, s := range sequences {
			for row := range s {
				if !yield(row) {
					return
				}
			}
		}
	}
}

// columns reads the names of columns out of a list.
func columns(list string) []string { return strings.Fields(strings.ReplaceAll(list, ",", " ")) }

func tables() []table {
	all := deals()
	return append(append(peopleTables(), registryTables()...), append(orderTables(all), traceTables(all)...)...)
}

func peopleTables() []table {
	joined := Now.AddDate(-3, 0, 0)
	return []table{
		{"people", columns("id, esia_oid, snils, last_name, first_name, middle_name, email, created_at, seen_at, same_as"), count(People, func(n int) []any {
			last, first, middle := names(n)
			var same *uuid.UUID
			if s := sameAs(n); s >= 0 {
				same = new(id(aPerson, s))
				last, first, middle = names(s)
			}
			return []any{id(aPerson, n), fmt.Sprint(1_000_000 + n), snilsOf(n), last, first, middle, fmt.Sprintf("p%d@example.test", n), joined, Now, same}
		})},
		{"person_esia_numbers", columns("esia_oid, person_id, first_seen, last_seen"), count(People, func(n int) []any {
			if s := sameAs(n); s >= 0 {
				return []any{fmt.Sprint(1_000_000 + n), id(aPerson, s), joined, Now}
			}
			return []any{fmt.Sprint(1_000_000 + n), id(aPerson, n), joined, Now}
		})},
		{"parties", columns("id, kind, person_id, esia_oid, name, ogrn, is_employer, active_engineers, same_as"), chain(
			count(People, func(n int) []any {
				last, first, middle := names(n)
				var same *uuid.UUID
				if s := sameAs(n); s >= 0 {
					same = new(id(anAccount, s))
				}
				return []any{id(anAccount, n), "person", id(aPerson, n), nil, last + " " + first + " " + middle, "", false, 0, same}
			}),
			count(People/10, func(n int) []any {
				last, _, _ := names(n * 10)
				return []any{id(anEntrepreneur, n), "entrepreneur", id(aPerson, n*10), nil, "ИП " + last, fmt.Sprintf("3%014d", n), false, 0, nil}
			}),
			count(Organisations, func(n int) []any {
				return []any{
					id(anOrganisation, n), "organisation", nil, fmt.Sprint(5_000_000 + n), fmt.Sprintf("ООО «Кадастр %d»", n), fmt.Sprintf("1%012d", n),
					employs(n), 5, nil,
				}
			}))},
		// Each organisation has a head and an admitted person; the first ones have hundreds.
		{"representatives", columns("person_id, party_id, chief, active, read_at, as_customer, as_employer"), chain(
			count(2*Organisations, func(n int) []any {
				return []any{id(aPerson, n), id(anOrganisation, n/2), n%2 == 0, true, Now, n%2 == 1, n%2 == 1}
			}),
			count(3_000, func(n int) []any {
				return []any{id(aPerson, 2*Organisations+n), id(anOrganisation, n/300), false, n%10 > 0, Now, n%3 == 0, false}
			}))},
		{"admissions", columns("party_id, person_id, as_customer, as_employer, cause, decided_by, decided_at"), count(2*Organisations+3_000, func(n int) []any {
			org := n / 2
			if n >= 2*Organisations {
				org = (n - 2*Organisations) / 300
			}
			return []any{id(anOrganisation, org), id(aPerson, n), true, true, "head", id(aPerson, head(org)), joined.Add(time.Duration(n) * time.Minute)}
		})},
		{"consents", columns("person_id, version, given_at"), count(People, func(n int) []any { return []any{id(aPerson, n), "1", joined} })},
		{"sessions", columns("token_hash, id, person_id, role, party_id, created_at, used_at, expires_at"), count(sessions, func(n int) []any {
			rnd := rand.New(rand.NewPCG(uint64(n), 3))
			begun := Now.Add(-time.Duration(n) * time.Minute)
			session := id(aSession, n)
			token := append(session[:], session[:]...)
			if n%400 == 0 {
				return []any{token, session, id(aPerson, 6), "moderator", nil, begun, begun, begun.AddDate(0, 0, 30)}
			}
			if n%2 == 0 {
				e := skewed(rnd, Engineers/4) * 4
				return []any{token, session, id(aPerson, personOf(e)), "engineer", id(anEngineer, e), begun, begun, begun.AddDate(0, 0, 30)}
			}
			p := skewed(rnd, People/2)
			return []any{token, session, id(aPerson, p), "customer", id(anAccount, p), begun, begun, begun.AddDate(0, 0, 30)}
		})},
		{"logins", columns("state, cookie_hash, created_at, expires_at, finished_at, session_id"), count(logins, func(n int) []any {
			at, login := Now.Add(-time.Duration(n)*time.Minute), id(aLogin, n)
			if n%5 == 0 {
				return []any{login, append(login[:], login[:]...), at, at.Add(10 * time.Minute), nil, nil}
			}
			return []any{login, append(login[:], login[:]...), at, at.Add(10 * time.Minute), at, id(aSession, n)}
		})},
		{"event_streams", columns("id, session_id, person_id, opened_at, seen_at"), count(streams, func(n int) []any {
			at := Now.Add(-time.Duration(n) * time.Second)
			return []any{id(aStream, n), id(aSession, n), id(aPerson, n/2), at, at}
		})},
		{"rate_buckets", columns("key, tokens, granted, refilled_at"), count(buckets, func(n int) []any {
			return []any{"person:" + id(aPerson, n).String(), 10.0, 1, Now.Add(-time.Duration(n) * time.Second)}
		})},
	}
}

func registryTables() []table {
	snapshot := Now.Add(-9 * time.Hour)
	entry := func(n int) json.RawMessage {
		return json.RawMessage(fmt.Sprintf(`{"snils": %q, "status": "действующий", "sro_out_reason": "", "sro_in_date": "2019-03-%02d", "education": "высшее"}`,
			snils(engineerNumbers+n), 1+n%28))
	}
	sro := func(n int) string {
		return fmt.Sprintf("Ассоциация СРО «Кадастровые инженеры» № %d", n%18)
	}
	// Of the registry of the night one engineer in 200 is changed.
	changed := func(n int) bool { return n%200 == 7 }
	return []table{
		{"engineers", columns("id, snils, registry_number, last_name, first_name, middle_name, sro, in_registry, registry_as_of, person_id, blocked, blocked_reason, " +
			"standing_at, form, employer_id, employment, receives_orders, profile_complete, regions, email, ogrnip, registry_entry"), count(Engineers, func(n int) []any {
			last, first, middle := names(n * 7)
			var person, employer *uuid.UUID
			form, employment := "", ""
			if signedIn(n) {
				person = new(id(aPerson, personOf(n)))
				form = "entrepreneur"
				if org := employerOf(n); org >= 0 {
					employer, form, employment = new(id(anOrganisation, org)), "employee", "confirmed"
				}
			}
			return []any{
				id(anEngineer, n), snils(engineerNumbers + n), fmt.Sprintf("%05d", n), last, first, middle, sro(n), listed(n), snapshot, person, blocked(n), "", snapshot,
				form, employer, employment, signedIn(n), signedIn(n),
				[]string{region(n), region(n + 1)},
				fmt.Sprintf("e%d@example.test", n), "", entry(n),
			}
		})},
		{"registry_runs", columns("id, workflow_id, workflow_run_id, status, started_at, ended_at, as_of, sha256, rows"), count(runs, func(n int) []any {
			at := Now.AddDate(0, 0, -n)
			switch n {
			case 0:
				return []any{StagedRun, "registry-sync", "r", "running", at, nil, at, hash, Engineers}
			case 1:
				return []any{HeldRun, "registry-sync", "r", "held", at, at, at, hash, Engineers}
			}
			return []any{id(aRun, n), "registry-sync", "r", "completed", at, at, at, fmt.Sprintf("%064d", n), Engineers}
		})},
		{"registry_snapshots", columns("id, as_of, rows, sha256"), count(runs, func(n int) []any {
			return []any{id(aRun, n), Now.AddDate(0, 0, -n-2), Engineers, fmt.Sprintf("%064d", n+2)}
		})},
		{"registry_staging", columns("run_id, snils, registry_number, last_name, first_name, middle_name, sro, active, entry"), count(2*Engineers, func(n int) []any {
			run, n := []uuid.UUID{StagedRun, HeldRun}[n/Engineers], n%Engineers
			last, first, middle := names(n * 7)
			number := snils(engineerNumbers + n)
			if n%2000 == 9 {
				number = snils(900_000_000 + n) // somebody new in his place
			}
			return []any{run, number, fmt.Sprintf("%05d", n), last, first, middle, sro(n), listed(n) != changed(n), entry(n)}
		})},
		{"registry_changes", columns("run_id, engineer_id, snils, kind"), count(2*Engineers, func(n int) []any {
			run, n := []uuid.UUID{StagedRun, HeldRun}[n/Engineers], n%Engineers
			switch {
			case changed(n) && listed(n):
				return []any{run, id(anEngineer, n), snils(engineerNumbers + n), "lost"}
			case changed(n):
				return []any{run, id(anEngineer, n), snils(engineerNumbers + n), "restored"}
			case n%2000 == 9:
				return []any{run, id(anEngineer, 900_000_000+n), snils(900_000_000 + n), "added"}
			}
			return nil
		})},
		{"engineer_decisions", columns("id, engineer_id, moderator_id, blocked, reason, decided_at, applied_at"), count(decisions, func(n int) []any {
			at := Now.Add(-time.Duration(n) * time.Hour)
			var applied *time.Time
			if n > 3 {
				applied = &at
			}
			return []any{id(aDecision, n), id(anEngineer, n/4*16), id(aPerson, 6), n%2 == 0, "Жалоба заказчика", at, applied}
		})},
	}
}

// each yields what is made of every order.
func each(all []deal, rows func(d *deal, yield func(...any) bool) bool) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range all {
			if !rows(&all[i], func(row ...any) bool { return yield(row) }) {
				return
			}
		}
	}
}

// steps yields what is made of every step of every order; seq counts from one.
func steps(all []deal, rows func(d *deal, s *step, seq int, yield func(...any) bool) bool) iter.Seq[[]any] {
	return each(all, func(d *deal, yield func(...any) bool) bool {
		for i := range d.steps {
			if !rows(d, &d.steps[i], i+1, yield) {
				return false
			}
		}
		return true
	})
}

func messageID(d *deal, seq int) uuid.UUID { return id(aMessage, d.n*32+seq) }
func bodyID(d *deal, seq int) uuid.UUID    { return id(aBody, d.n*32+seq) }
func fileID(d *deal, seq, n int) uuid.UUID { return id(aFile, d.n*128+seq*4+n) }
func (s *step) party(d *deal) uuid.UUID {
	if s.engineer >= 0 {
		return id(anEngineer, s.engineer)
	}
	return d.customer.id
}

func orderTables(all []deal) []table {
	return []table{
		{"orders", columns("id, number, seq, state, stage, shown_stage, cause, customer_id, customer_person_id, engineer_id, employer_id, holds, waits_for, waits_from, waits_since, " +
			"deadline, overdue, region, work_kind, price, term_days, form_id, responses, created_at, published_at, updated_at, place"), each(all, func(d *deal, yield func(...any) bool) bool {
			shown := d.stage
			if d.held {
				shown = order.Suspended
			}
			var engineer, employer, form *uuid.UUID
			if d.engineer >= 0 {
				engineer = new(id(anEngineer, d.engineer))
				if org := employerOf(d.engineer); org >= 0 {
					employer = new(id(anOrganisation, org))
				}
			}
			var published, deadline *time.Time
			place := ""
			if len(d.steps) > 1 {
				published, form = new(d.at(2)), new(bodyID(d, 2))
				place = " " + searchtext.Fold(strings.Join([]string{d.street(), d.city()}, " ")) + " "
			}
			what, from := d.waitsFor()
			if what != "" {
				deadline = new(d.updated().AddDate(0, 0, 10))
			}
			return yield(d.id, d.number(), len(d.steps), d.state(), string(d.stage), string(shown), string(d.cause), d.customer.id, id(aPerson, d.person), engineer, employer, d.holds(), what, from,
				d.updated(), deadline, d.overdue, d.region, string(d.workKind()), d.price, d.days, form, len(d.responders), d.began, published, d.updated(), place)
		})},
		{"message_bodies", columns("id, order_id, author_id, body, sha256, created_at, used"), chain(
			steps(all, func(d *deal, s *step, seq int, yield func(...any) bool) bool {
				if !s.text {
					return true
				}
				body := map[string]string{"text": "Готов выполнить работы в срок, документы во вложении."}
				if s.kind == order.Publish {
					body = map[string]string{
						"city": d.city(), "address": d.street(), "object": "Земельный участок для ведения садоводства", "contact": "Иванов И. И.",
						"phone": "+7 900 000-00-00", "requirements": "Межевой план, координаты, согласование границ с соседями и администрацией",
					}
				}
				data, _ := json.Marshal(body)
				return yield(bodyID(d, seq), d.id, id(aPerson, s.person), json.RawMessage(data), hash, d.at(seq), true)
			}),
			count(unanswered, func(n int) []any {
				d := &all[n*7]
				return []any{bodyID(d, 31), d.id, id(aPerson, d.person), json.RawMessage(`{"text": "Не отправлено"}`), hash, Now.Add(-time.Duration(n) * time.Hour), false}
			}))},
		{
			"order_messages", columns("id, order_id, seq, kind, actor_role, actor_person, actor_party, verdict, outcome, received_at, happened_at, recorded_at"),
			steps(all, func(d *deal, s *step, seq int, yield func(...any) bool) bool {
				outcome := fmt.Sprintf(`{"verdict": "applied", "kind": %q, "before": %q, "after": %q, "set": {"seq": %d, "stage": %q, "wait": {"for": "answer", "from": "engineer"}},
					"notices": [{"role": "customer", "kind": "response"}, {"role": "engineer", "kind": "chosen"}]}`, s.kind, s.before, s.after, seq, s.after)
				return yield(messageID(d, seq), d.id, seq, string(s.kind), string(s.role), id(aPerson, s.person), s.party(d), "applied", json.RawMessage(outcome), d.at(seq), d.at(seq), d.at(seq))
			}),
		},
		{"order_events", columns("order_id, seq, kind, actor_role, actor_person, actor_party, stage_before, stage_after, body_id, happened_at, recorded_at"), byTime(all)},
		{"responses", columns("order_id, engineer_id, price, term_days, revision, status, created_at, updated_at"), each(all, func(d *deal, yield func(...any) bool) bool {
			for i, e := range d.responders {
				status := "closed"
				switch {
				case d.stage == order.Selection:
					status = "open"
				case e == d.engineer:
					status = "chosen"
				}
				if !yield(d.id, id(anEngineer, e), d.price, d.days, 1, status, d.at(3+i), d.at(3+i)) {
					return false
				}
			}
			return true
		})},
		{"offers", columns("order_id, engineer_id, expires_at, created_at"), each(all, func(d *deal, yield func(...any) bool) bool {
			return d.offered() < 0 || yield(d.id, id(anEngineer, d.offered()), Now.AddDate(0, 0, 3), Now)
		})},
		{"files", columns("id, order_id, uploader_id, name, size, sha256, content_type, status, created_at, stored_at, uploader_role, uploader_party"), chain(
			steps(all, func(d *deal, s *step, seq int, yield func(...any) bool) bool {
				for k := range s.documents {
					file := fileID(d, seq, k)
					if !yield(file, d.id, id(aPerson, s.person), "документ.pdf", 1_000_000, fmt.Sprintf("%x%x", file[:], file[:]), "application/pdf", "stored", d.at(seq), d.at(seq), string(s.role), s.party(d)) {
						return false
					}
				}
				return true
			}),
			count(looseFiles, func(n int) []any {
				d := &all[Orders-1-n]
				at := Now.Add(-time.Duration(n) * time.Hour)
				if n%10 == 0 {
					return []any{fileID(d, 30, 0), d.id, id(aPerson, d.person), "документ.pdf", 1_000_000, hash, "", "uploading", at, nil, "customer", d.customer.id}
				}
				return []any{fileID(d, 30, 0), d.id, id(aPerson, d.person), "документ.pdf", 1_000_000, hash, "application/pdf", "stored", at, at, "customer", d.customer.id}
			}))},
		{"documents", columns("order_id, seq, n, kind, file_id, author_role, created_at"), steps(all, func(d *deal, s *step, seq int, yield func(...any) bool) bool {
			for k, kind := range s.documents {
				if !yield(d.id, seq, k, string(kind), fileID(d, seq, k), string(s.role), d.at(seq)) {
					return false
				}
			}
			return true
		})},
		{"order_forms", columns("order_id, author_id, form"), each(all, func(d *deal, yield func(...any) bool) bool {
			return d.stage != order.Draft || yield(d.id, id(aPerson, d.person), json.RawMessage(`{"city": "", "address": "", "files": []}`))
		})},
		{"notifications", columns("role, party_id, order_id, kind, created_at, read_at"), notifications(all)},
	}
}

// byTime are the events of all orders as they were recorded: those of orders that lived at the same time stand between each other.
func byTime(all []deal) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		const together = 500
		for first := 0; first < len(all); first += together {
			group := all[first:min(first+together, len(all))]
			for seq := 1; seq < 32; seq++ {
				for i := range group {
					d := &group[i]
					if seq > len(d.steps) {
						continue
					}
					s := &d.steps[seq-1]
					var body *uuid.UUID
					if s.text {
						body = new(bodyID(d, seq))
					}
					if !yield([]any{d.id, seq, string(s.kind), string(s.role), id(aPerson, s.person), s.party(d), string(s.before), string(s.after), body, d.at(seq), d.at(seq)}) {
						return
					}
				}
			}
		}
	}
}

// notifications are twenty of each order on average: half of them the customer's, a tenth the moderators'. Every fifth was never read,
// and of the moderators' only those of the last days were not.
func notifications(all []deal) iter.Seq[[]any] {
	const each = Notifications / Orders
	return count(Notifications, func(i int) []any {
		d, k := &all[i/each], i%each
		at := d.at(1 + k)
		read := &at
		if (i/7)%5 == 0 {
			read = nil
		}
		about := new(d.id)
		if d.stage == order.Draft {
			about = nil
		}
		switch {
		case k >= 18:
			if i < Notifications-3_000 {
				read = &at
			}
			return []any{"moderator", nil, about, "order-halted", at, read}
		case k >= 16 && d.engineer >= 0 && employerOf(d.engineer) >= 0:
			return []any{"employer", id(anOrganisation, employerOf(d.engineer)), about, "chosen", at, read}
		case k >= 10 && len(d.responders) > 0:
			return []any{"engineer", id(anEngineer, d.responders[k%len(d.responders)]), about, "accepted", at, read}
		}
		return []any{"customer", d.customer.id, about, "response", at, read}
	})
}

// traceTables are what requests, quotas, alarms and the record of what was seen leave behind.
func traceTables(all []deal) []table {
	kinds := []string{"signed-in", "signed-in", "signed-in", "order-read", "order-read", "refused", "engineer-blocked"}
	return []table{
		{"requests", columns("message_id, order_id, person_id, kind, request_sha256, created_at, signal_sha256, bytes"), chain(
			steps(all, func(d *deal, s *step, seq int, yield func(...any) bool) bool {
				return yield(messageID(d, seq), d.id, id(aPerson, s.person), string(s.kind), hash, d.at(seq), hash, 500)
			}),
			count(unanswered, func(n int) []any {
				d := &all[n*7]
				return []any{messageID(d, 31), d.id, id(aPerson, d.person), "cancel", hash, Now.Add(-time.Duration(n) * time.Minute), hash, 500}
			}))},
		{"upload_quotas", columns("person_id, order_id, day, files, bytes"), count(quotas, func(n int) []any {
			d := &all[Orders-1-n]
			return []any{id(aPerson, d.person), d.id, Now.AddDate(0, 0, -n/1000).Truncate(24 * time.Hour), 3, 3_000_000}
		})},
		{"order_alarms", columns("order_id, kind, raised_at"), count(50, func(n int) []any { return []any{all[n].id, "order-halted", Now} })},
		{"order_restarts", columns("message_id, order_id, seq, operator, reason, restarted_at"), count(50, func(n int) []any {
			return []any{messageID(&all[n], 30), all[n].id, 1, "admin", "Процесс потерян", Now}
		})},
		{"registry_decisions", columns("run_id, person_id, signal, reason_sha256, decided_at"), count(100, func(n int) []any {
			return []any{id(aRun, n+1), id(aPerson, 6), "confirm", hash, Now}
		})},
		{"security_events", columns("kind, happened_at, person_id, role, subject_kind, subject_id, address"), count(security, func(n int) []any {
			rnd := rand.New(rand.NewPCG(uint64(n), 4))
			at := Now.AddDate(-3, 0, -1).Add(time.Duration(n) * 3 * time.Minute)
			kind := kinds[n%len(kinds)]
			if kind == "order-read" {
				return []any{kind, at, id(aPerson, skewed(rnd, People)), "moderator", "order", all[rnd.IntN(Orders)].id, "192.0.2.1"}
			}
			return []any{kind, at, id(aPerson, skewed(rnd, People)), "customer", "", nil, "192.0.2.1"}
		})},
	}
}
