package grown

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Two registry runs whose snapshots have been read and compared.
var (
	// StagedRun is in progress.
	StagedRun = id(aRun, 0)
	// RunAwaitingApproval waits for an operator.
	RunAwaitingApproval = id(aRun, 1)
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
	searches   = 10_000
	banks      = 300
	security   = 500_000
)

var hash = strings.Repeat("a1", 32)

// count yields one row for each number below n.
func count(n int, row func(n int) []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for i := range n {
			if made := row(i); made != nil && !yield(made) {
				return
			}
		}
	}
}

// chain yields the rows of all sequences in turn.
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

// columns splits a comma-separated list of column names.
func columns(list string) []string { return strings.Fields(strings.ReplaceAll(list, ",", " ")) }

func tables() []table {
	all := sampleOrders()
	return slices.Concat(peopleTables(), registryTables(), profileTables(), orderTables(all), chatTables(all), traceTables(all), searchTables())
}

// searchTables returns the saved searches: those of every third have no region of their own.
func searchTables() []table {
	return []table{
		{"saved_searches", columns("id, engineer_id, name, filters, regions, notify, created_at, updated_at"), count(searches, func(n int) []any {
			chosen := []string{}
			if n%3 > 0 {
				chosen = []string{region(n), region(n / 3)}
			}
			return []any{
				id(aSearch, n), id(anEngineer, n/2*4), fmt.Sprintf("Поиск %d", n), json.RawMessage(`{"workKind": ["boundary-clarification"], "priced": true}`),
				chosen, true, Now, Now,
			}
		})},
	}
}

// partyTables returns the people and their accounts.
func partyTables() []table {
	joined := Now.AddDate(-3, 0, 0)
	return []table{
		{"people", columns("id, esia_oid, snils, last_name, first_name, middle_name, email, created_at, seen_at, same_as, active"), count(People, func(n int) []any {
			last, first, middle := names(n)
			var same *uuid.UUID
			if s := sameAs(n); s >= 0 {
				same = new(id(aPerson, s))
				last, first, middle = names(s)
			}
			return []any{id(aPerson, n), fmt.Sprint(1_000_000 + n), snilsOf(n), last, first, middle, fmt.Sprintf("p%d@example.test", n), joined, Now, same, !switchedOff(n)}
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
	}
}

func peopleTables() []table {
	joined := Now.AddDate(-3, 0, 0)
	return append(partyTables(), []table{
		// Each organisation has a head and an admitted person; the first ones have hundreds of
		// people.
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
		{"account_decisions", columns("id, person_id, moderator_id, active, reason, decided_at"), count(People, func(n int) []any {
			if n%250 > 0 {
				return nil
			}
			return []any{id(anAccountDecision, n), id(aPerson, n), id(aPerson, 6), !switchedOff(n), "Жалоба", Now.Add(-time.Duration(n) * time.Minute)}
		})},
		{"banks", columns("bic, name, place, correspondent_account, as_of"), count(banks, func(n int) []any {
			return []any{fmt.Sprintf("%09d", 44_525_225+n), fmt.Sprintf("Банк %d", n), "г. Москва", "", Now}
		})},
		{"logins", columns("state, cookie_hash, created_at, expires_at, finished_at, session_id, refused_person_id"), count(logins, func(n int) []any {
			at, login := Now.Add(-time.Duration(n)*time.Minute), id(aLogin, n)
			switch {
			case n%5 == 0:
				return []any{login, append(login[:], login[:]...), at, at.Add(10 * time.Minute), nil, nil, nil}
			case n%100 == 1:
				return []any{login, append(login[:], login[:]...), at, at.Add(10 * time.Minute), at, nil, id(aPerson, 250)}
			}
			return []any{login, append(login[:], login[:]...), at, at.Add(10 * time.Minute), at, id(aSession, n), nil}
		})},
		{"event_streams", columns("id, session_id, person_id, opened_at, seen_at"), count(streams, func(n int) []any {
			at := Now.Add(-time.Duration(n) * time.Second)
			return []any{id(aStream, n), id(aSession, n), id(aPerson, n/2), at, at}
		})},
		{"rate_buckets", columns("key, tokens, granted, refilled_at"), count(buckets, func(n int) []any {
			return []any{"person:" + id(aPerson, n).String(), 10.0, 1, Now.Add(-time.Duration(n) * time.Second)}
		})},
	}...)
}

// entry returns an engineer's entry in the registry.
func entry(n int) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"snils": %q, "status": "действующий", "sro_out_reason": "", "sro_in_date": "2019-03-%02d", "education": "высшее"}`,
		snils(engineerNumbers+n), 1+n%28))
}

func sro(n int) string {
	return fmt.Sprintf("Ассоциация СРО «Кадастровые инженеры» № %d", n%18)
}

// engineersTable returns the engineers.
func engineersTable() table {
	snapshot := Now.Add(-9 * time.Hour)
	return table{
		"engineers", columns("id, snils, registry_number, last_name, first_name, middle_name, sro, in_registry, registry_as_of, person_id, blocked, blocked_reason, " +
			"status_at, form, employer_id, employment, receives_orders, profile_complete, regions, email, ogrnip, registry_entry"), count(Engineers, func(n int) []any {
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
		}),
	}
}

func registryTables() []table {
	// The current snapshot changes one engineer in 200.
	changed := func(n int) bool { return n%200 == 7 }
	return []table{
		engineersTable(),
		{"registry_runs", columns("id, workflow_id, workflow_run_id, status, started_at, ended_at, as_of, sha256, rows"), count(runs, func(n int) []any {
			at := Now.AddDate(0, 0, -n)
			switch n {
			case 0:
				return []any{StagedRun, "registry-sync", "r", "running", at, nil, at, hash, Engineers}
			case 1:
				return []any{RunAwaitingApproval, "registry-sync", "r", "held", at, at, at, hash, Engineers}
			}
			return []any{id(aRun, n), "registry-sync", "r", "completed", at, at, at, fmt.Sprintf("%064d", n), Engineers}
		})},
		{"registry_snapshots", columns("id, as_of, rows, sha256"), count(runs, func(n int) []any {
			return []any{id(aRun, n), Now.AddDate(0, 0, -n-2), Engineers, fmt.Sprintf("%064d", n+2)}
		})},
		{"registry_staging", columns("run_id, snils, registry_number, last_name, first_name, middle_name, sro, active, entry"), count(2*Engineers, func(n int) []any {
			run, n := []uuid.UUID{StagedRun, RunAwaitingApproval}[n/Engineers], n%Engineers
			last, first, middle := names(n * 7)
			number := snils(engineerNumbers + n)
			if n%2000 == 9 {
				number = snils(900_000_000 + n) // a new person takes this place
			}
			return []any{run, number, fmt.Sprintf("%05d", n), last, first, middle, sro(n), listed(n) != changed(n), entry(n)}
		})},
		{"registry_changes", columns("run_id, engineer_id, snils, kind"), count(2*Engineers, func(n int) []any {
			run, n := []uuid.UUID{StagedRun, RunAwaitingApproval}[n/Engineers], n%Engineers
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
