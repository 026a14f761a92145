package grown_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"epkr/db/grown"
	"epkr/db/sqlcgen"
	"epkr/internal/searchtext"
	"epkr/internal/testenv"
)

// exemptions lists the queries that may exceed the limits.
var exemptions = map[string]exemption{
	"MergePeople": {long: "moves all rows of one person to another record, once"},

	"SecurityEvents": {long: "a moderator's look at a past period passes the newer events: 55 ms"},

	"StaleFiles":    {whole: hourlySweep, long: hourlySweep},
	"SweepSessions": {whole: "an index on used_at would be written at every use"},
	"SweepLogins":   {whole: "checks for every expired login whether its session exists"},

	"FindChanges":                     {whole: nightlySync, long: nightlySync},
	"LossesOfGroups":                  {whole: nightlySync, long: nightlySync},
	"ChangedEngineers":                {whole: nightlySync, long: nightlySync},
	"ApplyStaged":                     {whole: nightlySync, long: nightlySync, sometimes: true},
	"ApplyMissing":                    {whole: nightlySync, sometimes: true},
	"ClearStaging":                    {whole: nightlySync, long: nightlySync},
	"DeleteStaleStaging":              {whole: nightlySync},
	"PendingStatusNotifications":      {long: nightlySync},
	"CountPendingStatusNotifications": {long: nightlySync},
	"EngineersThere":                  {whole: "stops at the first row"},
	"CountActiveEngineers":            {long: "the first load counts all engineers once"},
}

const (
	hourlySweep = "a daily sweep checks every stored file"
	nightlySync = "the nightly sync compares the whole registry with the engineers"
)

// arguments returns several sets of arguments for every query: for accounts with the most rows, for
// accounts with few rows, and with filters set.
func arguments(t *testing.T, address string) map[string][][]any {
	t.Helper()
	one := func(query string, args ...any) uuid.UUID {
		return testenv.Scalar[uuid.UUID](t, address, query, args...)
	}
	text := func(query string, args ...any) string { return testenv.Scalar[string](t, address, query, args...) }
	var (
		now     = grown.Now
		ago     = func(d time.Duration) time.Time { return now.Add(-d) }
		day     = 24 * time.Hour
		today   = now.Truncate(day)
		hash    = strings.Repeat("b2", 32)
		token   = func(s uuid.UUID) []byte { return append(s[:], s[:]...) }
		nothing = json.RawMessage(`{}`)
		latest  = testenv.Scalar[int64](t, address, `select max(id) from order_events`)

		// Accounts with the most rows.
		customer       = one(`select customer_id from orders where stage = 'work' group by 1 order by count(*) desc limit 1`)
		customerPerson = one(`select customer_person_id from orders where customer_id = $1 limit 1`, customer)
		engineer       = one(`select engineer_id from orders where engineer_id is not null group by 1 order by count(*) desc limit 1`)
		engineerPerson = one(`select person_id from engineers where id = $1`, engineer)
		employer       = one(`select employer_id from orders where employer_id is not null group by 1 order by count(*) desc limit 1`)
		contract       = one(`select id from generated_documents limit 1`)
		inGoskey       = one(`select id from goskey_requests limit 1`)
		inGoskeyOrder  = one(`select order_id from goskey_requests where id = $1`, inGoskey)
		inGoskeyParty  = one(`select party_id from goskey_requests where id = $1`, inGoskey)
		// A document that is made and a request that waits: there are few of these at a time.
		made = one(`update generated_documents g set status = 'ready', finished_at = g.created_at, pdf_id = g.id,
				docx_id = (select f.id from files f where f.order_id = g.order_id and f.id <> g.id limit 1)
			where g.id = (select id from generated_documents where id <> $1 limit 1) returning g.pdf_id`, contract)
		awaited = one(`update goskey_requests set state = 'waiting', signature_id = null, received_at = null, message_id = null, ended_at = null
			where id = (select id from goskey_requests where id <> $1 limit 1) returning id`, inGoskey)
		mailed         = one(`select person_id from mail_addresses where confirmed_at is not null limit 1`)
		letter         = one(`select id from mails where ended_at is null and kind = 'notification' limit 1`)
		customerOfMail = one(`select p.id from parties p join mail_addresses a on a.person_id = p.person_id where a.confirmed_at is not null limit 1`)
		awaitedOrder   = one(`select order_id from goskey_requests where id = $1`, awaited)
		awaitedHash    = text(`select document_sha256 from goskey_requests where id = $1`, awaited)
		awaitedPerson  = one(`select person_id from goskey_requests where id = $1`, awaited)
		profileFile    = one(`select file_id from engineer_files where engineer_id = $1 and purpose = 'photo'`, engineer)
		// An engineer who has never signed in.
		strangerEngineer = one(`select id from engineers where person_id is null limit 1`)
		employed         = one(`select id from engineers where employer_id = $1 and employment = 'confirmed' limit 1`, employer)
		organisation     = one(`select party_id from representatives where active group by 1 order by count(*) desc, 1 limit 1`)
		represents       = one(`select person_id from representatives where party_id = $1 and active and not chief limit 1`, organisation)
		merged           = one(`select same_as from parties where same_as is not null limit 1`)
		moderator        = one(`select person_id from sessions where role = 'moderator' limit 1`)
		employment       = one(`select id from employments where engineer_id = $1`, employed)
		// Accounts with few rows.
		newcomer   = one(`select customer_id from orders group by 1 having count(*) = 1 order by 1 limit 1`)
		beginner   = one(`select engineer_id from orders where engineer_id is not null group by 1 having count(*) = 1 order by 1 limit 1`)
		lonePerson = one(`select id from people p where not exists (select from orders where customer_person_id = p.id) and not exists (select from engineers where person_id = p.id) limit 1`)

		// Orders of each kind and their rows.
		work        = one(`select id from orders where stage = 'work' and customer_id = $1 and engineer_id is not null limit 1`, customer)
		performer   = one(`select engineer_id from orders where id = $1`, work)
		completed   = one(`select id from orders where stage = 'completed' and employer_id is not null order by updated_at desc limit 1`)
		selection   = one(`select id from orders where stage = 'selection' order by responses desc, id limit 1`)
		responder   = one(`select engineer_id from responses where order_id = $1 limit 1`, selection)
		offered     = one(`select order_id from offers limit 1`)
		draft       = one(`select id from orders where stage = 'draft' and customer_id = $1 limit 1`, customer)
		author      = one(`select customer_person_id from orders where id = $1`, draft)
		state       = json.RawMessage(text(`select state::text from orders where id = $1`, work))
		message     = one(`select id from order_messages where order_id = $1 and kind = 'publish'`, work)
		body        = one(`select form_id from orders where id = $1`, work)
		file        = one(`select file_id from documents where order_id = $1 limit 1`, work)
		fileHash    = text(`select sha256 from files where id = $1`, file)
		signature   = one(`select signature_id from signature_checks where role = 'customer' limit 1`)
		signer      = one(`select party_id from signature_checks where signature_id = $1`, signature)
		signed      = text(`select document_sha256 from signature_checks where signature_id = $1`, signature)
		signatureOf = one(`select order_id from signature_checks where signature_id = $1`, signature)
		loose       = one(`select f.id from files f where order_id is not null and status = 'stored' and not exists (select from documents where file_id = f.id) limit 1`)
		looseOf     = one(`select order_id from files where id = $1`, loose)
		uploading   = one(`select id from files where order_id is not null and status = 'uploading' limit 1`)
		picture     = one(`select id from files where profile_id is not null and status = 'uploading' limit 1`)
		sent        = one(`select message_id from requests where order_id = $1 and kind = 'publish'`, work)
		restarted   = one(`select order_id from order_restarts limit 1`)

		// A long chat, and one in which a dispute is open.
		chat         = one(`select order_id from chats where seq > 100 and employer_id is not null limit 1`)
		chatEngineer = one(`select engineer_id from chats where order_id = $1 and performs`, chat)
		chatMessage  = one(`select id from chat_messages where order_id = $1 and engineer_id = $2 and seq = 3`, chat, chatEngineer)
		chatFile     = one(`select f.file_id from chat_files f join chat_messages m on m.id = f.message_id where m.order_id = $1`, chat)
		disputed     = one(`update orders set state = state || '{"dispute": {"ground": "termination", "by": "customer", "since": "2026-01-01T00:00:00Z"}}' where id = $1 returning id`, work)

		saved   = one(`select id from saved_searches limit 1`)
		savedBy = one(`select engineer_id from saved_searches where id = $1`, saved)

		// Reviews.
		shown         = one(`select engineer_id from engineer_listing limit 1`)
		reviewed      = one(`select engineer_id from reviews group by 1 order by count(*) desc limit 1`)
		review        = testenv.Scalar[int64](t, address, `select max(id) from reviews where engineer_id = $1`, reviewed)
		reviewedOrder = one(`select order_id from reviews where id = $1`, review)
		hidden        = testenv.Scalar[int64](t, address, `select review_id from review_decisions limit 1`)
		decidedOn     = one(`select id from review_decisions limit 1`)
		replied       = testenv.Scalar[int64](t, address, `select review_id from review_replies limit 1`)

		// Sign-ins.
		session = one(`select id from sessions where person_id = $1 limit 1`, customerPerson)
		entered = one(`select id from sessions where role = 'engineer' limit 1`)
		ruling  = one(`select id from sessions where role = 'moderator' limit 1`)
		login   = one(`select state from logins where finished_at is null order by expires_at desc limit 1`)
		old     = one(`select state from logins where session_id is not null limit 1`)
		stream  = one(`select id from event_streams limit 1`)
		person  = testenv.Scalar[string](t, address, `select esia_oid from people where id = $1`, customerPerson)
		snils   = text(`select snils from engineers where id = $1`, engineer)

		// The registry.
		decision = one(`select id from engineer_decisions where applied_at is null and decided_at > now() - interval '1 day' limit 1`)
		decided  = one(`select engineer_id from engineer_decisions where id = $1`, decision)
		first    = one(`select engineer_id from registry_changes where run_id = $1 order by 1 limit 1`, grown.StagedRun)
		last     = one(`select engineer_id from registry_changes where run_id = $1 order by 1 offset 99 limit 1`, grown.StagedRun)
		most     = int64(1) << 60
		lowest   = int64(-1) << 62
	)
	hundred := testenv.Column[uuid.UUID](t, address, `select id from engineers where employer_id is not null order by id limit 100`)
	none := []string{}
	everywhere := testenv.Column[string](t, address, `select distinct region from orders`)
	names := searchtext.Names("иванов андр")
	place := searchtext.Places("г. Волковск")
	firm := searchtext.Names(text(`select left(name, 20) from parties where id = $1`, employer))
	number := searchtext.Names(text(`select substr(ogrn, 3, 8) from parties where id = $1`, employer))

	accounts := func(change func(*sqlcgen.AccountsPageParams)) []any {
		p := sqlcgen.AccountsPageParams{Words: none, Moderators: []string{person}, Page: 51, Most: 201}
		if change != nil {
			change(&p)
		}
		return []any{p}
	}
	orders := func(role string, party uuid.UUID, change func(*sqlcgen.MyOrdersParams)) []any {
		p := sqlcgen.MyOrdersParams{
			Role: role, Party: party, Sort: "updated", Stages: none, Regions: none, WorkKinds: none, NumberParts: none,
			After1: lowest, After2: lowest, Page: 21,
		}
		if change != nil {
			change(&p)
		}
		return []any{p}
	}
	all := func(change func(*sqlcgen.AllOrdersParams)) []any {
		p := sqlcgen.AllOrdersParams{
			Stages: none, Regions: none, WorkKinds: none, NumberParts: none, Before: now.Add(day), BeforeID: uuid.Max, Page: 21,
		}
		if change != nil {
			change(&p)
		}
		return []any{p}
	}
	open := func(change func(*sqlcgen.OpenOrdersParams)) []any {
		p := sqlcgen.OpenOrdersParams{
			Engineer: engineer, Sort: "published", Today: today, Regions: []string{"01", "02"}, WorkKinds: none, CustomerKinds: none,
			NumberParts: none, PlaceWords: none, After1: lowest, After2: lowest, Page: 21, Most: 201,
		}
		if change != nil {
			change(&p)
		}
		return []any{p}
	}
	security := func(change func(*sqlcgen.SecurityEventsParams)) []any {
		p := sqlcgen.SecurityEventsParams{Before: most, Kinds: none, Words: none, Page: 51}
		if change != nil {
			change(&p)
		}
		return []any{p}
	}
	found := func(change func(*sqlcgen.FindEngineersParams)) []any {
		p := sqlcgen.FindEngineersParams{Sort: "rating", Words: none, Spellings: none, Regions: none, After1: lowest, Page: 21}
		if change != nil {
			change(&p)
		}
		return []any{p}
	}
	counted := func(change func(*sqlcgen.CountEngineersParams)) []any {
		p := sqlcgen.CountEngineersParams{Words: none, Spellings: none, Regions: none, Most: 201}
		if change != nil {
			change(&p)
		}
		return []any{p}
	}
	// Readers of notifications, and viewers of orders.
	type viewer struct {
		role  string
		party *uuid.UUID
	}
	viewers := []viewer{
		{"customer", &customer},
		{"customer", &newcomer},
		{"customer", &merged},
		{"engineer", &engineer},
		{"engineer", &beginner},
		{"employer", &employer},
		{"moderator", nil},
	}
	of := func(make func(v viewer) []any) (sets [][]any) {
		for _, v := range viewers {
			sets = append(sets, make(v))
		}
		return sets
	}

	ofParties := func(make func(v viewer) []any) (sets [][]any) {
		for _, v := range viewers[:len(viewers)-1] {
			sets = append(sets, make(v))
		}
		return sets
	}

	talks := func(v viewer, change func(*sqlcgen.ChatsParams)) []any {
		p := sqlcgen.ChatsParams{Role: v.role, Party: v.party, Person: customerPerson, Page: 21, EndedSince: ago(30 * day), Before: now.Add(day)}
		if change != nil {
			change(&p)
		}
		return []any{p}
	}

	return map[string][][]any{
		// chats.sql
		"Chat": {{sqlcgen.ChatParams{OrderID: chat, EngineerID: chatEngineer}}, {sqlcgen.ChatParams{OrderID: disputed, EngineerID: performer}}},
		"Chats": append(of(func(v viewer) []any { return talks(v, nil) }), of(func(v viewer) []any {
			return talks(v, func(p *sqlcgen.ChatsParams) { p.Before, p.Page = ago(400*day), 101 })
		})...),
		"ChatsOfOrder": {
			{sqlcgen.ChatsOfOrderParams{OrderID: chat, Role: "customer", Person: customerPerson}}, {sqlcgen.ChatsOfOrderParams{OrderID: selection, Role: "moderator", Person: moderator}},
		},
		"UnreadChats": of(func(v viewer) []any {
			return []any{sqlcgen.UnreadChatsParams{Role: v.role, Party: v.party, Person: engineerPerson}}
		}),
		"LockChat":            {{sqlcgen.LockChatParams{OrderID: chat, EngineerID: chatEngineer}}},
		"SentChatMessage":     {{sqlcgen.SentChatMessageParams{ID: chatMessage, OrderID: chat, EngineerID: chatEngineer}}},
		"InsertChatMessage":   {{sqlcgen.InsertChatMessageParams{OrderID: chat, EngineerID: chatEngineer, ID: uuid.New(), Side: "customer", AuthorID: customerPerson, Text: "Да", SentAt: now}}},
		"InsertChatFiles":     {{sqlcgen.InsertChatFilesParams{MessageID: chatMessage, Files: []uuid.UUID{loose}}}},
		"FilesToSend":         {{sqlcgen.FilesToSendParams{OrderID: work, EngineerID: performer, Files: []uuid.UUID{file}, Role: "customer", Party: &customer}}},
		"ChatMessages":        {{sqlcgen.ChatMessagesParams{OrderID: chat, EngineerID: chatEngineer, First: 101, Last: 150}}},
		"LastChatMessages":    {{sqlcgen.LastChatMessagesParams{Orders: []uuid.UUID{chat, work}, Engineers: []uuid.UUID{chatEngineer, performer}}}},
		"FilesOfChatMessages": {{testenv.Column[uuid.UUID](t, address, `select id from chat_messages where order_id = $1 limit 100`, chat)}},
		"ChatMessage":         {{sqlcgen.ChatMessageParams{OrderID: chat, EngineerID: chatEngineer, Seq: 7}}},
		"CorrectChatMessage":  {{sqlcgen.CorrectChatMessageParams{OrderID: chat, EngineerID: chatEngineer, Seq: 7, Text: "Нет", At: now}}},
		"WithdrawChatMessage": {{sqlcgen.WithdrawChatMessageParams{OrderID: chat, EngineerID: chatEngineer, Seq: 7, At: now}}},
		"ChatTexts":           {{chatMessage}},
		"ReadMarks":           {{sqlcgen.ReadMarksParams{OrderID: chat, EngineerID: chatEngineer, Role: "customer", Person: customerPerson, Other: "engineer"}}},
		"MarkChatRead":        {{sqlcgen.MarkChatReadParams{OrderID: chat, EngineerID: chatEngineer, Role: "employer", Person: customerPerson, Seq: 5, At: now}}},
		"ReadingTold":         {{sqlcgen.ReadingToldParams{OrderID: chat, EngineerID: chatEngineer, DisputeAt: now}}},
		"FileInChat":          {{sqlcgen.FileInChatParams{FileID: chatFile, OrderID: chat, EngineerID: chatEngineer}}},
		// admissions.sql
		"AuthorityOf":                   {{sqlcgen.AuthorityOfParams{PersonID: represents, PartyID: organisation}}},
		"LockAuthority":                 {{sqlcgen.LockAuthorityParams{PersonID: represents, PartyID: organisation}}},
		"OrganisationPeople":            {{sqlcgen.OrganisationPeopleParams{PartyID: organisation, After1: lowest, Page: 51}}},
		"AdmissionHistory":              {{sqlcgen.AdmissionHistoryParams{PartyID: organisation, Before: most, Page: 51}}},
		"LockRepresentative":            {{sqlcgen.LockRepresentativeParams{PartyID: organisation, PersonID: represents}}},
		"InsertAdmission":               {{sqlcgen.InsertAdmissionParams{PartyID: organisation, PersonID: represents, Cause: "head", DecidedBy: &customerPerson, DecidedAt: now}}},
		"SetAdmission":                  {{sqlcgen.SetAdmissionParams{PartyID: organisation, PersonID: represents}}},
		"ClearRoleOfSessions":           {{sqlcgen.ClearRoleOfSessionsParams{PersonID: customerPerson, PartyID: &customer, Roles: []string{"customer"}}}},
		"NotifyPerson":                  {{sqlcgen.NotifyPersonParams{Kind: "admitted", CreatedAt: now, PersonID: &customerPerson}}},
		"OrganisationsWithoutAdmission": {{represents}, {lonePerson}},

		"LockEmploymentParties": {{sqlcgen.LockEmploymentPartiesParams{EmployerID: employer, EngineerID: beginner}}, {sqlcgen.LockEmploymentPartiesParams{EmployerID: organisation, EngineerID: employed}}},
		"LockEmployment":        {{employment}},
		"Employment":            {{employment}},
		"EmploymentOf":          {{sqlcgen.EmploymentOfParams{EngineerID: employed, EmployerID: employer}}},
		"EmploymentsOf":         {{sqlcgen.EmploymentsOfParams{EngineerID: employed, Page: 50}}},
		"Staff": {
			{sqlcgen.StaffParams{EmployerID: employer, Statuses: none, After1: lowest, Page: 21}},
			{sqlcgen.StaffParams{EmployerID: employer, Statuses: []string{"pending", "suspended"}, After1: lowest, Page: 21}},
		},
		"StaffMember":      {{employment}},
		"EmploymentEvents": {{sqlcgen.EmploymentEventsParams{EmploymentID: employment, Before: most, Page: 51}}},
		"FindEmployers": {
			{sqlcgen.FindEmployersParams{Search: firm.Index, Words: firm.All, EngineerID: employed, Page: 20}},
			{sqlcgen.FindEmployersParams{Search: number.Index, Words: number.All, EngineerID: employed, Page: 20}},
		},
		"EmployerExists":    {{employer}},
		"EngineersToEmploy": {{sqlcgen.EngineersToEmployParams{Search: names.Index, Words: names.All, EmployerID: employer, Page: 20}}},
		"EngineerSignedIn":  {{engineer}},
		"OtherEmployer":     {{sqlcgen.OtherEmployerParams{EngineerID: employed, EmployerID: organisation}}},
		"OtherRequest":      {{sqlcgen.OtherRequestParams{EngineerID: employed, EmployerID: organisation}}},
		"AskEmployment":     {{sqlcgen.AskEmploymentParams{ID: uuid.New(), EngineerID: beginner, EmployerID: organisation, AskedBy: "employer", At: now}}},
		"MoveEmployment":    {{sqlcgen.MoveEmploymentParams{ID: employment, Status: "suspended", At: now, Stands: true, PersonID: customerPerson}}},
		"CloseOtherRequests": {
			{sqlcgen.CloseOtherRequestsParams{EngineerID: employed, ID: employment, At: now}},
		},
		"InsertEmploymentEvent":  {{sqlcgen.InsertEmploymentEventParams{ID: uuid.New(), EmploymentID: employment, Kind: "asked", Role: "employer", PersonID: &customerPerson, HappenedAt: now}}},
		"EmploymentEventExists":  {{uuid.New()}},
		"InsertEmploymentAnswer": {{sqlcgen.InsertEmploymentAnswerParams{EmploymentID: employment, OrderID: work, StatusAt: now, Answer: "hold"}}},
		"ApplyEmploymentFacts":   {{employed}, {engineer}},
		"TieWorkDocument":        {{employed}, {engineer}},
		"LiveOrders":             {{sqlcgen.LiveOrdersParams{EngineerID: &performer, EmployerID: &employer}}, {sqlcgen.LiveOrdersParams{EngineerID: &engineer, EmployerID: &employer}}},
		"LiveOrderStages":        {{sqlcgen.LiveOrderStagesParams{EngineerID: &engineer, EmployerID: &employer}}},
		"EmployerDecision":       {{sqlcgen.EmployerDecisionParams{EngineerID: employed, EmployerID: employer, OrderID: work}}},
		"NotifyParty":            {{sqlcgen.NotifyPartyParams{Role: "employer", PartyID: &employer, Kind: "staff-employer-asked", CreatedAt: now}}},
		"NameOfEmployer":         {{employer}},
		"NameOfEngineer":         {{engineer}},
		"LockEmployer":           {{employer}},
		"SetEmployer":            {{sqlcgen.SetEmployerParams{ID: employer, IsEmployer: true}}},
		"EmployerState":          {{employer}},
		"CarryEmployments":       {{}},

		// bodies.sql, forms.sql
		"InsertBody":         {{sqlcgen.InsertBodyParams{ID: uuid.New(), OrderID: work, AuthorID: customerPerson, Body: nothing, Sha256: hash}}},
		"DeleteUnusedBodies": {{ago(2 * day)}},
		"Form":               {{draft}},
		"SaveForm":           {{sqlcgen.SaveFormParams{OrderID: draft, AuthorID: author, Form: nothing, Version: 1}}},

		// bounds.sql
		"TakeTokens":        {{sqlcgen.TakeTokensParams{Key: "person:" + lonePerson.String(), PerSecond: 1, Burst: 10, Want: 1}}},
		"SweepBuckets":      {{ago(5 * time.Hour)}},
		"LockStreamsOf":     {{customerPerson.String()}},
		"OpenStream":        {{sqlcgen.OpenStreamParams{ID: uuid.New(), SessionID: session, PersonID: customerPerson}}},
		"ReplaceStreams":    {{sqlcgen.ReplaceStreamsParams{PersonID: customerPerson, Stale: ago(time.Minute), OfPerson: 4, SessionID: session, OfSession: 2}}},
		"TouchStream":       {{stream}},
		"CloseStream":       {{stream}},
		"SweepStreams":      {{ago(5 * time.Minute)}},
		"EndOldestSessions": {{sqlcgen.EndOldestSessionsParams{PersonID: customerPerson, Kept: 10}}},
		"SweepUploadQuotas": {{ago(2 * day)}},

		// engineers.sql
		"FindEngineers": {
			found(nil),
			found(func(p *sqlcgen.FindEngineersParams) { p.Sort = "name" }),
			found(func(p *sqlcgen.FindEngineersParams) { p.Sort, p.WorkKind = "price", "map-plan" }),
			found(func(p *sqlcgen.FindEngineersParams) { p.Sort, p.After1, p.AfterName = "completed", -1, "м" }),
			found(func(p *sqlcgen.FindEngineersParams) { p.Names, p.Words = names.Index, names.All }),
			found(func(p *sqlcgen.FindEngineersParams) {
				p.Spelling, p.Spellings = "иваонв| иванов ", []string{"иваонв| иванов "}
			}),
			found(func(p *sqlcgen.FindEngineersParams) {
				p.Sort, p.Regions, p.WorkKind, p.RatingFrom, p.PriceTo = "experience", []string{"01"}, "map-plan", 450, 1_000_000
			}),
		},
		"CountEngineers": {
			counted(nil),
			counted(func(p *sqlcgen.CountEngineersParams) { p.Names, p.Words = names.Index, names.All }),
			counted(func(p *sqlcgen.CountEngineersParams) {
				p.WorkKind, p.RatingFrom, p.PriceTo, p.SinceTo = "map-plan", 500, 100_000, 1990
			}),
		},
		"StatisticsOfEngineers": {{hundred[:1]}, {hundred}},

		"SimilarNames":         {{searchtext.Spellings("иваонв")}},
		"EngineerLines":        {{sqlcgen.EngineerLinesParams{Ids: hundred[:1], Unlisted: true}}, {sqlcgen.EngineerLinesParams{Ids: hundred}}},
		"EngineerStatistics":   {{engineer}},
		"PublicProfile":        {{shown}},
		"RegistryAsOf":         {{}},
		"WorksOf":              {{shown}},
		"PublicFiles":          {{shown}},
		"ReviewsOf":            {{sqlcgen.ReviewsOfParams{EngineerID: reviewed, Before: most, Page: 11}}},
		"MarksOf":              {{reviewed}},
		"ReviewDecisionsOn":    {{[]int64{review, hidden}}},
		"ModeratedReviews":     {{sqlcgen.ModeratedReviewsParams{Before: most, Page: 11}}, {sqlcgen.ModeratedReviewsParams{Before: most, Hidden: true, Page: 11}}, {sqlcgen.ModeratedReviewsParams{Before: most, Changed: true, Page: 11}}, {sqlcgen.ModeratedReviewsParams{Before: most, EngineerID: &reviewed, Page: 11}}},
		"InsertReviewNotice":   {{sqlcgen.InsertReviewNoticeParams{Role: "customer", PartyID: &customer, OrderID: &work, ReviewID: &review, Kind: "review-replied", CreatedAt: now}}},
		"LockReview":           {{review}},
		"LastReply":            {{replied}},
		"InsertReply":          {{sqlcgen.InsertReplyParams{ReviewID: review, Version: 9, PersonID: engineerPerson, Content: "Спасибо", CreatedAt: now}}},
		"InsertReviewDecision": {{sqlcgen.InsertReviewDecisionParams{ID: uuid.New(), ReviewID: review, Subject: "review", Hidden: true, Rule: "insult", Reason: "Оскорбление", ModeratorID: moderator, DecidedAt: now}}},
		"ReviewDecision":       {{decidedOn}},
		"ReviewOfOrder":        {{reviewedOrder}},
		"OrdersInSelection":    {{sqlcgen.OrdersInSelectionParams{Party: customer, Page: 20}}},

		// profiles.sql
		"RefreshCompleteness": {{[]uuid.UUID{engineer, beginner}}},
		"OwnProfile":          {{engineer}, {employed}},
		"WorkDocument":        {{engineer}, {employed}},
		"FilesOfProfile":      {{engineer}},
		"ProfileState":        {{engineer}},
		"SaveProfile":         {{sqlcgen.SaveProfileParams{EngineerID: engineer, Experience: "С 2010 года", UpdatedAt: now}}},
		"SaveContacts":        {{sqlcgen.SaveContactsParams{ID: engineer, Regions: []string{"77"}, Email: "a@example.ru", Phone: "+79001234567"}}},
		"SaveWorkDocument":    {{sqlcgen.SaveWorkDocumentParams{EngineerID: engineer, DocumentName: "Договор", DocumentDate: &today, UpdatedAt: now}}},
		"SaveFormOfWork":      {{sqlcgen.SaveFormOfWorkParams{ID: beginner, Form: "employee"}}},
		"SetReceiving":        {{sqlcgen.SetReceivingParams{ID: engineer, ReceivesOrders: true}}},
		"DeleteWorks":         {{engineer}},
		"InsertWorks":         {{sqlcgen.InsertWorksParams{EngineerID: strangerEngineer, Kinds: []string{"map-plan"}, Prices: []int64{0}}}},
		"StoredProfileFiles":  {{sqlcgen.StoredProfileFilesParams{ProfileID: engineer, Ids: []uuid.UUID{profileFile}}}},
		"ReleaseProfileFiles": {{sqlcgen.ReleaseProfileFilesParams{EngineerID: engineer, Purposes: []string{"photo"}}}},
		"NameProfileFiles":    {{sqlcgen.NameProfileFilesParams{EngineerID: engineer, Files: []uuid.UUID{file}, Purposes: []string{"sample"}, Titles: []string{""}, Positions: []int32{1}}}},
		"EngineerVisibility":  {{sqlcgen.EngineerVisibilityParams{EngineerID: engineer, Viewer: &customer}}, {sqlcgen.EngineerVisibilityParams{EngineerID: beginner, Viewer: &newcomer}}, {sqlcgen.EngineerVisibilityParams{EngineerID: employed, Viewer: &employer}}},
		"PhotoOf":             {{engineer}},

		// files.sql
		"InsertFile": {{sqlcgen.InsertFileParams{
			ID: uuid.New(), OrderID: &work, UploaderID: customerPerson, UploaderRole: "customer", UploaderParty: &customer, Name: "план.pdf",
			Size: 1, Sha256: hash, CreatedAt: now, Day: today, MaxBytes: 1 << 40, MaxFiles: 100,
		}}},
		"File":                   {{sqlcgen.FileParams{ID: file, Place: work}}, {sqlcgen.FileParams{ID: profileFile, Place: engineer}}},
		"SetContentType":         {{sqlcgen.SetContentTypeParams{ID: uploading, ContentType: "image/png"}}},
		"CheckedProfileFile":     {{profileFile}},
		"MarkProfileFileStored":  {{sqlcgen.MarkProfileFileStoredParams{ID: picture, PictureSha256: hash, ThumbnailSha256: hash, StoredAt: &now}}},
		"UnreferencedFiles":      {{sqlcgen.UnreferencedFilesParams{OrderID: looseOf, Everybody: true, Page: 51}}, {sqlcgen.UnreferencedFilesParams{OrderID: work, UploaderRole: "customer", UploaderParty: &customer, Page: 51}}},
		"CheckFile":              {{uploading}},
		"DeclaredFile":           {{file}},
		"MarkFileStored":         {{sqlcgen.MarkFileStoredParams{ID: uploading, ContentType: "application/pdf", StoredAt: &now}}},
		"InsertFileCheck":        {{sqlcgen.InsertFileCheckParams{FileID: uploading, Report: json.RawMessage(`{}`), Streebog256: hash, Streebog512: hash + hash, CheckedAt: now}}},
		"RejectFile":             {{sqlcgen.RejectFileParams{ID: uploading, Problem: "Файл повреждён."}}},
		"LockFile":               {{file}},
		"DeleteFile":             {{loose}},
		"OtherFileHasHash":       {{sqlcgen.OtherFileHasHashParams{Hash: fileHash, ID: file}}},
		"NewestDocuments":        {{sqlcgen.NewestDocumentsParams{OrderID: completed, Page: 6}}},
		"DocumentsFrom":          {{sqlcgen.DocumentsFromParams{OrderID: completed, Party: true, Page: 51}}},
		"DocumentsOfEvents":      {{sqlcgen.DocumentsOfEventsParams{OrderID: completed, First: 1, Last: 20}}},
		"DocumentsOfFile":        {{sqlcgen.DocumentsOfFileParams{FileID: file, OrderID: work}}},
		"StaleFiles":             {{sqlcgen.StaleFilesParams{Before: ago(day), UnnamedBefore: ago(30 * day), Page: 500}}},
		"DeleteUnreferencedFile": {{loose}},
		"LockHash":               {{hash}},

		// generated.sql
		"InsertGenerated": {{sqlcgen.InsertGeneratedParams{
			ID: uuid.New(), OrderID: work, Kind: "contract", PersonID: customerPerson, EngineerID: performer, RequestSha256: hash, Form: nothing, Input: nothing, CreatedAt: now,
		}}},
		"Generated":            {{contract}},
		"GeneratedRequest":     {{contract}},
		"GeneratedInput":       {{made}},
		"ContractSignedAt":     {{completed}},
		"LastGeneratedForm":    {{sqlcgen.LastGeneratedFormParams{OrderID: work, EngineerID: performer, Kind: "contract"}}},
		"GeneratedOfPerformer": {{sqlcgen.GeneratedOfPerformerParams{OrderID: work, EngineerID: performer}}, {sqlcgen.GeneratedOfPerformerParams{OrderID: work, EngineerID: performer, ID: &contract}}},
		"FinishGenerated":      {{sqlcgen.FinishGeneratedParams{ID: contract, Status: "failed", Problem: "Символ нельзя напечатать.", FinishedAt: &now}}},
		"InsertMadeFile": {{sqlcgen.InsertMadeFileParams{
			ID: uuid.New(), OrderID: work, UploaderID: customerPerson, UploaderRole: "engineer", UploaderParty: performer, Name: "Договор.pdf", ContentType: "application/pdf", Size: 1, Sha256: hash, StoredAt: now,
		}}},
		"ContractSides": {{sqlcgen.ContractSidesParams{CustomerID: customer, EngineerID: engineer}}, {sqlcgen.ContractSidesParams{CustomerID: newcomer, EngineerID: employed}}},

		// goskey.sql
		"InsertGoskeyRequest": {{sqlcgen.InsertGoskeyRequestParams{
			ID: uuid.New(), OrderID: work, Action: "sign-act", PersonID: lonePerson, Role: "customer", PartyID: customer, DocumentID: file,
			DocumentSha256: hash, CreatedAt: now, ExpiresAt: now.Add(day),
		}}},
		"GoskeyRequest":         {{inGoskey}},
		"GoskeyRequestsOf":      {{sqlcgen.GoskeyRequestsOfParams{OrderID: inGoskeyOrder, PartyID: inGoskeyParty}}},
		"OpenGoskeyRequest":     {{sqlcgen.OpenGoskeyRequestParams{OrderID: awaitedOrder, PersonID: awaitedPerson, DocumentSha256: awaitedHash}}},
		"ReserveGoskeyOrder":    {{sqlcgen.ReserveGoskeyOrderParams{GoskeyOrder: 1, ID: inGoskey}}},
		"SetGoskeyState":        {{sqlcgen.SetGoskeyStateParams{State: "waiting", ID: inGoskey}}},
		"SetGoskeySignature":    {{sqlcgen.SetGoskeySignatureParams{SignatureID: file, ReceivedAt: now, ID: inGoskey}}},
		"NotifyOfGoskey":        {{inGoskey}},
		"EndGoskeyRequest":      {{sqlcgen.EndGoskeyRequestParams{State: "failed", Reason: "Сбой.", EndedAt: now, ID: inGoskey}}},
		"WaitingGoskeyRequests": {{[]int64{1, 2, 3}}},
		"GoskeyWaits":           {{}},

		// messages.sql
		"LockOrderRequests": {{work.String()}},
		"InsertRequest": {{sqlcgen.InsertRequestParams{
			MessageID: uuid.New(), OrderID: work, PersonID: customerPerson, Kind: "cancel", RequestSha256: hash, CreatedAt: now, SignalSha256: &hash,
			Bytes: 100, Since: ago(day), Lately: ago(time.Minute),
		}}},
		"MarkSignalFailed": {{sqlcgen.MarkSignalFailedParams{At: &now, MessageID: sent}}},
		"ResignRequest":    {{sqlcgen.ResignRequestParams{SignalSha256: &hash, MessageID: sent}}},
		"RequestByID":      {{sent}},
		"Verdict":          {{message}},
		"LockDraftsOf":     {{customer.String()}},
		"CountDrafts":      {{sqlcgen.CountDraftsParams{Party: customer, PersonID: customerPerson, Since: ago(day)}}},

		// moderation.sql
		// accounts.sql
		"AccountsPage": {
			accounts(nil),
			accounts(func(p *sqlcgen.AccountsPageParams) { p.AfterName = "петров" }),
			accounts(func(p *sqlcgen.AccountsPageParams) { p.Status = "active" }),
			accounts(func(p *sqlcgen.AccountsPageParams) { p.Status = "off" }),
			accounts(func(p *sqlcgen.AccountsPageParams) { p.Role = "engineer" }),
			accounts(func(p *sqlcgen.AccountsPageParams) { p.Role = "employer" }),
			accounts(func(p *sqlcgen.AccountsPageParams) { p.Role = "moderator" }),
			accounts(func(p *sqlcgen.AccountsPageParams) {
				p.Searching, p.Search, p.Words = true, names.Index, names.All
			}),
			accounts(func(p *sqlcgen.AccountsPageParams) { p.Searching, p.Number = true, "1000000000007" }),
			accounts(func(p *sqlcgen.AccountsPageParams) { p.Searching, p.Snils = true, "11223344595" }),
		},
		"AccountOverview":       {{sqlcgen.AccountOverviewParams{ID: customerPerson, Now: now, IdleSince: ago(day)}}, {sqlcgen.AccountOverviewParams{ID: engineerPerson, Now: now, IdleSince: ago(day)}}},
		"AccountOrganisations":  {{represents}},
		"AccountDecision":       {{one(`select id from account_decisions limit 1`)}},
		"AccountDecisions":      {{sqlcgen.AccountDecisionsParams{PersonID: customerPerson, After1: lowest, Page: 51}}},
		"LastConsent":           {{customerPerson}},
		"LockAccount":           {{engineerPerson}},
		"InsertAccountDecision": {{sqlcgen.InsertAccountDecisionParams{ID: uuid.New(), PersonID: customerPerson, ModeratorID: moderator, Reason: "Причина", DecidedAt: now}}},
		"SwitchAccount":         {{sqlcgen.SwitchAccountParams{ID: customerPerson}}},
		"RefuseLogin":           {{sqlcgen.RefuseLoginParams{State: login, PersonID: &customerPerson}}},
		"RefusedLogin":          {{sqlcgen.RefusedLoginParams{CookieHash: token(one(`select state from logins where refused_person_id is not null limit 1`)), Now: ago(30 * day)}}},

		// searches.sql
		"SavedSearches":  {{engineer}},
		"SavedSearch":    {{sqlcgen.SavedSearchParams{ID: saved, EngineerID: savedBy}}},
		"LockSearchesOf": {{engineer.String()}},
		"CountSearches":  {{engineer}},
		"InsertSavedSearch": {{sqlcgen.InsertSavedSearchParams{
			ID: uuid.New(), EngineerID: engineer, Name: "Поиск", Filters: nothing, Regions: none, PlaceWords: none, NumberParts: none, CreatedAt: now,
		}}},
		"UpdateSavedSearch": {{sqlcgen.UpdateSavedSearchParams{
			ID: saved, EngineerID: savedBy, Version: 1, Name: "Другой поиск", Filters: nothing, Regions: none, PlaceWords: none, NumberParts: none, UpdatedAt: now,
		}}},
		"DeleteSavedSearch":    {{sqlcgen.DeleteSavedSearchParams{ID: saved, EngineerID: savedBy}}},
		"AnnouncedOrders":      {{int32(100)}},
		"ForgetAnnouncedOrder": {{sqlcgen.ForgetAnnouncedOrderParams{OrderID: selection, AnnouncedAt: now}}},
		"NotifySavedSearches":  {{sqlcgen.NotifySavedSearchesParams{OrderID: selection, At: now}}},
		"FoundNotices":         {{sqlcgen.FoundNoticesParams{OrderID: &selection, Parties: hundred}}},

		"EngineersPage": {
			{sqlcgen.EngineersPageParams{Words: none, Page: 51}},
			{sqlcgen.EngineersPageParams{Words: none, AfterName: "петров", Page: 51}},
			{sqlcgen.EngineersPageParams{Words: none, Status: "active", Page: 51}},
			{sqlcgen.EngineersPageParams{Words: none, Status: "blocked", Page: 51}},
			{sqlcgen.EngineersPageParams{Words: none, Status: "unlisted", Page: 51}},
			{sqlcgen.EngineersPageParams{Words: none, Snils: snils, Page: 51}},
			{sqlcgen.EngineersPageParams{Search: names.Index, Words: names.All, Page: 51}},
		},
		"EngineerOverview": {{engineer}},
		"DecisionsOn":      {{sqlcgen.DecisionsOnParams{EngineerID: decided, After1: lowest, Page: 51}}},
		"RunsPage":         {{sqlcgen.RunsPageParams{After1: lowest, Verdicts: none, Page: 51}}, {sqlcgen.RunsPageParams{After1: lowest, Verdicts: []string{"held"}, StartedFrom: new(ago(30 * day)), Page: 51}}},
		"OrdersOfLost":     {{grown.RunAwaitingApproval}},

		// notifications.sql
		"Notifications": append(of(func(v viewer) []any {
			return []any{sqlcgen.NotificationsParams{Role: v.role, PartyID: v.party, Before: most, Page: 21}}
		}), of(func(v viewer) []any {
			return []any{sqlcgen.NotificationsParams{Role: v.role, PartyID: v.party, Before: most, Unread: true, Page: 21}}
		})...),
		"UnreadNotifications": of(func(v viewer) []any { return []any{sqlcgen.UnreadNotificationsParams{Role: v.role, PartyID: v.party}} }),
		"Notice":              {{int64(1)}},
		"ReadNotifications": append(of(func(v viewer) []any {
			return []any{sqlcgen.ReadNotificationsParams{ReadAt: &now, Role: v.role, PartyID: v.party, UpTo: most, OrderID: &work}}
		}), of(func(v viewer) []any {
			return []any{sqlcgen.ReadNotificationsParams{ReadAt: &now, Role: v.role, PartyID: v.party, UpTo: most}}
		})...),

		// mail.sql
		"MailAddress":       {{mailed}},
		"SetMailAddress":    {{sqlcgen.SetMailAddressParams{PersonID: mailed, Address: "a@example.test", AskedAt: now}}},
		"DeleteMailAddress": {{mailed}},
		"SetMailTopics": {{sqlcgen.SetMailTopicsParams{
			PersonID: mailed, Action: "now", Progress: "daily", Found: "daily", Account: "never", Stopped: true, At: &now,
		}}},
		"ConfirmMailAddress":     {{sqlcgen.ConfirmMailAddressParams{PersonID: mailed, Version: 1, At: &now}}},
		"StopMail":               {{sqlcgen.StopMailParams{PersonID: mailed, At: &now}}},
		"RefuseMailAddress":      {{sqlcgen.RefuseMailAddressParams{PersonID: mailed, Version: 1, At: &now, Refusal: "550"}}},
		"CountConfirmationMails": {{sqlcgen.CountConfirmationMailsParams{PersonID: mailed, Since: ago(10_000 * day)}}},
		"UnmailedNotifications":  {{int32(200)}},
		"MailReaders": {
			{sqlcgen.MailReadersParams{Role: "customer", PartyID: &customerOfMail, Moderators: none}},
			{sqlcgen.MailReadersParams{Role: "customer", PartyID: &organisation, Moderators: none}},
			{sqlcgen.MailReadersParams{Role: "employer", PartyID: &employer, Moderators: none}},
			{sqlcgen.MailReadersParams{Role: "engineer", PartyID: &engineer, Moderators: none}},
			{sqlcgen.MailReadersParams{Role: "moderator", Moderators: []string{person}}},
		},
		"InsertMail":          {{sqlcgen.InsertMailParams{ID: uuid.New(), PersonID: mailed, Kind: "notification", CreatedAt: now}}},
		"DigestOf":            {{sqlcgen.DigestOfParams{ID: uuid.New(), PersonID: mailed, Day: &today, CreatedAt: now, DueAt: now}}},
		"AddToMail":           {{sqlcgen.AddToMailParams{MailID: letter, NotificationID: 1}}},
		"ForgetUnmailed":      {{[]int64{1_999_000, 1_999_001, 1_999_002}}},
		"ForgetOldUnmailed":   {{ago(10_000 * day)}},
		"ClaimMail":           {{sqlcgen.ClaimMailParams{Now: now.Add(1000 * day), Again: now.Add(1001 * day)}}},
		"NotificationsOfMail": {{letter}},
		"EndMail":             {{sqlcgen.EndMailParams{ID: letter, At: &now, Outcome: "sent"}}},
		"RetryMail":           {{sqlcgen.RetryMailParams{ID: letter, DueAt: now, Answer: "451"}}},
		"DeleteOldMails":      {{new(ago(10_000 * day))}},
		"MailBacklog":         {{now}},

		// orders.sql
		"OrderParties":           {{work}},
		"EngineerInOrder":        {{sqlcgen.EngineerInOrderParams{ID: selection, Engineer: responder}}},
		"Order":                  {{work}, {draft}},
		"EngineerEligibility":    {{engineer}},
		"EngineerNames":          {{hundred[:1]}, {hundred}},
		"EligibilityOfEngineers": {{hundred[:1]}, {hundred}},
		"Candidates": {
			{sqlcgen.CandidatesParams{Search: names.Index, Words: names.All, Region: "01", Page: 20}},
			{sqlcgen.CandidatesParams{Words: none, Region: "01", Page: 20}},
		},
		"Colleagues": {
			{sqlcgen.ColleaguesParams{Search: names.Index, Words: names.All, Region: "01", EmployerID: employer, Page: 20}},
			{sqlcgen.ColleaguesParams{Words: none, Region: "01", EmployerID: employer, Page: 20}},
		},
		"PartyNames":       {{[]uuid.UUID{customer, employer}}},
		"JoinedAt":         {{work}},
		"ResponseTexts":    {{sqlcgen.ResponseTextsParams{OrderID: selection, Engineers: []uuid.UUID{responder}}}},
		"LastTexts":        {{sqlcgen.LastTextsParams{OrderID: work, Kinds: []string{"publish", "moderator-status", "submit-results"}}}},
		"EmploysCandidate": {{sqlcgen.EmploysCandidateParams{EmployerID: &employer, OrderID: selection}}},
		"TookPart":         {{sqlcgen.TookPartParams{OrderID: selection, EngineerID: responder}}},
		"Events":           {{sqlcgen.EventsParams{OrderID: completed, Published: none, Party: true, Page: 51}}, {sqlcgen.EventsParams{OrderID: selection, Published: []string{"publish"}, Own: &responder, Page: 51}}},
		"MyOrders": append(append(ofParties(func(v viewer) []any { return orders(v.role, *v.party, nil) }), ofParties(func(v viewer) []any {
			return orders(v.role, *v.party, func(p *sqlcgen.MyOrdersParams) { p.Sort = "deadline" })
		})...),
			orders("customer", customer, func(p *sqlcgen.MyOrdersParams) { p.NumberParts = searchtext.Number("000123").All }),
			orders("customer", customer, func(p *sqlcgen.MyOrdersParams) { p.Stages, p.Overdue = []string{"work"}, true }),
			orders("engineer", engineer, func(p *sqlcgen.MyOrdersParams) { p.Regions = []string{"01"} }),
			orders("employer", employer, func(p *sqlcgen.MyOrdersParams) { p.Engineer = &employed }),
		),
		"AllOrders": {
			all(nil),
			all(func(p *sqlcgen.AllOrdersParams) { p.Before = ago(700 * day) }),
			all(func(p *sqlcgen.AllOrdersParams) { p.NumberParts = searchtext.Number("000123").All }),
			all(func(p *sqlcgen.AllOrdersParams) { p.Stages = []string{"suspended"} }),
			all(func(p *sqlcgen.AllOrdersParams) { p.Stages = []string{"completed", "work"} }),
			all(func(p *sqlcgen.AllOrdersParams) {
				p.Regions, p.WorkKinds = []string{"01", "02"}, []string{"boundary-plan"}
			}),
			all(func(p *sqlcgen.AllOrdersParams) { p.Overdue = true }),
			all(func(p *sqlcgen.AllOrdersParams) { p.Engineer = &engineer }),
			all(func(p *sqlcgen.AllOrdersParams) { p.Engineer = &beginner }),
			all(func(p *sqlcgen.AllOrdersParams) { p.PublishedFrom = new(ago(7 * day)) }),
		},
		"OpenOrders": {
			open(nil),
			open(func(p *sqlcgen.OpenOrdersParams) { p.Engineer = employed }),
			open(func(p *sqlcgen.OpenOrdersParams) { p.Sort = "urgency" }),
			open(func(p *sqlcgen.OpenOrdersParams) { p.PlaceWords = place.All }),
			open(func(p *sqlcgen.OpenOrdersParams) { p.Regions = everywhere }),
			open(func(p *sqlcgen.OpenOrdersParams) {
				p.CustomerKinds, p.Priced, p.WithoutResponses = []string{"organisation"}, true, true
			}),
			open(func(p *sqlcgen.OpenOrdersParams) { p.NumberParts = searchtext.Number("000123").All }),
		},
		"Audience":    {{selection}, {work}, {offered}},
		"EventAt":     {{sqlcgen.EventAtParams{OrderID: work, Seq: 2}}},
		"LastNotices": {{&work}},
		"ReplayFrom":  {{sqlcgen.ReplayFromParams{After: latest - 100, Floor: latest - 10_100}}, {sqlcgen.ReplayFromParams{After: latest / 2, Floor: latest/2 - 10_000}}},
		"EventsFrom": append(of(func(v viewer) []any {
			return []any{sqlcgen.EventsFromParams{After: latest - 100, Role: v.role, Party: v.party, Page: 200}}
		}), of(func(v viewer) []any {
			return []any{sqlcgen.EventsFromParams{After: latest - 10_000, Role: v.role, Party: v.party, Page: 200}}
		})...),
		"LastEvent": {{}},

		// people.sql
		"UpsertOwnParty":            {{sqlcgen.UpsertOwnPartyParams{ID: uuid.New(), Kind: "person", PersonID: &customerPerson, Name: "Иванов"}}},
		"UpsertOrganisation":        {{sqlcgen.UpsertOrganisationParams{ID: uuid.New(), EsiaOid: new("6000000"), Name: "ООО", Ogrn: "1000000000007"}}},
		"ReleaseOrganisationNumber": {{sqlcgen.ReleaseOrganisationNumberParams{EsiaOid: new("5000001"), Kind: "organisation", Ogrn: "1"}}},
		"UpsertRepresentative":      {{sqlcgen.UpsertRepresentativeParams{PersonID: represents, PartyID: organisation, ReadAt: now}}},
		"EndOtherRepresentations":   {{sqlcgen.EndOtherRepresentationsParams{ReadAt: now, PersonID: represents, Kept: []uuid.UUID{}}}},
		"ActsFor":                   {{represents}},
		"EngineersOfSignIn":         {{sqlcgen.EngineersOfSignInParams{Snils: snils, EsiaOid: "0"}}, {sqlcgen.EngineersOfSignInParams{EsiaOid: "0"}}},
		"LockPartiesOfSignIn": {
			{sqlcgen.LockPartiesOfSignInParams{Ogrns: []string{"1"}, Engineers: []uuid.UUID{engineer, employed}, OrganisationID: &organisation}},
			{sqlcgen.LockPartiesOfSignInParams{Ogrns: []string{}, Engineers: []uuid.UUID{}}},
		},
		"ConfirmedBusinesses":  {{[]uuid.UUID{engineer, employed}}},
		"UnlinkEngineer":       {{sqlcgen.UnlinkEngineerParams{PersonID: &engineerPerson, Snils: "0"}}},
		"LinkEngineer":         {{sqlcgen.LinkEngineerParams{PersonID: &lonePerson, Snils: snils}}},
		"PartiesOfPerson":      {{customerPerson}, {represents}, {lonePerson}},
		"EngineerOfPerson":     {{&engineerPerson}},
		"EngineerRestrictions": {{engineer}},
		"PersonByID":           {{customerPerson}},
		"PersonName":           {{customerPerson}},
		"GiveConsent":          {{sqlcgen.GiveConsentParams{PersonID: customerPerson, Version: "2", GivenAt: now}}},
		"WithdrawConsent":      {{sqlcgen.WithdrawConsentParams{WithdrawnAt: &now, PersonID: customerPerson}}},
		"LockPerson":           {{customerPerson}},
		"FirstConsentIsSince":  {{sqlcgen.FirstConsentIsSinceParams{Since: now, PersonID: customerPerson}}},
		"ConsentInForce":       {{sqlcgen.ConsentInForceParams{PersonID: customerPerson, Version: "1"}}},
		"LockIdentity":         {{snils}},
		"PersonByNumber":       {{sqlcgen.PersonByNumberParams{LastName: "Иванов", FirstName: "Иван", EsiaOid: person}}},
		"PeopleWithSNILS":      {{sqlcgen.PeopleWithSNILSParams{LastName: "Иванов", FirstName: "Иван", Snils: snils}}},
		"MergePeople":          {{sqlcgen.MergePeopleParams{Duplicate: customerPerson, Kept: lonePerson}}, {sqlcgen.MergePeopleParams{Duplicate: engineerPerson, Kept: lonePerson}}, {sqlcgen.MergePeopleParams{Duplicate: lonePerson, Kept: customerPerson}}},
		"InsertPerson":         {{sqlcgen.InsertPersonParams{ID: uuid.New(), EsiaOid: "new", LastName: "Новый", FirstName: "Иван", SeenAt: now}}},
		"UpdatePerson":         {{sqlcgen.UpdatePersonParams{ID: customerPerson, EsiaOid: person, LastName: "Иванов", FirstName: "Иван", SeenAt: now}}},
		"UpsertESIANumber":     {{sqlcgen.UpsertESIANumberParams{EsiaOid: person, PersonID: customerPerson, SeenAt: now}}},
		"ESIANumbers":          {{customerPerson}},
		"CanonicalPerson":      {{customerPerson}},

		// recording.sql
		"OrderState":      {{work}},
		"ChangedState":    {{sqlcgen.ChangedStateParams{ID: work, Known: state}}, {sqlcgen.ChangedStateParams{ID: work, Known: nothing}}},
		"StoredMessage":   {{sent}},
		"EngineerStatus":  {{sqlcgen.EngineerStatusParams{EngineerID: performer, Source: "registry"}}, {sqlcgen.EngineerStatusParams{EngineerID: performer, Source: "moderator"}}},
		"EmployerStatus":  {{sqlcgen.EmployerStatusParams{EngineerID: employed, EmployerID: employer}}},
		"RaiseAlarm":      {{sqlcgen.RaiseAlarmParams{OrderID: work, Kind: "order-halted", At: now, Quiet: now}}, {sqlcgen.RaiseAlarmParams{OrderID: restarted, Kind: "order-halted", At: now, Quiet: ago(-time.Hour)}}},
		"StoredVerdicts":  {{sqlcgen.StoredVerdictsParams{ID: message, OrderID: work, Seq: 2}}},
		"OutcomesFrom":    {{sqlcgen.OutcomesFromParams{OrderID: work, Seq: 1}}},
		"NextOrderNumber": {{}},
		"CustomerKnown":   {{sqlcgen.CustomerKnownParams{PartyID: customer, PersonID: customerPerson}}},
		"LockEmployerOf":  {{employed}, {engineer}},
		"EngineerFacts":   {{engineer}},
		"StoredFiles":     {{sqlcgen.StoredFilesParams{OrderID: work, Ids: []uuid.UUID{file}, Person: customerPerson, Role: "customer", Party: &customer}}},
		"SignatureCheck": {{sqlcgen.SignatureCheckParams{
			SignatureID: signature, DocumentSha256: signed, Powers: []string{}, Role: "customer", PartyID: signer,
		}}},
		"SignatureForProtocol": {{sqlcgen.SignatureForProtocolParams{OrderID: signatureOf, FileID: signature}}},
		"IsSignatureValid": {{sqlcgen.IsSignatureValidParams{
			OrderID: work, SignatureID: signature, DocumentSha256: signed, Powers: []string{}, Role: "customer", PartyID: signer,
		}}},
		"AddSignatureCheck": {{sqlcgen.AddSignatureCheckParams{
			ID: uuid.New(), OrderID: work, DocumentSha256: strings.Repeat("d4", 32), SignatureID: file, Powers: []string{}, PersonID: customerPerson,
			Role: "customer", PartyID: customer, Valid: true, Result: nothing, Evidence: []string{hash}, CheckedAt: now,
		}}},
		"AddSignatureEvidence": {{sqlcgen.AddSignatureEvidenceParams{Hashes: []string{strings.Repeat("d4", 32)}, Contents: [][]byte{{1}}}}},
		"ValidChecks":          {{sqlcgen.ValidChecksParams{OrderID: work, Signatures: []uuid.UUID{signature}}}},
		"SignatureEvidence":    {{[]string{hash}}},
		"ChainOfOrder":         {{sqlcgen.ChainOfOrderParams{OrderID: work, After: 0, Page: 1000}}},
		"DocumentToSign":       {{sqlcgen.DocumentToSignParams{OrderID: work, Sha256: fileHash}}},
		"SigningEngineer":      {{engineer}},
		"SigningCustomer": {
			{sqlcgen.SigningCustomerParams{PartyID: customer, PersonID: customerPerson}},
			{sqlcgen.SigningCustomerParams{PartyID: organisation, PersonID: represents}},
		},
		"BodyMatches":   {{sqlcgen.BodyMatchesParams{ID: body, OrderID: work, AuthorID: customerPerson, Sha256: strings.Repeat("a1", 32)}}},
		"InsertVerdict": {{sqlcgen.InsertVerdictParams{ID: uuid.New(), OrderID: work, Seq: 99, Kind: "rate", ActorRole: "customer", Verdict: "applied", Outcome: nothing, ReceivedAt: now, HappenedAt: now}}},
		"UseBody":       {{one(`select id from message_bodies where not used limit 1`)}},
		"UpsertOrder": {
			{sqlcgen.UpsertOrderParams{
				ID: work, Number: "x", Seq: 99, State: state, Stage: "work", ShownStage: "work", CustomerID: customer, CustomerPersonID: customerPerson,
				EngineerID: &performer, Holds: none, WaitsSince: now, FormID: &body, HappenedAt: now,
			}},
			{sqlcgen.UpsertOrderParams{
				ID: uuid.New(), Number: "y", Seq: 2, State: state, Stage: "selection", ShownStage: "selection", CustomerID: customer, CustomerPersonID: customerPerson,
				Holds: none, WaitsSince: now, FormID: &body, HappenedAt: now,
			}},
		},
		"TouchOrder": {{sqlcgen.TouchOrderParams{ID: work, Seq: 99, State: state}}},
		"InsertEvent": {{sqlcgen.InsertEventParams{
			OrderID: work, Seq: 99, Kind: "rate", ActorRole: "customer", ActorPerson: &customerPerson, ActorParty: &customer, StageBefore: "work",
			StageAfter: "work", HappenedAt: now,
		}}},
		"UpsertResponse":    {{sqlcgen.UpsertResponseParams{OrderID: selection, EngineerID: responder, Price: 1, TermDays: new(int32(5)), Revision: 1, Status: "open", HappenedAt: now}}},
		"CloseResponse":     {{sqlcgen.CloseResponseParams{OrderID: selection, EngineerID: responder, HappenedAt: now}}},
		"UpsertOffer":       {{sqlcgen.UpsertOfferParams{OrderID: selection, EngineerID: engineer, ExpiresAt: now, HappenedAt: now}}},
		"DeleteOffer":       {{offered}},
		"InsertDocument":    {{sqlcgen.InsertDocumentParams{OrderID: work, Seq: 99, Kind: "result", FileID: file, AuthorRole: "engineer", CreatedAt: now}}},
		"InsertNotice":      {{sqlcgen.InsertNoticeParams{Role: "customer", PartyID: &customer, OrderID: &work, Kind: "response", CreatedAt: now}}},
		"DeleteDraft":       {{draft}},
		"DeleteDraftBodies": {{draft}},
		"DeleteForm":        {{draft}},
		"Notify":            {{"{}"}},
		"Echo":              {{"token"}},
		"FilesOf":           {{work}},

		// registry.sql, registry_statistics.sql
		"BeginRun":                  {{sqlcgen.BeginRunParams{ID: grown.StagedRun, WorkflowID: "w", WorkflowRunID: "r", StartedAt: now}}},
		"RunningRun":                {{}},
		"Run":                       {{grown.RunAwaitingApproval}},
		"LockRun":                   {{grown.RunAwaitingApproval}},
		"LockRunningRun":            {{grown.StagedRun}},
		"Runs":                      {{int32(20)}},
		"LatestRun":                 {{}},
		"CountRunsAwaitingApproval": {{}},
		"RunsSince":                 {{ago(day)}},
		"SaveRun":                   {{sqlcgen.SaveRunParams{ID: grown.StagedRun, Status: "completed", EndedAt: &now}}},
		"SaveNotified":              {{sqlcgen.SaveNotifiedParams{ID: grown.RunAwaitingApproval, Notified: 1}}},
		"FailRun":                   {{sqlcgen.FailRunParams{ID: grown.StagedRun, Code: "lost", Reason: "Прервано", EndedAt: &now}}},
		"InsertRunDecision":         {{sqlcgen.InsertRunDecisionParams{RunID: grown.RunAwaitingApproval, PersonID: moderator, Signal: "reject", ReasonSha256: hash, DecidedAt: now}}},
		"RunDecisionExists":         {{sqlcgen.RunDecisionExistsParams{RunID: grown.RunAwaitingApproval, PersonID: moderator, Signal: "confirm", ReasonSha256: hash}}},
		"ClaimRun":                  {{sqlcgen.ClaimRunParams{ID: grown.StagedRun, Operator: "admin", Decision: "Верно"}}},
		"RejectRun":                 {{sqlcgen.RejectRunParams{ID: grown.RunAwaitingApproval, Operator: "admin", Decision: "Ошибка", EndedAt: &now}}},
		"SupersedeRuns":             {{sqlcgen.SupersedeRunsParams{ID: grown.StagedRun, EndedAt: &now}}},
		"SupersededRuns":            {{new(ago(7 * day))}},
		"AddMissedRun":              {{sqlcgen.AddMissedRunParams{ID: uuid.New(), WorkflowID: "w", WorkflowRunID: "r", Reason: "Пропуск", StartedAt: now, EndedAt: &now}}},
		"AddModeratorNotice":        {{sqlcgen.AddModeratorNoticeParams{Kind: "registry-held", CreatedAt: now}}},
		"AddModeratorNoticeOnce": {
			{sqlcgen.AddModeratorNoticeOnceParams{Kind: "registry-held", CreatedAt: now, Quiet: ago(day)}},
			{sqlcgen.AddModeratorNoticeOnceParams{Kind: "order-halted", CreatedAt: now, Quiet: ago(day)}},
		},
		"KnownSnapshot":                   {{now}},
		"ClearStaging":                    {{grown.RunAwaitingApproval}},
		"ClearChanges":                    {{grown.RunAwaitingApproval}},
		"StageEngineers":                  {{[]sqlcgen.StageEngineersParams{{RunID: grown.StagedRun, Snils: "0", Entry: nothing}}}},
		"FindChanges":                     {{uuid.New()}},
		"CountChanges":                    {{grown.StagedRun}},
		"LossesOfGroups":                  {{grown.RunAwaitingApproval}},
		"ChangedEngineers":                {{sqlcgen.ChangedEngineersParams{RunID: grown.RunAwaitingApproval, Kinds: []string{"lost"}, Page: 20}}, {sqlcgen.ChangedEngineersParams{RunID: grown.RunAwaitingApproval, Kinds: []string{"added", "lost", "restored"}, Page: 20}}},
		"NextChanges":                     {{sqlcgen.NextChangesParams{RunID: grown.StagedRun, Page: 100}}},
		"LockEmployersOf":                 {{hundred}},
		"LockEngineers":                   {{hundred}},
		"ApplyStaged":                     {{sqlcgen.ApplyStagedParams{AsOf: now, RunID: grown.StagedRun, First: first, Last: last}}},
		"ApplyMissing":                    {{sqlcgen.ApplyMissingParams{AsOf: now, RunID: grown.StagedRun, First: first, Last: last}}},
		"ApplyAdded":                      {{sqlcgen.ApplyAddedParams{AsOf: now, RunID: grown.StagedRun, First: first, Last: last}}},
		"DeleteAppliedChanges":            {{sqlcgen.DeleteAppliedChangesParams{RunID: grown.StagedRun, First: first, Last: last}}},
		"RecountEmployers":                {{sqlcgen.RecountEmployersParams{Employers: []uuid.UUID{employer}, At: now}}},
		"InsertSnapshot":                  {{sqlcgen.InsertSnapshotParams{ID: uuid.New(), AsOf: now, Rows: 1, Sha256: hash}}},
		"OldSnapshotFiles":                {{ago(30 * day)}},
		"DeleteStaleChanges":              {{}},
		"DeleteStaleStaging":              {{}},
		"PendingStatusNotifications":      {{sqlcgen.PendingStatusNotificationsParams{Source: "registry", Page: 500}}, {sqlcgen.PendingStatusNotificationsParams{Source: "moderator", Page: 500}}, {sqlcgen.PendingStatusNotificationsParams{Source: "employer", Page: 500}}},
		"CountPendingStatusNotifications": {{sqlcgen.CountPendingStatusNotificationsParams{Source: "registry"}}, {sqlcgen.CountPendingStatusNotificationsParams{Source: "moderator"}}},
		"AddDecision":                     {{sqlcgen.AddDecisionParams{ID: uuid.New(), EngineerID: engineer, ModeratorID: moderator, Blocked: true, Reason: "Жалоба", DecidedAt: now}}},
		"PendingDecisions":                {{}},
		"Decision":                        {{decision}},
		"ApplyDecision":                   {{decision}},
		"MarkDecision":                    {{sqlcgen.MarkDecisionParams{AppliedAt: &now, ID: decision}}},
		"RunAwaitingApproval":             {{new(testenv.Scalar[time.Time](t, address, `select as_of from registry_runs where status = 'held'`))}},
		"AnalyzeRegistryTables":           {{}},

		// restarts.sql, security.sql, seed.sql
		"OrderByNumber":       {{text(`select number from orders where id = $1`, work)}},
		"RecordOf":            {{work}},
		"UnansweredRequests":  {{work}},
		"InsertRestart":       {{sqlcgen.InsertRestartParams{MessageID: uuid.New(), OrderID: work, Seq: 1, Operator: "admin", Reason: "Потерян", RestartedAt: now}}},
		"EndAlarm":            {{sqlcgen.EndAlarmParams{OrderID: restarted, Kind: "order-halted"}}},
		"HaltedOrders":        {{}},
		"InsertSecurityEvent": {{sqlcgen.InsertSecurityEventParams{Kind: "signed-in", HappenedAt: now, PersonID: &customerPerson, Details: nothing}}},
		"SweepSecurityEvents": {{}},
		"SecurityEvents": {
			security(nil),
			security(func(p *sqlcgen.SecurityEventsParams) { p.Kinds = []string{"engineer-blocked"} }),
			security(func(p *sqlcgen.SecurityEventsParams) { p.Person = &customerPerson }),
			security(func(p *sqlcgen.SecurityEventsParams) { p.Person, p.Kinds = &lonePerson, []string{"refused"} }),
			security(func(p *sqlcgen.SecurityEventsParams) { p.Search, p.Words = names.Index, names.All }),
			security(func(p *sqlcgen.SecurityEventsParams) { p.FromTime, p.ToTime = new(ago(700*day)), new(ago(699*day)) }),
		},
		"LockFirstLoad":            {{}},
		"NewestSnapshot":           {{}},
		"AddEmployers":             {{sqlcgen.AddEmployersParams{Ids: []uuid.UUID{uuid.New()}, EsiaOids: []string{"7000000"}, Names: []string{"ООО"}, ShortNames: []string{""}, Ogrns: []string{"9"}, Inns: []string{""}, Kpps: []string{""}}}},
		"AddEngineers":             {{[]sqlcgen.AddEngineersParams{{ID: uuid.New(), Snils: "0", RegistryAsOf: now, RegistryEntry: nothing, StatusAt: now, Regions: none}}}},
		"CountActiveEngineers":     {{}},
		"AddProfiles":              {{[]sqlcgen.AddProfilesParams{{EngineerID: strangerEngineer}}}},
		"AddWorks":                 {{[]sqlcgen.AddWorksParams{{EngineerID: strangerEngineer, WorkKind: "map-plan"}}}},
		"AddStoredFiles":           {{[]sqlcgen.AddStoredFilesParams{{ID: uuid.New(), ProfileID: &engineer, Name: "а", Size: 1, Sha256: hash, ContentType: "application/pdf", Status: "stored", StoredAt: &now}}}},
		"AddProfileFiles":          {{[]sqlcgen.AddProfileFilesParams{{FileID: file, EngineerID: engineer, Purpose: "sample"}}}},
		"AddRequisites":            {{[]sqlcgen.AddRequisitesParams{{EngineerID: &strangerEngineer}}}},
		"EngineersThere":           {{}},
		"PartiesWithoutRequisites": {{[]uuid.UUID{employer}}},
		"AddSnapshot":              {{sqlcgen.AddSnapshotParams{ID: uuid.New(), AsOf: now, Rows: 1, Sha256: hash}}},

		// sessions.sql
		"LockParty":                   {{customer}, {employer}},
		"PartyRequisites":             {{customer}, {employer}, {newcomer}},
		"EngineerRequisites":          {{engineer}, {employed}, {beginner}},
		"UpdateRequisites":            {{sqlcgen.UpdateRequisitesParams{UpdatedAt: now, PartyID: &customer}}, {sqlcgen.UpdateRequisitesParams{UpdatedAt: now, EngineerID: &engineer}}},
		"InsertRequisites":            {{sqlcgen.InsertRequisitesParams{UpdatedAt: now, PartyID: &customer}}, {sqlcgen.InsertRequisitesParams{UpdatedAt: now, EngineerID: &engineer}}},
		"EngineersToRefresh":          {{&employer}, {&customer}},
		"MissingForContract":          {{customer}, {employer}},
		"PerformerMissingForContract": {{engineer}, {employed}},
		"PartyProfile":                {{customer}, {employer}},
		"SavePartyProfile":            {{sqlcgen.SavePartyProfileParams{PartyID: customer, UpdatedAt: now}}},
		"NotifyOfAccount": {{sqlcgen.NotifyOfAccountParams{
			PartyID: employer, Kind: "account-changed", Subject: "ООО", CreatedAt: now, PersonalKind: "personal-account-changed", PersonID: represents,
		}}},
		"Bank":               {{"044525225"}},
		"LockBanks":          {{}},
		"BanksThere":         {{}},
		"UpsertBanks":        {{sqlcgen.UpsertBanksParams{Bics: []string{"044525225"}, Names: []string{"Банк"}, Places: []string{""}, CorrespondentAccounts: []string{""}, AsOf: now}}},
		"DeleteOtherBanks":   {{[]string{"044525225"}}},
		"OrganisationToRead": {{organisation}, {employer}},
		"SaveOrganisation":   {{sqlcgen.SaveOrganisationParams{ID: organisation, ReadAt: &now, Inn: "1"}}},
		"OrganisationTried":  {{sqlcgen.OrganisationTriedParams{ID: organisation, TriedAt: &now}}},
		"InsertLogin":        {{sqlcgen.InsertLoginParams{State: uuid.New(), CookieHash: token(uuid.New()), CreatedAt: now, ExpiresAt: now}}},
		"TakeLogin":          {{sqlcgen.TakeLoginParams{Now: new(ago(day)), State: login, CookieHash: token(login)}}},
		"Login":              {{old}},
		"HasUnfinishedLogin": {{sqlcgen.HasUnfinishedLoginParams{CookieHash: token(login), Now: now}}, {sqlcgen.HasUnfinishedLoginParams{CookieHash: token(uuid.New()), Now: now}}},
		"FinishLogin":        {{sqlcgen.FinishLoginParams{SessionID: &session, State: login}}},
		"InheritLogins":      {{sqlcgen.InheritLoginsParams{SessionID: &session, TokenHash: token(session), PersonID: customerPerson}}},
		"DropLogin":          {{login}},
		"ReissueSession":     {{sqlcgen.ReissueSessionParams{NewHash: token(uuid.New()), ID: session}}},
		"InsertSession":      {{sqlcgen.InsertSessionParams{TokenHash: token(uuid.New()), ID: uuid.New(), PersonID: customerPerson, CreatedAt: now, ExpiresAt: now}}},
		"SessionByToken":     {{sqlcgen.SessionByTokenParams{ConsentVersion: "1", TokenHash: token(session)}}, {sqlcgen.SessionByTokenParams{ConsentVersion: "1", TokenHash: token(entered)}}, {sqlcgen.SessionByTokenParams{ConsentVersion: "1", TokenHash: token(ruling)}}},
		"TouchSession":       {{sqlcgen.TouchSessionParams{ID: session, UsedAt: now.Add(time.Minute)}}},
		"RotateSession":      {{sqlcgen.RotateSessionParams{NewHash: token(uuid.New()), OldHash: token(session), Role: "customer", PartyID: &customer, UsedAt: now}}},
		"DeleteSession":      {{token(session)}},
		"DeleteSessionsOf":   {{customerPerson}},
		"SweepSessions":      {{sqlcgen.SweepSessionsParams{Now: now, IdleSince: ago(13 * day)}}},
		"SweepLogins":        {{now}},
		"SessionsOf":         {{sqlcgen.SessionsOfParams{PersonID: customerPerson, Now: now, IdleSince: ago(14 * day), CurrentID: session}}},
		"EndSession":         {{sqlcgen.EndSessionParams{ID: session, PersonID: customerPerson}}},
		"EndSessionsOf":      {{customerPerson}},
		"TakeSession":        {{token(session)}},

		// sides.sql
		"EngineerTie":   {{sqlcgen.EngineerTieParams{OrderID: work, Engineer: engineer, Person: &engineerPerson}}, {sqlcgen.EngineerTieParams{OrderID: selection, Engineer: employed, Person: &customerPerson}}},
		"EngineerTies":  {{sqlcgen.EngineerTiesParams{OrderID: work, Person: customerPerson, Engineers: []uuid.UUID{}}}, {sqlcgen.EngineerTiesParams{OrderID: selection, Person: customerPerson, Engineers: []uuid.UUID{}, Responders: true}}, {sqlcgen.EngineerTiesParams{OrderID: selection, Person: customerPerson, Engineers: hundred[:20]}}},
		"SenderTies":    {{sqlcgen.SenderTiesParams{OfCustomer: true, OfPerformer: true, Person: engineerPerson, OrderID: completed}}, {sqlcgen.SenderTiesParams{OfCustomer: true, OfPerformer: true, Person: lonePerson, OrderID: completed}}},
		"ModeratorTied": {{sqlcgen.ModeratorTiedParams{Engineer: engineer, Person: moderator}}, {sqlcgen.ModeratorTiedParams{Engineer: employed, Person: represents}}, {sqlcgen.ModeratorTiedParams{Engineer: engineer, Person: moderator, OrderID: &work}}},
	}
}
