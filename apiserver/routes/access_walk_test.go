package routes_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// The parties of the walk, each by one letter. The order is between the organisation of C and the
// engineer E, an employee of W.
const (
	nobody        = '-' // without a session
	customerHead  = 'C' // heads the customer's organisation
	admitted      = 'A' // its employee whom the head admitted as a customer
	notAdmitted   = 'n' // its employee who was not admitted, in his own cabinet
	otherCustomer = 'c'
	performer     = 'E'
	otherEngineer = 'e'
	itsEmployer   = 'W' // of the performer
	otherEmployer = 'w'
	moderators    = 'M'
)

const parties = "-CAncEeWwM"

// Whom an operation lets through, by letters. The operation itself may then refuse for another
// reason, such as the stage of the order.
const (
	everybody     = "everybody"    // also without a session
	whoeverEnters = "who signs in" // concerns the caller alone; the walk calls it without a session only
	allRoles      = "CAncEeWwM"
	customers     = "CA"
	ofPerformer   = "E"
	engineers     = "Ee"
	sides         = "CAE"
	readers       = "CAEWM"
	chatReaders   = "CAEW" // a moderator reads a chat while there is a dispute
)

// allowed is the table of the walk: a new operation needs a row.
var allowed = map[string]string{
	"amend":                       customers,
	"publish":                     customers,
	"choose":                      customers,
	"offer":                       customers,
	"withdraw-offer":              customers,
	"delete":                      customers,
	"dismiss-engineer":            customers,
	"cancel":                      customers,
	"rate":                        customers,
	"get-payment":                 customers,
	"report-payment":              customers,
	"report-prepayment":           customers,
	"return-act":                  customers,
	"return-contract":             customers,
	"return-results":              customers,
	"accept-results":              customers,
	"confirm-receipt":             customers,
	"sign-act":                    customers,
	"sign-contract":               customers,
	"get-goskey":                  customers,
	"sign-in-goskey":              customers,
	"get-form":                    customers,
	"save-form":                   customers,
	"agree-rework":                sides,
	"agree-termination":           sides,
	"propose-rework":              sides,
	"propose-termination":         sides,
	"refuse-rework":               sides,
	"refuse-termination":          sides,
	"withdraw-proposal":           sides,
	"open-dispute":                sides,
	"begin-upload":                sides,
	"delete-file":                 sides,
	"list-files":                  sides,
	"accept-changes":              ofPerformer,
	"accept-offer":                ofPerformer,
	"decline-offer":               ofPerformer,
	"leave-order":                 ofPerformer,
	"refute-payment":              ofPerformer,
	"refute-prepayment":           ofPerformer,
	"report-registration":         ofPerformer,
	"respond":                     ofPerformer,
	"send-act":                    ofPerformer,
	"send-contract":               ofPerformer,
	"send-invoice":                ofPerformer,
	"send-prepayment-invoice":     ofPerformer,
	"sign-act-alone":              ofPerformer,
	"submit-final":                ofPerformer,
	"submit-results":              ofPerformer,
	"withdraw-contract":           ofPerformer,
	"withdraw-response":           ofPerformer,
	"sign-part":                   ofPerformer,
	"complete-upload":             ofPerformer,
	"change-saved-search":         ofPerformer,
	"delete-saved-search":         ofPerformer,
	"generate-act":                ofPerformer,
	"generate-contract":           ofPerformer,
	"generate-invoice":            ofPerformer,
	"generate-prepayment-invoice": ofPerformer,
	"get-act-form":                ofPerformer,
	"get-invoice-form":            ofPerformer,
	"get-prepayment-invoice-form": ofPerformer,
	"get-contract-form":           ofPerformer,
	"list-generated-documents":    ofPerformer,
	"send-chat-message":           sides,
	"correct-chat-message":        sides,
	"withdraw-chat-message":       sides,
	"begin-upload-of-chat":        sides,
	"sign-part-of-chat":           ofPerformer,
	"complete-upload-of-chat":     ofPerformer,
	"delete-file-of-chat":         ofPerformer,
	"get-file-of-chat":            chatReaders,
	"get-content-of-chat":         chatReaders,
	"list-chat-messages":          chatReaders,
	"list-chat-message-texts":     chatReaders,
	"mark-chat-read":              chatReaders,
	"list-chats-of-order":         readers,
	"list-chats":                  allRoles,
	"count-unread-messages":       allRoles,
	"get-archive":                 readers,
	"get-content":                 readers,
	"get-file":                    readers,
	"get-history":                 readers,
	"get-order":                   readers,
	"get-signature-protocol":      readers,
	"list-documents":              readers,
	"list-responses":              readers,
	"list-notifications":          allRoles,
	"list-orders":                 allRoles,
	"read-notifications":          allRoles,
	"list-open-orders":            engineers,
	"list-saved-searches":         engineers,
	"create-saved-search":         engineers,
	"decide-admission":            "C",
	"get-message":                 "C",
	"list-admissions":             "CWw",
	"list-admission-history":      "CWw",
	"list-candidates":             "CAWM",
	"confirm-payment":             "EM",
	"confirm-prepayment":          "EM",
	"employer-status":             "W",
	"propose-replacement":         "W",
	"withdraw-replacement":        "W",
	"agree-replacement":           ofPerformer, // the order itself admits only whom the employer proposes
	"decline-replacement":         ofPerformer,
	"create":                      "CAnc",
	"moderator-status":            "M",
	"settle-dispute":              "M",
	"replace-engineer":            "M",
	"approve-replacement":         "M",
	"reject-replacement":          "M",
	"block-engineer":              "M",
	"unblock-engineer":            "M",
	"get-account":                 "M",
	"list-accounts":               "M",
	"list-account-decisions":      "M",
	"switch-off-account":          "M",
	"switch-on-account":           "M",
	"get-moderated-engineer":      "M",
	"list-moderated-engineers":    "M",
	"list-engineer-decisions":     "M",
	"list-registry-runs":          "M",
	"get-registry-run":            "M",
	"list-security-events":        "M",
	"start-registry-run":          "M",
	"confirm-registry-run":        "M",
	"reject-registry-run":         "M",
	"get-bank":                    allRoles,
	"get-requisites":              "CAncEeWw",
	"save-requisites":             "CAncEeWw",
	"get-party-profile":           "CAncWw",
	"save-party-profile":          "CAncWw",
	"get-employer-switch":         "CWw",
	"set-employer-switch":         "CWw",
	"find-employers":              engineers,
	"list-employers-of-engineer":  engineers,
	"ask-employer":                engineers,
	"get-own-profile":             engineers,
	"save-own-profile":            engineers,
	"save-form-of-work":           engineers,
	"switch-receiving":            engineers,
	"get-own-rating":              engineers,
	"list-own-reviews":            engineers,
	"begin-upload-of-profile":     engineers,
	"confirm-employment":          "W",
	"reject-employment":           "W",
	"withdraw-employment":         ofPerformer,
	"list-employment-events":      "EW",
	"leave-employment":            ofPerformer,
	"reply-to-review":             ofPerformer,
	"delete-file-of-profile":      ofPerformer,
	"get-file-of-profile":         ofPerformer,
	"complete-upload-of-profile":  ofPerformer,
	"get-content-of-profile":      ofPerformer,
	"sign-part-of-profile":        ofPerformer,
	"remove-employment":           "W",
	"resume-employment":           "W",
	"suspend-employment":          "W",
	"get-staff-member":            "W",
	"list-staff":                  "Ww",
	"invite-engineer":             "Ww",
	"find-engineers-to-employ":    "Ww",
	"compare-engineers":           allRoles,
	"list-engineers":              allRoles,
	"get-engineer":                allRoles,
	"list-reviews":                allRoles,
	"get-engineer-file":           "EWM",
	"get-engineer-photo":          allRoles,
	"list-offerable-orders":       "CAnc",
	"decide-review":               "M",
	"list-moderated-reviews":      "M",
	"get-order-review":            readers,
	"check-signature":             everybody,
	"confirm-mail-address":        everybody,
	"unsubscribe":                 everybody,
	"open-unsubscribe":            everybody,
	"get-mail-settings":           allRoles,
	"save-mail-settings":          allRoles,
	"set-mail-address":            allRoles,
	"delete-mail-address":         allRoles,
	"begin-login":                 everybody,
	"finish-login":                everybody,
	"get-me":                      everybody,
	"get-problem":                 everybody,
	"get-limits":                  everybody,
	"get-signing":                 everybody,
	"get-land-registry":           everybody,
	"list-work-kinds":             everybody,
	"list-regions":                everybody,
	"list-stages":                 everybody,
	"list-cities":                 everybody,
	"get-automatic-sign-in":       everybody,
	"get-sign-in-refusal":         everybody,
	"logout":                      everybody,
	"end-session":                 whoeverEnters,
	"list-roles":                  whoeverEnters,
	"end-all-sessions":            whoeverEnters,
	"choose-role":                 whoeverEnters,
	"list-sessions":               whoeverEnters,
	"get-consent":                 whoeverEnters,
	"give-consent":                whoeverEnters,
	"withdraw-consent":            whoeverEnters,
	"refuse-consent":              whoeverEnters,
	"follow-events":               whoeverEnters,
}

// walkedParties signs in everybody of the walk.
func walkedParties(p *apitest.Platform) map[rune]*apitest.Browser {
	all := map[rune]*apitest.Browser{
		nobody: p.Browser(), otherCustomer: p.Customer(synthetic.LoginCustomer), performer: p.Engineer(synthetic.LoginEmployeeFirst),
		otherEngineer: p.Engineer(synthetic.LoginEngineerMoscow), itsEmployer: p.Employer(synthetic.LoginEmployerHead), moderators: p.Moderator(),
		customerHead: p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation"),
	}
	firm := *apitest.WhoAmI(all[customerHead]).Party
	represent := func(login, party string, chief, asCustomer bool) *apitest.Browser {
		b := p.Browser()
		b.SignIn(login)
		p.Exec(`insert into representatives (person_id, party_id, chief, active, read_at, as_customer)
			select id, $2, $3, true, now(), $4 from people where snils_number = snils_digits($1)
			on conflict (person_id, party_id) do update set chief = excluded.chief, as_customer = excluded.as_customer`,
			p.Person(login).SNILS, party, chief, asCustomer)
		return b
	}
	all[admitted] = represent(synthetic.LoginCustomerEmployee, firm.String(), false, true)
	all[admitted].ChooseRole(order.RoleCustomer, "organisation")
	all[notAdmitted] = represent(synthetic.LoginCustomerEntrepreneur, firm.String(), false, false)
	all[notAdmitted].ChooseRole(order.RoleCustomer, "person")
	other := apitest.Value[string](p, `select id from parties where is_employer and id <> $1 limit 1`, *apitest.WhoAmI(all[itsEmployer]).Party)
	all[otherEmployer] = represent(synthetic.LoginSecondCustomer, other, true, false)
	all[otherEmployer].ChooseRole(order.RoleEmployer, "organisation")
	for _, who := range []rune{admitted, notAdmitted, otherEmployer} {
		all[who].Consent()
	}
	return all
}

// Every operation lets exactly those through whom the table names, and a restricted engineer as any
// other. Everybody else gets 401 without a session, 403 in another role, or an answer that is the same
// for what exists and what does not.
func TestEveryOperationAsEveryParty(t *testing.T) {
	acceptance.Covers(t, "B-5", "R-ROLE-3", "S-16")
	p := apitest.Start(t)
	p.StartWorker()
	all := walkedParties(p)
	id := p.SignedOrder(all[customerHead], all[performer], 0)
	saveSearch := func() string {
		all[performer].Do(http.MethodPost, "/api/saved-searches", apitest.Object{"name": uuid.NewString(), "notify": false, "filters": apitest.Object{}},
			"Idempotency-Key", uuid.NewString()).OK()
		return apitest.Value[string](p, `select id from saved_searches order by created_at desc limit 1`)
	}
	existing := map[string]string{
		"order": id.String(), "engineer": p.EngineerID(synthetic.LoginEmployeeFirst),
		"person":  apitest.Value[string](p, `select id from people where snils_number = snils_digits($1)`, p.Person(synthetic.LoginCustomerEmployee).SNILS),
		"file":    apitest.Value[string](p, `select file_id from documents where order_id = $1 and kind = 'contract'`, id),
		"message": apitest.Value[string](p, `select message_id from requests where order_id = $1 and kind = 'publish'`, id),
		"sha256":  apitest.Value[string](p, `select f.sha256 from documents d join files f on f.id = d.file_id where d.order_id = $1 and d.kind = 'contract'`, id),
		"search":  saveSearch(), "code": problems.NotFound,
		"run": apitest.Value[string](p, `insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at, ended_at) values (gen_random_uuid(), 'w', 'r', 'completed', now(), now())
			returning id`), "session": uuid.NewString(), "bic": "044525225",
		"employment": apitest.Value[string](p, `select id from employments where engineer_id = $1`, p.EngineerID(synthetic.LoginEmployeeFirst)),
		"review": apitest.Value[string](p, `insert into reviews (id, order_id, engineer_id, mark, has_text, work_kind, created_at, changed_at)
			values (1, $1, $2, 5, true, 'map-plan', now(), now()) returning id`,
			id, p.EngineerID(synthetic.LoginEmployeeFirst)),
		signatureFile: apitest.Value[string](p, `select file_id from documents where order_id = $1 and kind = 'contract-signature' order by seq limit 1`, id),
		// The proof of the performer's employment.
		profileFile: apitest.Value[string](p, `select file_id from engineer_files where engineer_id = $1 and purpose = 'document'`, p.EngineerID(synthetic.LoginEmployeeFirst)),
	}
	p.Exec(`with photo as (
			insert into files (id, profile_id, name, size, sha256, content_type, status, stored_at, picture_sha256, thumbnail_sha256)
			values (gen_random_uuid(), $1, 'фото.jpg', 1, repeat('0', 64), 'image/jpeg', 'stored', now(), repeat('1', 64), repeat('2', 64)) returning id)
		insert into engineer_files (file_id, engineer_id, purpose, position) select id, $1, 'photo', 0 from photo`, existing["engineer"])
	// A message of the customer, and one of the performer with a file.
	chat := "/api/orders/" + id.String() + "/chats/" + existing["engineer"] + "/messages"
	existing["seq"] = "1"
	for _, who := range []rune{customerHead, performer} {
		all[who].Do(http.MethodPost, chat, apitest.Object{"text": "Здравствуйте"}, "Idempotency-Key", uuid.NewString()).OK()
	}
	existing[chatFile] = apitest.Value[string](p, `with file as (
			insert into files (id, order_id, chat_engineer_id, uploader_role, uploader_party, name, size, sha256, content_type, status, stored_at)
			values (gen_random_uuid(), $1, $2, 'engineer', $2, 'план.pdf', 1, repeat('3', 64), 'application/pdf', 'stored', now()) returning id)
		insert into chat_files (message_id, n, file_id) select m.id, 1, file.id from file, chat_messages m where m.order_id = $1 and m.seq = 2 returning file_id`,
		id, existing["engineer"])
	// What an example cannot name.
	named := map[string]apitest.Object{
		"ask-employer":    {"employer": apitest.WhoAmI(all[itsEmployer]).Party},
		"invite-engineer": {"engineer": existing["engineer"]},
		// An example would empty the profile.
		"save-own-profile":  {"version": 999},
		"save-form-of-work": {"version": 999},
		// And these would change who the performer is to the others.
		"block-engineer": {"reason": " "}, "unblock-engineer": {"reason": " "},
	}
	for _, decision := range []string{"confirm", "reject", "withdraw", "suspend", "resume", "remove", "leave"} {
		named[decision+"-employment"] = apitest.Object{"version": 999, "comment": "Причина"}
	}
	walk := &accessWalk{named: named, w: &walker{schemas: p.Server.OpenAPI().Components.Schemas, order: id}, existing: existing, bodies: apitest.MessageBodies()}
	known := map[string]bool{}
	access := map[string]bool{}
	for _, o := range p.Server.Operations() {
		access[o.ID] = o.Access.NeedsConsent()
	}
	check := func(op *huma.Operation, who rune, note string) {
		// A stream does not end, and without a schedule there is nothing to start.
		if op.OperationID == "follow-events" && who != nobody || op.OperationID == "start-registry-run" && who == moderators {
			return
		}
		if !access[op.OperationID] && who != nobody {
			return
		}
		row := allowed[op.OperationID]
		want := row == everybody || strings.ContainsRune(row, who) && row != whoeverEnters
		through := walk.call(all[who], op, who, want)
		if through != want {
			t.Errorf("%s as %c%s: let through: %v, the table says %v", op.OperationID, who, note, through, want)
		}
	}
	// Those on the chat come first: a dispute, which another operation opens, lets a moderator read it.
	operations := operationsOf(p.Server)
	slices.SortStableFunc(operations, func(a, b *huma.Operation) int {
		return strings.Count(b.Path, "/chats/") - strings.Count(a.Path, "/chats/")
	})
	for _, op := range operations {
		known[op.OperationID] = true
		if _, found := allowed[op.OperationID]; !found {
			t.Errorf("%s has no row in the table of allowed parties", op.OperationID)
		}
		for _, who := range parties {
			check(op, who, "")
		}
		// Whoever withdrew his consent would not be listed in the rest of the walk.
		p.Exec(`update consents set withdrawn_at = null`)
	}
	for name := range allowed {
		require.True(t, known[name], "no operation has the name "+name)
	}
	// A restriction takes no operation from the engineer: his orders refuse what he may not do.
	for _, one := range restrictions() {
		one.set(p, synthetic.LoginEmployeeFirst)
		existing["search"] = saveSearch()
		for _, op := range operationsOf(p.Server) {
			check(op, performer, ", "+one.name)
		}
		one.lift(p, synthetic.LoginEmployeeFirst)
	}
}

// These stand for the path parameter "file" of operations on files that belong to no order or to a
// chat, and on signatures.
const (
	profileFile   = "file of a profile"
	signatureFile = "file of a signature"
	chatFile      = "file of a chat"
)

type accessWalk struct {
	w        *walker
	existing map[string]string
	bodies   map[string]apitest.Object
	named    map[string]apitest.Object
}

// call calls an operation about what exists and about what does not, and reports whether the caller
// was let through. A refusal must be the same for both. Who should not be let through sends a valid
// body, so that he is refused for who he is; others send an example, which keeps the order where it
// is.
func (a *accessWalk) call(b *apitest.Browser, op *huma.Operation, who rune, want bool) bool {
	t := b.Platform.T
	t.Helper()
	send := func(about map[string]string) apitest.Answer {
		target := op.Path
		for _, parameter := range op.Parameters {
			if parameter.In == "path" {
				name := parameter.Name
				if name == "file" && !strings.Contains(op.Path, "{order}") {
					name = profileFile
				}
				if name == "file" && strings.Contains(op.Path, "/signatures/{file}") {
					name = signatureFile
				}
				if name == "file" && strings.Contains(op.Path, "/chats/") {
					name = chatFile
				}
				target = strings.ReplaceAll(target, "{"+parameter.Name+"}", about[name])
			}
		}
		var body any
		if sample := a.bodies[op.OperationID]; sample != nil && op.RequestBody != nil && !want {
			body = sample
		} else if named := a.named[op.OperationID]; named != nil {
			body = named
		} else if op.RequestBody != nil {
			body = a.w.exampleBody(op)
		}
		return b.Do(op.Method, target, body, "Idempotency-Key", uuid.NewString())
	}
	absent := map[string]string{"code": "nothing", "sha256": strings.Repeat("0", 64), "bic": "049999999", "review": "999999", "seq": "999"}
	for name := range a.existing {
		if absent[name] == "" {
			absent[name] = uuid.NewString()
		}
	}
	if strings.ContainsRune(readers, who) { // who sees the order asks about other things of it
		absent["order"] = a.existing["order"]
	}
	unknown := send(absent)
	found := send(a.existing)
	switch found.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		if found.Status != unknown.Status || string(found.Body) != string(unknown.Body) {
			t.Errorf("%s as %c: what exists: %s, what does not: %s", op.OperationID, who, found.Text(), unknown.Text())
		}
		if (found.Status == http.StatusUnauthorized) != (who == nobody) {
			t.Errorf("%s as %c: %s", op.OperationID, who, found.Text())
		}
		return false
	}
	if found.Status >= http.StatusInternalServerError {
		t.Errorf("%s as %c: %s", op.OperationID, who, found.Text())
	}
	return true
}
