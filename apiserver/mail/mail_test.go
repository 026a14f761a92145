package mail_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/mail"
	mailsim "epkr/dev/simulators/mail"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/config"
	smtpclient "epkr/internal/mail"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

type object = apitest.Object

// start serves the API with a mail server.
func start(t *testing.T) (*apitest.Platform, *mailsim.Server) {
	t.Helper()
	server := mailsim.New()
	address, stop, err := server.Serve(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(stop)
	return apitest.Start(t, sendingTo(address)), server
}

func sendingTo(address string) func(*apitest.Setup) {
	return func(s *apitest.Setup) {
		s.Config.Mail = config.Mail{Address: address, Encryption: smtpclient.Plain, From: "noreply@epkr.example", LinkKey: "key of the test"}
	}
}

func settings(b *apitest.Browser) (found mail.LetterSettings) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, "/api/mail/settings", nil).OK().Into(&found)
	return found
}

func setAddress(b *apitest.Browser, address string) {
	b.Platform.T.Helper()
	b.Do(http.MethodPut, "/api/mail/address", object{"address": address}).OK()
}

func choose(b *apitest.Browser, t mail.Topics, stopped bool) {
	b.Platform.T.Helper()
	b.Do(http.MethodPut, "/api/mail/settings", object{"topics": t, "stopped": stopped}).OK()
}

// await returns the letters to an address when there are so many.
func await(t *testing.T, server *mailsim.Server, to string, n int) []mailsim.Letter {
	t.Helper()
	testenv.Eventually(t, fmt.Sprintf("%d letters to %s", n, to), func() bool { return len(server.Letters(to)) >= n })
	all := server.Letters(to)
	require.Len(t, all, n)
	return all
}

var inLink = regexp.MustCompile(`token=([A-Za-z0-9_-]+)`)

func token(t *testing.T, text string) string {
	t.Helper()
	found := inLink.FindStringSubmatch(text)
	require.NotNil(t, found, text)
	return found[1]
}

func confirm(p *apitest.Platform, token string) apitest.Answer {
	return p.Browser().Do(http.MethodPost, "/api/mail/confirm", object{"token": token})
}

// confirmed gives a person a confirmed address.
func confirmed(p *apitest.Platform, server *mailsim.Server, b *apitest.Browser, address string) {
	p.T.Helper()
	before := len(server.Letters(address))
	setAddress(b, address)
	all := await(p.T, server, address, before+1)
	require.Equal(p.T, http.StatusNoContent, confirm(p, token(p.T, all[before].Text)).Status)
	require.NotNil(p.T, settings(b).ConfirmedAt)
}

// tell inserts a notification, as any part of the platform does.
func tell(p *apitest.Platform, role order.Role, party *uuid.UUID, kind string) {
	p.T.Helper()
	p.Exec(`insert into notifications (role, party_id, kind, subject, created_at) values ($1, $2, $3, 'Иванов Иван', $4)`, string(role), party, kind, p.Deps.Now())
}

// settled waits until every notification has been dealt with, and every letter that is no digest.
func settled(p *apitest.Platform) {
	p.T.Helper()
	testenv.Eventually(p.T, "all letters are sent", func() bool {
		return apitest.Value[int](p, `select (select count(*) from unmailed_notifications) + (select count(*) from mails where ended_at is null and kind <> 'digest')`) == 0
	})
}

func TestLettersGoToConfirmedAddressesOnly(t *testing.T) {
	acceptance.Covers(t, "B-7")
	p, server := start(t)
	p.StartWorker()
	customer, engineer := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEngineerMoscow)
	first := settings(customer)
	require.True(t, first.Enabled)
	require.Equal(t, p.Person(synthetic.LoginCustomer).Email, first.Suggested)
	require.Empty(t, first.Address)
	require.Equal(t, mail.Topics{Action: mail.Now, Progress: mail.Daily, Found: mail.Daily, Account: mail.Daily}, first.Topics)

	const address, other = "customer@example.ru", "other@example.ru"
	setAddress(customer, address)
	asked := await(t, server, address, 1)[0]
	require.Equal(t, "Подтвердите адрес электронной почты", asked.Subject)
	require.Empty(t, asked.Header.Get("List-Unsubscribe"))
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, object{"details": object{"price": 1_000_000, "termDays": 30}})
	settled(p)
	require.Len(t, server.Letters(address), 1, "before the confirmation")

	require.Equal(t, problems.MailLinkInvalid, confirm(p, "AAAA").Problem().Code)
	require.Equal(t, http.StatusNoContent, confirm(p, token(t, asked.Text)).Status)
	require.Equal(t, http.StatusNoContent, confirm(p, token(t, asked.Text)).Status, "a second click")
	p.Engineer(synthetic.LoginEmployeeFirst).RequireApplied(id, order.Respond, object{"details": object{"price": 1_000_000, "termDays": 30}})
	told := await(t, server, address, 2)[1]
	number := apitest.Value[string](p, `select number from orders where id = $1`, id)
	require.Equal(t, "Заказ "+number+": Новый отклик кадастрового инженера", told.Subject)
	for _, text := range []string{told.Text, told.HTML} {
		require.Contains(t, text, p.URL+"/orders/"+id.String())
		require.Contains(t, text, p.URL+"/settings")
		for _, login := range []string{synthetic.LoginCustomer, synthetic.LoginEmployeeFirst, synthetic.LoginEngineerMoscow} {
			require.NotContains(t, text, p.Person(login).LastName)
		}
	}
	require.Equal(t, "<"+apitest.Value[string](p, `select id from mails where kind = 'notification'`)+"@epkr.example>", told.ID)

	// Another address has to be confirmed again; a link of the first one confirms nothing.
	setAddress(customer, other)
	again := await(t, server, other, 1)[0]
	require.Nil(t, settings(customer).ConfirmedAt)
	require.Equal(t, problems.MailLinkInvalid, confirm(p, token(t, asked.Text)).Problem().Code)
	tell(p, order.RoleCustomer, apitest.WhoAmI(customer).Party, string(order.NoticeInvoice))
	settled(p)
	require.Len(t, server.Letters(""), 3)
	require.Equal(t, http.StatusNoContent, confirm(p, token(t, again.Text)).Status)
	tell(p, order.RoleCustomer, apitest.WhoAmI(customer).Party, string(order.NoticeInvoice))
	require.Equal(t, "Пришёл счет на оплату", await(t, server, other, 2)[1].Subject)
	require.Len(t, server.Letters(address), 2)
}

// Somebody else's address cannot be flooded with letters that ask for a confirmation.
func TestConfirmationsAreFew(t *testing.T) {
	p, _ := start(t)
	b := p.Customer(synthetic.LoginCustomer)
	require.Equal(t, problems.Validation, b.Do(http.MethodPut, "/api/mail/address", object{"address": "нет"}).Problem().Code)
	for range 5 {
		setAddress(b, "victim@example.ru")
	}
	require.Equal(t, problems.TooManyLetters, b.Do(http.MethodPut, "/api/mail/address", object{"address": "other@example.ru"}).Problem().Code)
	require.Equal(t, "victim@example.ru", settings(b).Address)
	b.Do(http.MethodDelete, "/api/mail/address", nil).OK()
	require.Equal(t, problems.NoMailAddress, b.Do(http.MethodPut, "/api/mail/settings", object{"topics": settings(b).Topics, "stopped": false}).Problem().Code)
}

// Each topic has its own frequency, and a digest comes at nine in Moscow with everything before it.
func TestTopicsAndDigest(t *testing.T) {
	acceptance.Covers(t, "B-7")
	p, server := start(t)
	b := p.Engineer(synthetic.LoginEngineerMoscow)
	party := apitest.WhoAmI(b).Party
	const address = "engineer@example.ru"
	confirmed(p, server, b, address)
	choose(b, mail.Topics{Action: mail.Now, Progress: mail.Daily, Found: mail.Daily, Account: mail.Never}, false)

	// Half past eight in the morning, so that the digest is near.
	local := p.Deps.Now().In(order.Moscow)
	early := time.Date(local.Year(), local.Month(), local.Day()+1, 8, 30, 0, 0, order.Moscow)
	p.AdvanceClock(early.Sub(local))
	for _, kind := range []string{string(order.NoticeRated), "saved-search", "staff-engineer-confirmed", string(order.NoticeOffer)} {
		tell(p, order.RoleEngineer, party, kind)
	}
	require.Equal(t, "Вам предложен заказ", await(t, server, address, 2)[1].Subject)
	settled(p)
	require.Len(t, server.Letters(address), 2, "the digest is not due")
	require.Equal(t, time.Date(early.Year(), early.Month(), early.Day(), 9, 0, 0, 0, order.Moscow).UTC(),
		apitest.Value[time.Time](p, `select due_at from mails where kind = 'digest'`).UTC())
	p.AdvanceClock(31 * time.Minute)
	digest := await(t, server, address, 3)[2]
	require.Equal(t, "События за день: 2", digest.Subject)
	require.Contains(t, digest.Text, "Заказчик оценил работу")
	require.Contains(t, digest.Text, "Появился заказ по вашему сохранённому поиску")
	require.NotContains(t, digest.Text, "Вам предложен заказ")
	require.NotContains(t, digest.Text, "Статус работодателя")

	// What comes after nine is in the next day's digest.
	tell(p, order.RoleEngineer, party, string(order.NoticeRated))
	settled(p)
	require.Len(t, server.Letters(address), 3)
	p.AdvanceClock(24 * time.Hour)
	require.Equal(t, "Заказчик оценил работу", await(t, server, address, 4)[3].Subject)
}

// The mail program ends the letters by a POST of a form without a session or cookies (RFC 8058), a
// browser after a question.
func TestUnsubscribeWithoutSession(t *testing.T) {
	acceptance.Covers(t, "B-7")
	p, server := start(t)
	b := p.Customer(synthetic.LoginCustomer)
	party := apitest.WhoAmI(b).Party
	const address = "customer@example.ru"
	confirmed(p, server, b, address)
	tell(p, order.RoleCustomer, party, string(order.NoticeInvoice))
	told := await(t, server, address, 2)[1]
	link := strings.Trim(told.Header.Get("List-Unsubscribe"), "<>")
	require.True(t, strings.HasPrefix(link, p.URL), link)

	asked := p.Browser().Do(http.MethodGet, strings.TrimPrefix(link, p.URL), nil)
	require.Equal(t, http.StatusSeeOther, asked.Status)
	require.Equal(t, "/mail/unsubscribe?token="+token(t, link), asked.Header.Get("Location"))
	require.Contains(t, told.Text, p.URL+asked.Header.Get("Location"))
	require.Nil(t, settings(b).StoppedAt, "a program that opens links ends nothing")
	forged := link[:len(link)-1] + map[bool]string{true: "A", false: "B"}[!strings.HasSuffix(link, "A")]
	refused, err := http.PostForm(forged, url.Values{"List-Unsubscribe": {"One-Click"}})
	require.NoError(t, err)
	require.NoError(t, refused.Body.Close())
	require.Equal(t, http.StatusConflict, refused.StatusCode)
	require.Nil(t, settings(b).StoppedAt)

	for range 2 {
		ended, err := http.PostForm(link, url.Values{"List-Unsubscribe": {"One-Click"}})
		require.NoError(t, err)
		require.NoError(t, ended.Body.Close())
		require.Equal(t, http.StatusNoContent, ended.StatusCode)
	}
	require.NotNil(t, settings(b).StoppedAt)
	tell(p, order.RoleCustomer, party, string(order.NoticeInvoice))
	settled(p)
	require.Len(t, server.Letters(address), 2)
	// The confirmation of an address is no link to end letters, and the reverse.
	require.Equal(t, problems.MailLinkInvalid, confirm(p, token(t, link)).Problem().Code)

	choose(b, settings(b).Topics, false)
	tell(p, order.RoleCustomer, party, string(order.NoticeInvoice))
	await(t, server, address, 3)
}

// A letter is sent until the server answers: a server that is busy gets it again, and one whose answer
// was lost gets it again under the same Message-ID. An order waits for none of this.
func TestServerThatFailsLosesNoLetter(t *testing.T) {
	acceptance.Covers(t, "B-7")
	p, server := start(t)
	b := p.Customer(synthetic.LoginCustomer)
	party := apitest.WhoAmI(b).Party
	const address = "customer@example.ru"
	confirmed(p, server, b, address)
	var failures atomic.Int32
	fail := func(step mailsim.Step, answer func(mailsim.Delivery) error) {
		failures.Store(1)
		server.Answer(func(d mailsim.Delivery) error {
			if d.Step == step && failures.Add(-1) >= 0 {
				return answer(d)
			}
			return nil
		})
	}
	attempts := func(n int) {
		t.Helper()
		testenv.Eventually(t, "the attempts are recorded", func() bool {
			return apitest.Value[int](p, `select coalesce(max(attempts), 0) from mails where ended_at is null and answer <> ''`) == n
		})
	}

	fail(mailsim.Recipient, func(mailsim.Delivery) error {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Later"}
	})
	tell(p, order.RoleCustomer, party, string(order.NoticeInvoice))
	attempts(1)
	require.Len(t, server.Letters(address), 1)
	p.AdvanceClock(2 * time.Minute)
	await(t, server, address, 2)
	settled(p)

	// It takes the letter and breaks off before it says so.
	fail(mailsim.Kept, func(d mailsim.Delivery) error {
		d.Break()
		return nil
	})
	tell(p, order.RoleCustomer, party, string(order.NoticeAct))
	attempts(1)
	p.AdvanceClock(2 * time.Minute)
	all := await(t, server, address, 4)
	require.Equal(t, all[2].ID, all[3].ID)
	require.Equal(t, all[2].Subject, all[3].Subject)
	require.NotEqual(t, all[1].ID, all[2].ID)
	settled(p)

	// It breaks off in the middle.
	fail(mailsim.Content, func(d mailsim.Delivery) error {
		d.Break()
		return &smtp.SMTPError{Code: 421, Message: "gone"}
	})
	tell(p, order.RoleCustomer, party, string(order.NoticeDispute))
	attempts(1)
	require.Len(t, server.Letters(address), 4)
	p.AdvanceClock(2 * time.Minute)
	await(t, server, address, 5)
	require.Equal(t, 3, apitest.Value[int](p, `select count(*) from mails where kind = 'notification' and outcome = 'sent'`))
}

// A server that does not answer holds up letters, and no order.
func TestOrderDoesNotWaitForMail(t *testing.T) {
	p, server := start(t)
	p.StartWorker()
	customer, engineer := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEngineerMoscow)
	confirmed(p, server, customer, "customer@example.ru")
	release := make(chan struct{})
	end := func() { close(release) }
	t.Cleanup(func() {
		if end != nil {
			end()
		}
	})
	var held atomic.Bool
	server.Answer(func(d mailsim.Delivery) error {
		if d.Step == mailsim.Recipient {
			held.Store(true)
			<-release
		}
		return nil
	})
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, object{"details": object{"price": 1_000_000, "termDays": 30}})
	testenv.Eventually(t, "the letter is held", held.Load)
	customer.RequireApplied(id, order.Choose, object{"details": object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	end()
	end = nil
	await(t, server, "customer@example.ru", 2)
}

// An address that does not exist gets nothing more until its person has confirmed it again. A refusal
// of the platform itself is not the address's fault.
func TestRefusedAddressGetsNothingMore(t *testing.T) {
	acceptance.Covers(t, "B-7")
	p, server := start(t)
	b := p.Customer(synthetic.LoginCustomer)
	party := apitest.WhoAmI(b).Party
	const address = "customer@example.ru"
	confirmed(p, server, b, address)
	refuse := func(code smtp.EnhancedCode) {
		server.Answer(func(d mailsim.Delivery) error {
			if d.Step == mailsim.Recipient {
				return &smtp.SMTPError{Code: 550, EnhancedCode: code, Message: "No"}
			}
			return nil
		})
	}
	refuse(smtp.EnhancedCode{5, 7, 1})
	tell(p, order.RoleCustomer, party, string(order.NoticeInvoice))
	settled(p)
	require.Equal(t, "refused", apitest.Value[string](p, `select outcome from mails where kind = 'notification'`))
	require.NotNil(t, settings(b).ConfirmedAt)

	refuse(smtp.EnhancedCode{5, 1, 1})
	tell(p, order.RoleCustomer, party, string(order.NoticeInvoice))
	settled(p)
	require.NotNil(t, settings(b).RefusedAt)
	require.Nil(t, settings(b).ConfirmedAt)
	server.Answer(func(mailsim.Delivery) error { return nil })
	tell(p, order.RoleCustomer, party, string(order.NoticeInvoice))
	settled(p)
	require.Len(t, server.Letters(address), 1)
	confirmed(p, server, b, address)
	require.Nil(t, settings(b).RefusedAt)
	tell(p, order.RoleCustomer, party, string(order.NoticeInvoice))
	await(t, server, address, 3)
}

// Those get a letter who see the notification on the platform: everybody who acts for an organisation,
// the employer, the moderators; nobody who is switched off or has withdrawn his consent.
func TestLettersGoToTheReadersOfNotifications(t *testing.T) {
	p, server := start(t)
	head := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	stranger, employer, moderator := p.Customer(synthetic.LoginSecondCustomer), p.Employer(synthetic.LoginEmployerHead), p.Moderator()
	firm := apitest.WhoAmI(head).Party
	employee := p.Customer(synthetic.LoginCustomerEmployee)
	people := map[string]*apitest.Browser{"head@x.ru": head, "employee@x.ru": employee, "stranger@x.ru": stranger, "employer@x.ru": employer, "moderator@x.ru": moderator}
	for address, b := range people {
		confirmed(p, server, b, address)
	}
	require.NotNil(t, firm)
	got := func(role order.Role, party *uuid.UUID, kind string) (to []string) {
		before := map[string]int{}
		for address := range people {
			before[address] = len(server.Letters(address))
		}
		tell(p, role, party, kind)
		settled(p)
		for _, address := range []string{"employee@x.ru", "employer@x.ru", "head@x.ru", "moderator@x.ru", "stranger@x.ru"} {
			if len(server.Letters(address)) > before[address] {
				to = append(to, address)
			}
		}
		return to
	}
	require.Equal(t, []string{"head@x.ru"}, got(order.RoleCustomer, firm, string(order.NoticeInvoice)), "the employee is not admitted")
	p.Exec(`insert into representatives (person_id, party_id, active, read_at, as_customer) select id, $2, true, now(), true from people where snils_number = snils_digits($1)
		on conflict (person_id, party_id) do update set as_customer = true, active = true`, p.Person(synthetic.LoginCustomerEmployee).SNILS, firm)
	require.Equal(t, []string{"employee@x.ru", "head@x.ru"}, got(order.RoleCustomer, firm, string(order.NoticeInvoice)))
	require.Equal(t, []string{"employer@x.ru"}, got(order.RoleEmployer, apitest.WhoAmI(employer).Party, "staff-employer-asked"))
	require.Equal(t, []string{"moderator@x.ru"}, got(order.RoleModerator, nil, string(order.NoticeDispute)))
	p.Exec(`update consents set withdrawn_at = now() where person_id = (select id from people where snils_number = snils_digits($1))`, p.Person(synthetic.LoginCustomerEmployee).SNILS)
	require.Equal(t, []string{"head@x.ru"}, got(order.RoleCustomer, firm, string(order.NoticeInvoice)))
	p.Exec(`update people set active = false where snils_number = snils_digits($1)`, p.Person(synthetic.LoginCustomerHead).SNILS)
	require.Empty(t, got(order.RoleCustomer, firm, string(order.NoticeInvoice)))
}

// Several API servers share the work: each notification becomes one letter.
func TestServersShareTheLetters(t *testing.T) {
	p, server := start(t)
	b := p.Customer(synthetic.LoginCustomer)
	confirmed(p, server, b, "customer@example.ru")
	p.StartSecondServer(sendingTo(p.Deps.Config.Mail.Address))
	const notifications = 300
	p.Exec(`insert into notifications (role, party_id, kind, created_at) select 'customer', $1, 'invoice', now() from generate_series(1, $2)`, apitest.WhoAmI(b).Party, notifications)
	testenv.Eventually(t, "all letters are sent", func() bool { return len(server.Letters("customer@example.ru")) > notifications })
	settled(p)
	ids := map[string]bool{}
	for _, l := range server.Letters("customer@example.ru") {
		require.False(t, ids[l.ID], l.ID)
		ids[l.ID] = true
	}
	require.Len(t, ids, 1+notifications)
}

// Without a mail server nobody enters an address, and notifications do not pile up.
func TestWithoutMailServer(t *testing.T) {
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
	require.False(t, settings(b).Enabled)
	require.Equal(t, problems.MailOff, b.Do(http.MethodPut, "/api/mail/address", object{"address": "a@example.ru"}).Problem().Code)
	p.Exec(`insert into mail_addresses (person_id, address, asked_at, confirmed_at) select id, 'a@example.ru', now(), now() from people where snils_number = snils_digits($1)`,
		p.Person(synthetic.LoginCustomer).SNILS)
	tell(p, order.RoleCustomer, apitest.WhoAmI(b).Party, string(order.NoticeInvoice))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from unmailed_notifications`))
	p.AdvanceClock(4 * 24 * time.Hour)
	testenv.Eventually(t, "it is forgotten", func() bool { return apitest.Value[int](p, `select count(*) from unmailed_notifications`) == 0 })
}

// Two records of one person have one address.
func TestMergedPeopleHaveOneAddress(t *testing.T) {
	p, _ := start(t)
	kept, duplicate := uuid.New(), uuid.New()
	for i, id := range []uuid.UUID{kept, duplicate} {
		p.Exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, '', 'а', 'б')`, id, fmt.Sprint("oid", i))
	}
	p.Exec(`insert into mail_addresses (person_id, address, asked_at) values ($1, 'a@example.ru', now())`, duplicate)
	p.Exec(`insert into mails (id, person_id, kind, version, created_at, due_at) values (gen_random_uuid(), $1, 'confirmation', 1, now(), now() + interval '1 day')`, duplicate)
	p.Exec(`select merge_people($1, $2)`, duplicate, kept)
	require.Equal(t, kept, apitest.Value[uuid.UUID](p, `select person_id from mail_addresses`))
	require.Equal(t, kept, apitest.Value[uuid.UUID](p, `select person_id from mails`))
}
