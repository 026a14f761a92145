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

// each yields the rows made from every order.
func each(all iter.Seq[*sampleOrder], rows func(d *sampleOrder, yield func(...any) bool) bool) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for d := range all {
			if !rows(d, func(row ...any) bool { return yield(row) }) {
				return
			}
		}
	}
}

// pointers yields the orders that are kept in memory.
func pointers(all []sampleOrder) iter.Seq[*sampleOrder] {
	return func(yield func(*sampleOrder) bool) {
		for i := range all {
			if !yield(&all[i]) {
				return
			}
		}
	}
}

// steps yields the rows made from every step of every order; seq counts from one.
func steps(all iter.Seq[*sampleOrder], rows func(d *sampleOrder, s *step, seq int, yield func(...any) bool) bool) iter.Seq[[]any] {
	return each(all, func(d *sampleOrder, yield func(...any) bool) bool {
		for i := range d.steps {
			if !rows(d, &d.steps[i], i+1, yield) {
				return false
			}
		}
		return true
	})
}

func messageID(d *sampleOrder, seq int) uuid.UUID { return id(aMessage, d.n*32+seq) }
func bodyID(d *sampleOrder, seq int) uuid.UUID    { return id(aBody, d.n*32+seq) }
func fileID(d *sampleOrder, seq, n int) uuid.UUID { return id(aFile, d.n*128+seq*4+n) }

// body returns the id of the text of the step, or nil.
func (s *step) body(d *sampleOrder, seq int) *uuid.UUID {
	if !s.text {
		return nil
	}
	return new(bodyID(d, seq))
}

func (s *step) party(d *sampleOrder) uuid.UUID {
	if s.engineer >= 0 {
		return id(anEngineer, s.engineer)
	}
	return d.customer.id
}

// ordersTable returns the rows of the orders alone.
func ordersTable(all iter.Seq[*sampleOrder]) table {
	return table{
		"orders", columns("id, number, seq, state, stage, shown_stage, cause, customer_id, customer_person_id, engineer_id, employer_id, holds, waits_for, waits_from, waits_since, " +
			"deadline, overdue, region, work_kind, price, term_date, term_days, prepayment, form_id, responses, created_at, published_at, updated_at, place"), each(all, func(d *sampleOrder, yield func(...any) bool) bool {
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
			var price *int64
			if d.price > 0 {
				price = &d.price
			}
			var days *int
			if d.date == nil {
				days = &d.days
			}
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
				d.updated(), deadline, d.overdue, d.region, string(d.workKind()), price, d.date, days, d.prepayment, form, len(d.responders), d.began, published, d.updated(), place)
		}),
	}
}

const bodyColumns = "id, order_id, author_id, body, sha256, created_at, used"

// texts yields the rows of the texts that orders' messages carry: of all kinds, or only of one.
func texts(all iter.Seq[*sampleOrder], only order.Kind) iter.Seq[[]any] {
	return steps(all, func(d *sampleOrder, s *step, seq int, yield func(...any) bool) bool {
		if !s.text || only != "" && s.kind != only {
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
	})
}

// candidatesTables returns the responses and the offers.
func candidatesTables(all iter.Seq[*sampleOrder]) []table {
	return []table{
		{"responses", columns("order_id, engineer_id, price, term_days, revision, status, created_at, updated_at"), each(all, func(d *sampleOrder, yield func(...any) bool) bool {
			for i, e := range d.responders {
				status := "closed"
				switch {
				case d.stage == order.Selection:
					status = "open"
				case e == d.engineer:
					status = "chosen"
				}
				if !yield(d.id, id(anEngineer, e), max(d.price, 100_000), d.days, 1, status, d.at(3+i), d.at(3+i)) {
					return false
				}
			}
			return true
		})},
		{"offers", columns("order_id, engineer_id, expires_at, created_at"), each(all, func(d *sampleOrder, yield func(...any) bool) bool {
			return d.offered() < 0 || yield(d.id, id(anEngineer, d.offered()), Now.AddDate(0, 0, 3), Now)
		})},
	}
}

func orderTables(orders []sampleOrder) []table {
	all := pointers(orders)
	return append([]table{
		ordersTable(all),
		{"message_bodies", columns(bodyColumns), chain(texts(all, ""),
			count(unanswered, func(n int) []any {
				d := &orders[n*7]
				return []any{bodyID(d, 31), d.id, id(aPerson, d.person), json.RawMessage(`{"text": "Не отправлено"}`), hash, Now.Add(-time.Duration(n) * time.Hour), false}
			}))},
		{
			"order_messages", columns("id, order_id, seq, kind, actor_role, actor_person, actor_party, body_id, stage_before, stage_after, verdict, outcome, received_at, happened_at, recorded_at"),
			steps(all, func(d *sampleOrder, s *step, seq int, yield func(...any) bool) bool {
				outcome := fmt.Sprintf(`{"verdict": "applied", "kind": %q, "before": %q, "after": %q, "set": {"seq": %d, "stage": %q, "wait": {"for": "answer", "from": "engineer"}},
					"notices": [{"role": "customer", "kind": "response"}, {"role": "engineer", "kind": "chosen"}]}`, s.kind, s.before, s.after, seq, s.after)
				return yield(messageID(d, seq), d.id, seq, string(s.kind), string(s.role), id(aPerson, s.person), s.party(d), s.body(d, seq), string(s.before), string(s.after),
					"applied", json.RawMessage(outcome), d.at(seq), d.at(seq), d.at(seq))
			}),
		},
		{"order_events", columns("order_id, seq, kind, actor_role, actor_person, actor_party, stage_before, stage_after, body_id, happened_at, recorded_at"), byTime(orders)},
		{"files", columns("id, order_id, uploader_id, name, size, sha256, content_type, status, created_at, stored_at, uploader_role, uploader_party"), chain(
			steps(all, func(d *sampleOrder, s *step, seq int, yield func(...any) bool) bool {
				for k := range s.documents {
					file := fileID(d, seq, k)
					if !yield(file, d.id, id(aPerson, s.person), "документ.pdf", 1_000_000, fmt.Sprintf("%x%x", file[:], file[:]), "application/pdf", "stored", d.at(seq), d.at(seq), string(s.role), s.party(d)) {
						return false
					}
				}
				return true
			}),
			count(looseFiles, func(n int) []any {
				d := &orders[Orders-1-n]
				at := Now.Add(-time.Duration(n) * time.Hour)
				if n%10 == 0 {
					return []any{fileID(d, 30, 0), d.id, id(aPerson, d.person), "документ.pdf", 1_000_000, hash, "", "uploading", at, nil, "customer", d.customer.id}
				}
				return []any{fileID(d, 30, 0), d.id, id(aPerson, d.person), "документ.pdf", 1_000_000, hash, "application/pdf", "stored", at, at, "customer", d.customer.id}
			}))},
		{"file_checks", columns("file_id, report, streebog256, streebog512, checked_at"), steps(all, func(d *sampleOrder, s *step, seq int, yield func(...any) bool) bool {
			for k := range s.documents {
				if !yield(fileID(d, seq, k), json.RawMessage(`{"part": 2, "conformance": "B"}`), hash, hash+hash, d.at(seq)) {
					return false
				}
			}
			return true
		})},
		{"documents", columns("order_id, seq, n, kind, file_id, author_role, created_at"), steps(all, func(d *sampleOrder, s *step, seq int, yield func(...any) bool) bool {
			for k, kind := range s.documents {
				if !yield(d.id, seq, k, string(kind), fileID(d, seq, k), string(s.role), d.at(seq)) {
					return false
				}
			}
			return true
		})},
		{
			"signature_checks", columns("id, order_id, document_sha256, signature_id, powers, person_id, role, party_id, valid, result, evidence, checked_at"),
			steps(all, func(d *sampleOrder, s *step, seq int, yield func(...any) bool) bool {
				for k, kind := range s.documents {
					if kind != order.DocumentContractSignature && kind != order.DocumentActSignature {
						continue
					}
					file, by := fileID(d, seq, k), json.RawMessage(`{"format": 1, "valid": true, "signer": {"name": "Иванов Иван Иванович", "snils": "11223344595"}}`)
					if !yield(file, d.id, hash, file, []string{}, id(aPerson, s.person), string(s.role), s.party(d), true, by, []string{hash}, d.at(seq)) {
						return false
					}
				}
				return true
			}),
		},
		{"signature_evidence", columns("sha256, content"), count(1, func(int) []any { return []any{hash, []byte("certificate")} })},
		{"generated_documents", columns("id, order_id, kind, person_id, engineer_id, request_sha256, form, input, created_at"), steps(all, func(d *sampleOrder, s *step, seq int, yield func(...any) bool) bool {
			for k, kind := range s.documents {
				if kind == order.DocumentContract && !yield(fileID(d, seq, k), d.id, "contract", id(aPerson, s.person), s.party(d), hash, json.RawMessage(`{"number": "Договор"}`), json.RawMessage(`{"name": "Договор"}`), d.at(seq)) {
					return false
				}
			}
			return true
		})},
		// Half of the customers sign in «Госключ».
		{"goskey_requests", columns("id, order_id, action, person_id, role, party_id, document_id, document_sha256, created_at, expires_at, goskey_order, state, signature_id, received_at, message_id, ended_at"), steps(all, func(d *sampleOrder, s *step, seq int, yield func(...any) bool) bool {
			for k, kind := range s.documents {
				if file := fileID(d, seq, k); kind == order.DocumentContractSignature && s.kind == order.SignContract && d.n%2 == 0 &&
					!yield(file, d.id, string(s.kind), id(aPerson, s.person), string(s.role), s.party(d), file, hash, d.at(seq), d.at(seq), int64(d.n), "applied", file, d.at(seq), file, d.at(seq)) {
					return false
				}
			}
			return true
		})},
		{"order_forms", columns("order_id, author_id, form"), each(all, func(d *sampleOrder, yield func(...any) bool) bool {
			return d.stage != order.Draft || yield(d.id, id(aPerson, d.person), json.RawMessage(`{"city": "", "address": "", "files": []}`))
		})},
		{"notifications", columns("role, party_id, order_id, kind, created_at, read_at"), notifications(orders)},
	}, candidatesTables(all)...)
}

// byTime yields the events of all orders in the order of recording: events of concurrent orders are
// interleaved.
func byTime(all []sampleOrder) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		const batchSize = 500
		for first := 0; first < len(all); first += batchSize {
			group := all[first:min(first+batchSize, len(all))]
			for seq := 1; seq < 32; seq++ {
				for i := range group {
					d := &group[i]
					if seq > len(d.steps) {
						continue
					}
					s := &d.steps[seq-1]
					if !yield([]any{d.id, seq, string(s.kind), string(s.role), id(aPerson, s.person), s.party(d), string(s.before), string(s.after), s.body(d, seq), d.at(seq), d.at(seq)}) {
						return
					}
				}
			}
		}
	}
}

// notifications yields on average twenty notifications for each order: half are the customer's, a
// tenth the moderators'. Every fifth is unread; of the moderators' only those of the last days are.
func notifications(all []sampleOrder) iter.Seq[[]any] {
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

// traceTables returns the tables of requests, quotas, alarms and the security log.
func traceTables(all []sampleOrder) []table {
	kinds := []string{"signed-in", "signed-in", "signed-in", "order-read", "order-read", "refused", "engineer-blocked"}
	return []table{
		{"requests", columns("message_id, order_id, person_id, kind, request_sha256, created_at, signal_sha256, bytes"), chain(
			steps(pointers(all), func(d *sampleOrder, s *step, seq int, yield func(...any) bool) bool {
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
