package goskey_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/files"
	"epkr/apiserver/goskey"
	"epkr/apiserver/httpapi/problems"
	goskeysim "epkr/dev/simulators/goskey"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// scene is an order whose contract waits for the customer's signature, on a platform with «Госключ».
type scene struct {
	*apitest.Platform
	customer, engineer *apitest.Browser
	order              uuid.UUID
	contract           files.File
	stopWorker         func()
}

func start(t *testing.T) *scene {
	t.Helper()
	p := apitest.Start(t, apitest.WithGoskey)
	p.StartGoskey()
	s := &scene{Platform: p, stopWorker: p.StartWorker()}
	s.customer, s.engineer = p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEngineerMoscow)
	s.order, s.contract = p.OrderWithContract(s.customer, s.engineer, 0)
	return s
}

func (s *scene) path() string { return "/api/orders/" + s.order.String() + "/goskey" }

// ask asks for a signature of a document under a key.
func (s *scene) ask(key string, action order.Kind, document string) apitest.Answer {
	s.T.Helper()
	return s.customer.Do(http.MethodPost, s.path(), apitest.Object{"action": action, "document": document}, "Idempotency-Key", key)
}

// begin asks for a signature of the contract.
func (s *scene) begin() goskey.SigningRequest {
	s.T.Helper()
	a := s.ask(uuid.NewString(), order.SignContract, s.contract.SHA256)
	require.Equal(s.T, http.StatusAccepted, a.Status, a.Text())
	var out struct{ Request goskey.SigningRequest }
	a.Into(&out)
	return out.Request
}

// shown returns what the customer sees of the signatures in the order.
func (s *scene) shown() (offered bool, requests []goskey.SigningRequest) {
	s.T.Helper()
	var out struct {
		Offered  bool
		Requests []goskey.SigningRequest
	}
	s.customer.Do(http.MethodGet, s.path(), nil).OK().Into(&out)
	return out.Offered, out.Requests
}

// awaitState waits until the customer sees his only signature in a state.
func (s *scene) awaitState(state goskey.State) goskey.SigningRequest {
	s.T.Helper()
	var found goskey.SigningRequest
	testenv.Eventually(s.T, "the signature is "+string(state), func() bool {
		_, requests := s.shown()
		require.Len(s.T, requests, 1)
		found = requests[0]
		return found.State == state
	})
	return found
}

// arrives waits until the person has the document, and returns its number.
func (s *scene) arrives() int64 {
	s.T.Helper()
	s.awaitState(goskey.Waiting)
	sent := s.Goskey.Sent()
	return sent[len(sent)-1]
}

// requireUnsigned requires that the contract still waits for the customer.
func (s *scene) requireUnsigned() {
	s.T.Helper()
	require.Equal(s.T, order.Contracting, s.customer.Card(s.order).Stage.Code)
}

// The customer signs the contract in the application, and the order goes on without him. Repeated
// requests send one document.
func TestContractIsSignedInGoskey(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-15", "S-36")
	s := start(t)
	offered, requests := s.shown()
	require.True(t, offered)
	require.Empty(t, requests)

	key := uuid.NewString()
	for range 2 {
		require.Equal(t, http.StatusAccepted, s.ask(key, order.SignContract, s.contract.SHA256).Status)
	}
	require.Equal(t, problems.KeyReused, s.ask(key, order.SignContract, apitest.HexSum(nil)).Problem().Code)
	again := s.begin()
	number := s.arrives()
	waiting := s.awaitState(goskey.Waiting)
	require.Equal(t, again.ID, waiting.ID, "another request for the document joins the first")
	require.WithinDuration(t, time.Now().Add(24*time.Hour), waiting.Until, time.Hour)
	s.requireUnsigned()

	require.NoError(t, s.Goskey.Sign(number))
	s.awaitState(goskey.Applied)
	card := s.customer.Card(s.order)
	require.Equal(t, order.Work, card.Stage.Code)
	require.NotNil(t, card.Contract.CustomerSignature)
	signature := card.Documents[0]
	for _, d := range card.Documents {
		if d.Kind == order.DocumentContractSignature && d.AuthorRole == order.RoleCustomer {
			signature = d
		}
	}
	require.Equal(t, "договор.pdf.sig", signature.Name)
	require.Equal(t, s.Person(synthetic.LoginCustomer).FullName(), signature.Signature.Signer)
	require.Equal(t, []int64{number}, s.Goskey.Sent())
	require.Equal(t, order.CodeAlreadyDone, order.Code(s.ask(uuid.NewString(), order.SignContract, s.contract.SHA256).Problem().Code))
}

// Each end without a signature leaves the order where it was, says why, and lets the customer try again
// or sign in another way.
func TestEndsWithoutSignature(t *testing.T) {
	acceptance.Covers(t, "S-36")
	s := start(t)
	for _, c := range []struct {
		reason    string
		behaviour goskeysim.Behaviour
		then      func(int64) error
	}{
		{reason: "Вы отказались подписать документ в Госключе.", then: s.Goskey.Refuse},
		{reason: "Госуслуги не приняли подпись платформы", behaviour: goskeysim.Behaviour{Check: "FILES_VERIFICATION_FAILED"}},
		{reason: "Вам отправлено слишком много документов", behaviour: goskeysim.Behaviour{Check: "LIMITATION_EXCEPTION"}},
		{reason: "оформлен с ошибкой", behaviour: goskeysim.Behaviour{Check: "VALIDATION_ERROR"}},
		{reason: "Госключ не смог обработать документ", behaviour: goskeysim.Behaviour{Check: "INTERNAL_ERROR", Retry: true}},
		{reason: "подпись, которую платформа не приняла", behaviour: goskeysim.Behaviour{Signature: goskeysim.WrongSigner}, then: s.Goskey.Sign},
		{reason: "подпись, которую платформа не приняла", behaviour: goskeysim.Behaviour{Signature: goskeysim.Unqualified}, then: s.Goskey.Sign},
		{reason: "подпись, которую платформа не приняла", behaviour: goskeysim.Behaviour{Signature: goskeysim.OtherDocument}, then: s.Goskey.Sign},
	} {
		s.Goskey.Behave(c.behaviour)
		s.begin()
		if c.then != nil {
			require.NoError(t, c.then(s.arrives()))
		}
		ended := s.awaitState(goskey.Failed)
		require.Contains(t, ended.Reason, c.reason)
		require.NotNil(t, ended.EndedAt)
		s.requireUnsigned()
	}
	refused := testenv.Column[string](t, s.DatabaseURL, `select result -> 'refusals' -> 0 ->> 'code' from signature_checks where not valid order by checked_at`)
	require.Equal(t, []string{"wrong_person", "unqualified", "other_document"}, refused)
	s.customer.RequireApplied(s.order, order.SignContract, apitest.Object{"details": apitest.Object{
		"contract": s.contract.SHA256, "signature": apitest.Ref(s.customer.Sign(s.order, s.contract)),
	}})
}

// A person who is not known in «Госключ», and one who does not answer in time, end the request too.
func TestNoAccountAndExpiry(t *testing.T) {
	acceptance.Covers(t, "S-36")
	s := start(t)
	known := s.Person(synthetic.LoginCustomer).SNILS
	s.Exec(`update people set snils = '000-000-600 15' where snils = $1`, known)
	s.begin()
	require.Contains(t, s.awaitState(goskey.Failed).Reason, "Госключ не нашёл вас")
	s.requireUnsigned()

	s.Exec(`update people set snils = $1 where snils = '000-000-600 15'`, known)
	s.begin()
	s.arrives()
	s.AdvanceClock(24 * time.Hour)
	s.customer = s.Customer(synthetic.LoginCustomer)
	require.Contains(t, s.awaitState(goskey.Failed).Reason, "Срок подписания документа в Госключе истёк.")
	s.requireUnsigned()
}

// A signature that comes when the document was replaced, or when the order has another one, is kept and
// not applied.
func TestLateSignatureIsKept(t *testing.T) {
	acceptance.Covers(t, "S-36", "R-CONTR-15")
	s := start(t)
	s.begin()
	first := s.arrives()
	s.customer.RequireApplied(s.order, order.ReturnContract, apitest.Object{"text": apitest.Object{"note": "Исправьте срок"}})
	s.contract = s.engineer.SendContract(s.order, "договор с исправлениями", 0)
	require.NoError(t, s.Goskey.Sign(first))
	late := s.awaitState(goskey.Failed)
	require.Contains(t, late.Reason, "Подпись из Госключа сохранена, но не применена")
	require.Contains(t, late.Reason, "Договор изменился")
	s.requireUnsigned()
	kept := apitest.Value[uuid.UUID](s.Platform, `select signature_id from goskey_requests where id = $1`, late.ID)
	require.NotEmpty(t, s.customer.Download(s.order, kept))
	require.Equal(t, http.StatusConflict, s.customer.Do(http.MethodDelete, apitest.FilePath(s.order, files.File{ID: kept}), nil).Status)

	s.begin()
	second := s.arrives()
	s.customer.RequireApplied(s.order, order.SignContract, apitest.Object{"details": apitest.Object{
		"contract": s.contract.SHA256, "signature": apitest.Ref(s.customer.Sign(s.order, s.contract)),
	}})
	require.NoError(t, s.Goskey.Sign(second))
	require.Contains(t, s.awaitState(goskey.Failed).Reason, "не применена")
	require.Equal(t, order.Work, s.customer.Card(s.order).Stage.Code)
}

// A signature that comes while the order is suspended waits until the order goes on.
func TestSignatureWaitsWhileSuspended(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-36")
	s := start(t)
	s.begin()
	number := s.arrives()
	moderator := s.SignedIn(synthetic.LoginModerator, order.RoleModerator, "moderator")
	block := func(active bool) {
		moderator.RequireApplied(s.order, order.ModeratorStatus, apitest.Object{
			"details": apitest.Object{"engineer": s.EngineerID(synthetic.LoginEngineerMoscow), "active": active},
			"text":    apitest.Object{"note": "Проверка"},
		})
	}
	block(false)
	require.NoError(t, s.Goskey.Sign(number))
	s.awaitState(goskey.Signed)
	require.Equal(t, order.Suspended, s.customer.Card(s.order).Stage.Code)
	block(true)
	s.awaitState(goskey.Applied)
	require.Equal(t, order.Work, s.customer.Card(s.order).Stage.Code)
}

// The act is signed with the acceptance of the results.
func TestActIsSignedInGoskey(t *testing.T) {
	acceptance.Covers(t, "R-ACC-5")
	s := start(t)
	s.customer.RequireApplied(s.order, order.SignContract, apitest.Object{"details": apitest.Object{
		"contract": s.contract.SHA256, "signature": apitest.Ref(s.customer.Sign(s.order, s.contract)),
	}})
	act := s.engineer.Upload(s.order, "акт.pdf", apitest.PDF("акт"))
	require.Equal(t, string(order.CodeStage), s.ask(uuid.NewString(), order.AcceptResults, act.SHA256).Problem().Code)
	s.engineer.RequireApplied(s.order, order.SubmitResults, apitest.Object{"details": apitest.Object{
		"way": "files", "files": []apitest.Object{apitest.Ref(s.engineer.Upload(s.order, "план.pdf", apitest.PDF("план")))},
		"act": apitest.Object{"file": apitest.Ref(act), "signature": apitest.Ref(s.engineer.Sign(s.order, act))},
	}})
	require.Equal(t, string(order.CodeOtherAct), s.ask(uuid.NewString(), order.AcceptResults, s.contract.SHA256).Problem().Code)
	require.Equal(t, http.StatusAccepted, s.ask(uuid.NewString(), order.AcceptResults, act.SHA256).Status)
	require.NoError(t, s.Goskey.Sign(s.arrives()))
	s.awaitState(goskey.Applied)
	require.Equal(t, order.Payment, s.customer.Card(s.order).Stage.Code)
}

// Without its settings «Госключ» is not offered.
func TestNotOffered(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-15")
	s := start(t)
	without := s.StartSecondServer()
	s.customer = s.customer.WithPlatform(without)
	offered, _ := s.shown()
	require.False(t, offered)
	require.Equal(t, problems.GoskeyOff, s.ask(uuid.NewString(), order.SignContract, s.contract.SHA256).Problem().Code)
}
