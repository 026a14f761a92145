package goskey

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type recorder struct{ signed []string }

func (r *recorder) Sign(_ context.Context, data []byte) ([]byte, error) {
	r.signed = append(r.signed, string(data))
	return []byte("signature"), nil
}

const secret = "the-api-key"

func testConfig(address string) Config {
	return Config{
		EPGU: address, ESIA: address, APIKey: secret, Region: "45", SenderName: "Платформа", SenderINN: "7708410783", Timeout: 5 * time.Second,
	}
}

// serve returns a client of a server that gives tokens and answers everything else with handler.
func serve(t *testing.T, handler http.HandlerFunc) (*Client, *recorder) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/tkn") {
			_, _ = w.Write([]byte(`{"accessTkn":"the-token"}`))
			return
		}
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	signer := &recorder{}
	client, err := New(testConfig(server.URL), signer)
	require.NoError(t, err)
	return client, signer
}

func validRequest(now time.Time) Request {
	return Request{
		Signatory: Signatory{SNILS: "123-456-789 00"}, Description: "Договор", Expires: now.Add(MaxTerm), FileName: "doc.pdf", Document: []byte("x"),
	}
}

// The request has the elements of the schema in their order, and its values are never markup.
func TestRequestXML(t *testing.T) {
	r := validRequest(time.Now())
	r.Description, r.Backlink = `Договор <№ 1> & "др."`, "https://epkr.test/orders/1"
	r.Expires = time.Date(2026, 8, 13, 9, 30, 15, 159_000_000, time.UTC)
	text, err := r.xml(testConfig("https://epgu.test"))
	require.NoError(t, err)
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>
<SignRequest xmlns="urn://mpkey.gosuslugi.ru/sign_document_ukep/1.0.0"><Snils>123-456-789 00</Snils><Backlink>https://epkr.test/orders/1</Backlink>`+
		`<SignExpiration>2026-08-13T12:30:15.159+03:00</SignExpiration><Description>Договор &lt;№ 1&gt; &amp; &#34;др.&#34;</Description>`+
		`<Attribute><AttributeName>orgName</AttributeName><AttributeValue>Платформа</AttributeValue></Attribute>`+
		`<Attribute><AttributeName>orgINN</AttributeName><AttributeValue>7708410783</AttributeValue></Attribute></SignRequest>`, string(text))
	r.Signatory.OGRN = "1027700132195"
	text, err = r.xml(testConfig("https://epgu.test"))
	require.NoError(t, err)
	require.Contains(t, string(text), `<SignRequest xmlns="urn://mpkey.gosuslugi.ru/sign_document_ukep_legalperson/1.0.0">`+
		`<RFOrg><Snils>123-456-789 00</Snils><OGRN>1027700132195</OGRN></RFOrg><Backlink>`)
}

// What breaks a limit is refused before anything is signed or sent.
func TestLimits(t *testing.T) {
	client, signer := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("sent") })
	now := time.Now()
	client.now = func() time.Time { return now }
	for name, c := range map[string]struct {
		change func(*Request)
		code   Code
	}{
		"СНИЛС":          {func(r *Request) { r.Signatory.SNILS = "12345678900" }, CodeRequest},
		"ОГРН":           {func(r *Request) { r.Signatory.OGRN = "12345" }, CodeRequest},
		"без описания":   {func(r *Request) { r.Description = "" }, CodeRequest},
		"описание":       {func(r *Request) { r.Description = strings.Repeat("я", 251) }, CodeRequest},
		"адрес":          {func(r *Request) { r.Backlink = strings.Repeat("я", 251) }, CodeRequest},
		"долгий срок":    {func(r *Request) { r.Expires = now.Add(MaxTerm + time.Second) }, CodeRequest},
		"прошедший срок": {func(r *Request) { r.Expires = now }, CodeRequest},
		"имя":            {func(r *Request) { r.FileName = "a/doc.pdf" }, CodeDocument},
		"вид":            {func(r *Request) { r.FileName = "doc.exe" }, CodeDocument},
		"длинное имя":    {func(r *Request) { r.FileName = strings.Repeat("я", 47) + ".pdf" }, CodeDocument},
		"пустой":         {func(r *Request) { r.Document = nil }, CodeDocument},
		"большой":        {func(r *Request) { r.Document = make([]byte, MaxDocument+1) }, CodeDocument},
	} {
		r := validRequest(now)
		c.change(&r)
		require.Equal(t, c.code, CodeOf(client.Submit(t.Context(), 1, r)), name)
	}
	require.Empty(t, signer.signed)
	longest := validRequest(now)
	longest.Description, longest.Backlink, longest.FileName = strings.Repeat("я", 250), strings.Repeat("я", 250), strings.Repeat("я", 46)+".pdf"
	require.NoError(t, longest.check(now))
}

// Errors say whether a retry helps, have a Russian text, and quote nothing of an answer or a token.
func TestErrors(t *testing.T) {
	fail := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		}
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("followed a redirect") }))
	defer elsewhere.Close()
	for name, c := range map[string]struct {
		handler   http.HandlerFunc
		code      Code
		temporary bool
	}{
		"недоступно":    {fail(503, "<html>Иванова"), CodeUnavailable, true},
		"сбой":          {fail(500, `{"code":"internal_error","message":"Иванова"}`), CodeUnavailable, true},
		"часто":         {fail(429, ""), CodeBusy, true},
		"много":         {fail(409, `{"code":"limitation_exception"}`), CodeBusy, true},
		"нет прав":      {fail(403, `{"code":"access_denied_service","message":"Иванова"}`), CodeNotPermitted, false},
		"токен":         {fail(401, ""), CodeNotPermitted, false},
		"не та услуга":  {fail(400, `{"code":"service_not_found"}`), CodeNotPermitted, false},
		"параметры":     {fail(400, `{"code":"bad_request","message":"Иванова"}`), CodeRefused, false},
		"не JSON":       {fail(200, "Иванова"), CodeAnswerInvalid, false},
		"без номера":    {fail(200, `{}`), CodeAnswerInvalid, false},
		"длинный ответ": {fail(200, `{"orderId":1}`+strings.Repeat(" ", maxAnswer)), CodeAnswerInvalid, false},
		"переадресация": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }, CodeAnswerInvalid, false},
		"обрыв":         {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, CodeUnavailable, true},
	} {
		client, _ := serve(t, c.handler)
		_, err := client.Reserve(t.Context(), Signatory{SNILS: "123-456-789 00"})
		var own *Error
		require.ErrorAs(t, err, &own, name)
		require.Equal(t, c.code, own.Code, name)
		require.Equal(t, c.temporary, own.Temporary(), name)
		require.NotEmpty(t, own.Message(), name)
		for _, hidden := range []string{"Иванова", secret, "the-token", "123-456-789"} {
			require.NotContains(t, err.Error(), hidden, name)
		}
	}
	client, err := New(testConfig("http://127.0.0.1:1"), &recorder{})
	require.NoError(t, err)
	_, err = client.Reserve(t.Context(), Signatory{})
	require.Equal(t, CodeUnavailable, CodeOf(err))
	require.NotContains(t, err.Error(), secret)
}

// The ends that the cabinet tells by words only.
func TestWordsOfEnds(t *testing.T) {
	for _, c := range []struct {
		status         int
		title, comment string
		want           State
	}{
		{0, "Черновик заявления", "", Reserved},
		{17, "Отправлено", "", Waiting},
		{2, "Заявление получено", "Сообщение доставлено", Waiting},
		{3, "Документы подписаны", "", Signed},
		{4, "Истекло время подписания документов", "", Expired},
		{4, "Отказ", "Срок истёк", Expired},
		{4, "Отказ", "Пользователь отказался", Refused},
		{5, "Ошибка", "СНИЛС не найден", NoAccount},
		{5, "Ошибка", "Учётная запись не подтверждена", NoAccount},
		{5, "Ошибка", "Внутренняя ошибка", Failed},
		{24, "Ошибка отправки заявления в ведомство", "", Failed},
	} {
		client, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			order := fmt.Sprintf(`{"orderStatusId":%d,"currentStatusHistory":{"statusId":%d,"title":%q,"comment":%q}}`, c.status, c.status, c.title, c.comment)
			_, _ = fmt.Fprintf(w, `{"code":"OK","message":null,"order":%q}`, order)
		})
		answer, err := client.State(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, c.want, answer.State, c)
	}
}

// A file of another order is not taken for the signature, whatever its link says.
func TestSignatureOfThisOrderOnly(t *testing.T) {
	good := responseFile{"doc.pdf.sig", signatureType, "terrabyte://00/7/doc.pdf/3"}
	require.Equal(t, "doc.pdf", mnemonicOf([]responseFile{good}, 7, "doc.pdf"))
	for _, f := range []responseFile{
		{"doc.pdf.sig", signatureType, "terrabyte://00/8/doc.pdf/3"},
		{"doc.pdf.sig", signatureType, "terrabyte://00/7/doc.pdf/2"},
		{"doc.pdf.sig", signatureType, "https://elsewhere.test/7/doc.pdf/3"},
		{"doc.pdf.sig", signatureType, "terrabyte://00/../7/doc.pdf/3"},
		{"other.pdf.sig", signatureType, "terrabyte://00/7/other.pdf/3"},
		{"doc.pdf", "application/pdf", "terrabyte://00/7/doc.pdf/3"},
	} {
		require.Empty(t, mnemonicOf([]responseFile{f}, 7, "doc.pdf"), f)
	}
}

func TestConfigReportsAllErrors(t *testing.T) {
	err := Config{EPGU: "https://user@epgu.test/path", ESIA: "x", Region: "Москва", SenderINN: "1"}.Validate()
	for _, part := range []string{"ЕПГУ", "ЕСИА", "API key", "ОКАТО", "name", "ИНН", "timeout"} {
		require.ErrorContains(t, err, part)
	}
	require.NoError(t, testConfig("https://epgu.test").Validate())
}

// All states and codes have a text for the person.
func TestMessages(t *testing.T) {
	for _, s := range []State{Reserved, Checking, Waiting, Signed, Refused, Expired, NoAccount, NotAccepted, SenderFault, TooMany, Failed} {
		require.NotEmpty(t, s.Message(), s)
	}
	for code := range messages {
		require.NotEmpty(t, failure(code, "x").Message())
	}
}
