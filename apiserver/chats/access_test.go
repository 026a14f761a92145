package chats_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	fileactivities "epkr/activities/files"
	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// may returns what somebody may do in a chat: w to write, r to read only, - nothing.
func (c talk) may(b *apitest.Browser) string {
	b.Platform.T.Helper()
	a := b.Do(http.MethodGet, c.message(0), nil)
	if a.Status == http.StatusNotFound {
		require.Equal(b.Platform.T, problems.ChatNotFound, a.Problem().Code)
		return "-"
	}
	var found thread
	a.OK().Into(&found)
	sent := c.post(b, apitest.Object{"text": "Сообщение"})
	require.Equal(b.Platform.T, found.Writable, sent.Status == http.StatusCreated, sent.Text())
	require.Equal(b.Platform.T, found.Writable, found.ClosedReason == "")
	if found.Writable {
		return "w"
	}
	require.Contains(b.Platform.T, []string{problems.ChatClosed, problems.WrongRole}, sent.Problem().Code)
	return "r"
}

// Who may read and write the chats of an order with two responders, stage by stage: the customer, the
// performer and his employer, the other responder, a stranger and a moderator.
func TestWhoMayReadAndWriteAtEachStage(t *testing.T) {
	acceptance.Covers(t, "S-32", "R-SUSP-2", "R-OFFER-2", "S-16")
	p := apitest.Start(t)
	p.StartWorker()
	customer, first, second := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEmployeeFirst), p.Engineer(synthetic.LoginEngineerMoscow)
	everybody := []*apitest.Browser{
		customer, first, p.Employer(synthetic.LoginEmployerHead), second, p.Engineer(synthetic.LoginEmployeeSecond), p.Customer(synthetic.LoginSecondCustomer), p.Moderator(),
	}
	moderator := everybody[6]
	id := customer.PublishOrder("77")
	his, others := talk{id, p.EngineerID(synthetic.LoginEmployeeFirst)}, talk{id, p.EngineerID(synthetic.LoginEngineerMoscow)}
	requireMay := func(c talk, want, stage string) {
		t.Helper()
		var may string
		for _, b := range everybody {
			may += c.may(b)
		}
		require.Equal(t, want, may, stage)
	}
	bid := apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}}
	requireMay(his, "-------", "without a response there is no chat")
	first.RequireApplied(id, order.Respond, bid)
	customer.RequireApplied(id, order.OfferOrder, apitest.Object{"details": apitest.Object{"engineer": others.engineer}})
	requireMay(his, "wwr----", "responded")
	requireMay(others, "w--w---", "offered")
	second.RequireApplied(id, order.DeclineOffer, nil)
	requireMay(others, "r--r---", "the offer is declined")
	second.RequireApplied(id, order.Respond, bid)
	requireMay(others, "w--w---", "responded after the offer")
	choose(customer, his)
	requireMay(his, "wwr----", "chosen")
	requireMay(others, "r--r---", "another one is chosen")

	contract := first.SendContract(id, "договор", 0)
	customer.RequireApplied(id, order.SignContract, apitest.Object{"details": apitest.Object{"contract": contract.SHA256, "signature": apitest.Ref(customer.Sign(id, contract))}})
	requireMay(his, "wwr----", "in work")
	hold := func(active bool) {
		moderator.RequireApplied(id, order.ModeratorStatus, apitest.Object{
			"details": apitest.Object{"engineer": his.engineer, "active": active}, "text": apitest.Object{"note": "Проверка"},
		})
	}
	hold(false)
	requireMay(his, "wwr----", "suspended")
	hold(true)
	p.Exec(`update engineers set blocked = true where id = $1`, his.engineer)
	requireMay(his, "wwr----", "blocked")
	p.Exec(`update engineers set blocked = false where id = $1`, his.engineer)

	customer.RequireApplied(id, order.OpenDispute, apitest.Object{"details": apitest.Object{"ground": "termination"}, "text": apitest.Object{"note": "Работы не начаты"}})
	requireMay(his, "wwr---r", "in a dispute")
	requireMay(others, "r--r---", "in a dispute with another one")
	moderator.RequireApplied(id, order.SettleDispute, apitest.Object{"details": apitest.Object{"settlement": "terminate"}, "text": apitest.Object{"note": "Договор прекращён"}})
	requireMay(his, "wwr----", "ended")
	require.NotNil(t, his.read(customer, "").ClosesAt)
	p.Exec(`update chats set ended_at = ended_at - interval '30 days' where order_id = $1 and ended_at is not null`, id)
	requireMay(his, "rrr----", "ended 30 days ago")
	require.Len(t, chatsAt(customer, "/api/orders/"+id.String()+"/chats"), 2)
	require.Len(t, chatsAt(second, "/api/chats"), 1)
}

// The chat tells its parties once in each dispute that a moderator reads it, and its lists show him
// no messages.
func TestChatTellsOfAModeratorsReading(t *testing.T) {
	acceptance.Covers(t, "S-32")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	moderator := p.Moderator()
	id := p.SignedOrder(customer, engineer, 0)
	c := talk{id, p.EngineerID(synthetic.LoginEngineerMoscow)}
	c.say(customer, "Первое")
	c.say(engineer, "Отзову")
	engineer.Do(http.MethodDelete, c.message(2), nil).OK()
	require.Empty(t, chatsAt(moderator, "/api/chats"))
	dispute := func() {
		customer.RequireApplied(id, order.OpenDispute, apitest.Object{"details": apitest.Object{"ground": "termination"}, "text": apitest.Object{"note": "Работы не начаты"}})
	}
	dispute()
	for _, address := range []string{"/api/chats", "/api/orders/" + id.String() + "/chats"} {
		listed := chatsAt(moderator, address)
		require.Len(t, listed, 1)
		require.Nil(t, listed[0].LastMessage)
		require.Zero(t, listed[0].Unread)
	}
	require.Len(t, c.read(customer, "").Items, 2, "a list is no reading")
	for range 2 {
		require.Len(t, c.read(moderator, "").Items, 3)
	}
	last := c.read(engineer, "").Items[2]
	require.Equal(t, "platform", last.Side)
	require.Equal(t, "Платформа", last.Author.Name)
	require.Contains(t, last.Text, "Модератор")
	require.EqualValues(t, 1, unread(engineer).Messages, "a line of the platform is no message")
	var earlier struct{ Items []struct{ Text string } }
	moderator.Do(http.MethodGet, c.message(2)+"/texts", nil).OK().Into(&earlier)
	require.Equal(t, "Отзову", earlier.Items[0].Text)
	require.Equal(t, http.StatusForbidden, moderator.Do(http.MethodPut, c.path()+"/read", apitest.Object{"seq": 1}).Status)
	require.Zero(t, c.read(customer, "").ReadByOther)

	moderator.RequireApplied(id, order.SettleDispute, apitest.Object{"details": apitest.Object{"settlement": "continue"}, "text": apitest.Object{"note": "Продолжить"}})
	require.Equal(t, "-", c.may(moderator))
	dispute()
	c.read(moderator, "")
	require.Len(t, c.read(customer, "").Items, 4, "another dispute, another line")
}

// A recording that closes the chat while a message is written decides: the message waits and is
// refused, and nothing of it is stored.
func TestMessageWaitsForTheRecordingThatClosesItsChat(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	c := respond(customer, engineer, synthetic.LoginEngineerMoscow)
	commit := testenv.HoldTransaction(t, p.DatabaseURL, `update responses set status = 'closed' where order_id = $1`, c.id)
	answered := make(chan apitest.Answer, 1)
	request := engineer.Request(http.MethodPost, c.message(0), apitest.Object{"text": "Успею?"}, "Idempotency-Key", uuid.NewString())
	go func() { answered <- engineer.Exchange(request) }()
	testenv.Eventually(t, "the message waits for the recording", func() bool { return testenv.Blocked(t, p.DatabaseURL) })
	commit()
	refused := (<-answered).Problem()
	require.Equal(t, problems.ChatClosed, refused.Code)
	require.Contains(t, refused.Detail, "Отклик отозван")
	require.Empty(t, c.read(engineer, "").Items)
}

// An employer reads the chats of his engineers, has counters of his own, and leaves no mark that the
// parties see.
func TestEmployerReadsHisEmployeesChats(t *testing.T) {
	acceptance.Covers(t, "S-32", "R-NOTIF-2")
	p := apitest.Start(t)
	p.StartWorker()
	customer, engineer, employer := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEmployeeFirst), p.Employer(synthetic.LoginEmployerHead)
	c := respond(customer, engineer, synthetic.LoginEmployeeFirst)
	c.say(customer, "Здравствуйте")
	require.EqualValues(t, 1, unread(employer).Messages)
	require.Equal(t, "Заказчик, кадастровый инженер "+chatsAt(customer, "/api/chats")[0].EngineerName, chatsAt(employer, "/api/chats")[0].Counterpart)
	employer.Do(http.MethodPut, c.path()+"/read", apitest.Object{"seq": 1}).OK()
	require.Zero(t, unread(employer))
	require.EqualValues(t, 1, unread(engineer).Messages)
	require.Zero(t, c.read(customer, "").ReadByOther)
	require.Equal(t, problems.WrongRole, c.post(employer, apitest.Object{"text": "Добрый день"}).Problem().Code)
	choose(customer, c)
	require.Len(t, chatsAt(employer, "/api/chats"), 1)
	// Who leaves the employer before the choice of another order takes his correspondence along.
	other := respond(customer, engineer, synthetic.LoginEmployeeFirst)
	require.Len(t, chatsAt(employer, "/api/chats"), 2)
	p.Exec(`update engineers set employment = '', employer_id = null where id = $1`, other.engineer)
	require.Len(t, chatsAt(employer, "/api/chats"), 1)
	require.Equal(t, problems.ChatNotFound, employer.Do(http.MethodGet, other.message(0), nil).Problem().Code)
	// The chat of a performer stays the employer's to read when a colleague has taken the order over.
	p.Exec(`update orders set engineer_id = $2 where id = $1`, c.id, p.EngineerID(synthetic.LoginEmployeeSecond))
	require.Equal(t, "Здравствуйте", c.read(employer, "").Items[0].Text)
	require.False(t, c.read(customer, "").Writable)
}

// Files of a chat take the upload of orders; its readers open them, and no document of the order is
// made of them.
func TestFilesOfAChat(t *testing.T) {
	acceptance.Covers(t, "R-CHAT-2", "R-CONTR-6", "R-CHAT-3")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	stranger := p.Engineer(synthetic.LoginEmployeeFirst)
	c := respond(customer, engineer, synthetic.LoginEngineerMoscow)
	files := c.path() + "/files"
	plan := engineer.UploadTo(files, "план.pdf", apitest.PDF("план"))
	content := func(b *apitest.Browser, file uuid.UUID) int {
		return b.Do(http.MethodGet, files+"/"+file.String()+"/content", nil).Status
	}
	require.Equal(t, http.StatusFound, content(engineer, plan.ID))
	require.Equal(t, http.StatusNotFound, content(customer, plan.ID), "what has not been sent")
	require.Equal(t, []string{"files[0]"}, apitest.Fields(c.post(customer, apitest.Object{"files": []uuid.UUID{plan.ID}}).Problem()))
	require.Equal(t, http.StatusCreated, c.post(engineer, apitest.Object{"files": []uuid.UUID{plan.ID}}).Status)
	require.Equal(t, []string{"files[1]"}, apitest.Fields(c.post(engineer, apitest.Object{"files": []uuid.UUID{plan.ID, plan.ID}}).Problem()))
	sent := c.read(customer, "").Items[0]
	require.Equal(t, "план.pdf", sent.Files[0].Name)
	require.Equal(t, http.StatusFound, content(customer, plan.ID))
	require.Equal(t, http.StatusNotFound, content(stranger, plan.ID))
	require.Equal(t, problems.FileInUse, engineer.Do(http.MethodDelete, files+"/"+plan.ID.String(), nil).Problem().Code)
	require.Equal(t, http.StatusNotFound, customer.Do(http.MethodDelete, files+"/"+plan.ID.String(), nil).Status)
	require.Equal(t, http.StatusNotFound, customer.Do(http.MethodGet, apitest.FilePath(c.id, plan)+"/content", nil).Status, "it is no file of the order")
	engineer.Do(http.MethodDelete, c.message(1), nil).OK()
	require.Empty(t, c.read(customer, "").Items[0].Files)
	require.Equal(t, http.StatusNotFound, content(customer, plan.ID), "the message was withdrawn")

	choose(customer, c)
	contract := engineer.Upload(c.id, "договор.pdf", apitest.PDF("договор"))
	require.Equal(t, []string{"files[0]"}, apitest.Fields(c.post(customer, apitest.Object{"files": []uuid.UUID{contract.ID}}).Problem()), "a file that is no document")
	form := customer.Card(c.id)
	require.Empty(t, form.Documents)
	engineer.RequireRefused(order.CodeFileUnknown, c.id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(plan), "signature": apitest.Ref(plan), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	agreed := engineer.SendContract(c.id, "проект", 0)
	require.Equal(t, http.StatusCreated, c.post(customer, apitest.Object{"text": "Вот этот", "files": []uuid.UUID{agreed.ID}}).Status, "a document of the order")
	require.Equal(t, http.StatusFound, content(engineer, agreed.ID))
	require.Equal(t, http.StatusFound, content(customer, agreed.ID))
	large := apitest.Object{"name": "a.pdf", "size": 65 << 20, "sha256": apitest.HexSum(nil)}
	require.Equal(t, problems.FileTooLarge, customer.Do(http.MethodPost, files, large).Problem().Code)
}

// After two weeks the sweep removes what was uploaded and never sent; what a message has stays, also
// in a chat that is closed.
func TestSweepKeepsFilesOfMessages(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	c := respond(customer, engineer, synthetic.LoginEngineerMoscow)
	files := c.path() + "/files"
	sent, unsent := engineer.UploadTo(files, "план.pdf", apitest.PDF("план")), engineer.UploadTo(files, "не нужен.pdf", apitest.PDF("не нужен"))
	require.Equal(t, http.StatusCreated, c.post(engineer, apitest.Object{"files": []uuid.UUID{sent.ID}}).Status)
	engineer.RequireApplied(c.id, order.WithdrawResponse, nil)
	require.Equal(t, problems.ChatClosed, engineer.Do(http.MethodPost, files, apitest.Object{"name": "a.pdf", "size": 1, "sha256": apitest.HexSum(nil)}).Problem().Code)
	later := func() time.Time { return time.Now().Add(15 * 24 * time.Hour) }
	require.NoError(t, fileactivities.New(p.Deps.Store, p.Deps.Files, later).SweepAbandoned(t.Context()))
	require.Equal(t, http.StatusFound, customer.Do(http.MethodGet, files+"/"+sent.ID.String()+"/content", nil).Status)
	require.Equal(t, problems.FileNotFound, engineer.Do(http.MethodGet, files+"/"+unsent.ID.String(), nil).Problem().Code)
}
