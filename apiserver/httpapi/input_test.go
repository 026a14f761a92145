package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// huma compared names exactly, and encoding/json then accepted them in any case: the second text
// was stored unchecked.
func TestFieldNameInAnotherCaseIsRefused(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	customer := p.Customer(synthetic.LoginCustomer)
	id := customer.CreateDraft()
	body := func(text string) string {
		return `{"details":{"region":"77","workKind":"parcel-formation","termDays":30},"text":` + text + `}`
	}
	long := strings.Repeat("а", 300_000)
	for field, text := range map[string]string{
		"text.ADDRESS":   `{"address":"Химки","ADDRESS":"` + long + `"}`,
		"text.addreſs":   `{"address":"Химки","addreſs":"` + long + `"}`,
		"text.\u212Adre": `{"address":"Химки","kdre":1,"` + "\u212A" + `dre":1}`,
	} {
		a := customer.Send(uuid.NewString(), id, order.Publish, body(text))
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, a.Text())
		require.Contains(t, apitest.Fields(a.Problem()), field)
	}
	a := customer.Send(uuid.NewString(), id, order.Publish, body(`{"ADDRESS":"Химки"}`))
	require.Equal(t, http.StatusUnprocessableEntity, a.Status, a.Text())
	require.Equal(t, []string{"text.address", "text.ADDRESS"}, apitest.Fields(a.Problem()))

	hash := strings.Repeat("0", 64)
	for _, size := range []string{`"size":1,"SIZE":0`, `"size":1,"ſize":0`, `"size":1,"size":2`} {
		a := customer.Do(http.MethodPost, "/api/orders/"+id.String()+"/files", `{"name":"a","sha256":"`+hash+`",`+size+`}`)
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, a.Text())
	}
	require.Zero(t, apitest.Value[int](p, "select count(*) from message_bodies"))
}

// Input that is not valid text is refused with the name of its field.
func TestBodyIsUnambiguousUTF8(t *testing.T) {
	p := apitest.Start(t)
	customer := p.Customer(synthetic.LoginCustomer)
	address := "/api/orders/" + uuid.NewString() + "/cancel"
	for name, c := range map[string]struct {
		body, contentType string
		status            int
		field             string
	}{
		"NUL":               {`{"text":{"note":"a\u0000b"}}`, "", 422, "text.note"},
		"a lone surrogate":  {`{"text":{"note":"\ud800"}}`, "", 422, "text.note"},
		"a noncharacter":    {`{"text":{"note":"\ufffe"}}`, "", 422, "text.note"},
		"windows-1251":      {"{\"text\":{\"note\":\"\xcf\xf0\xe8\xf7\xe8\xed\xe0\"}}", "", 400, "text.note"},
		"a byte order mark": {"\ufeff{}", "", 400, ""},
		"UTF-16":            {"\xff\xfe{\x00}\x00", "", 400, ""},
		"a doubled name":    {`{"text":{"note":"a"},"Text":{"note":"b"}}`, "", 422, "Text"},
		"an unknown name":   {`{"text":{"note":"a"},"more":1}`, "", 422, "more"},
		"two values":        {`{} {}`, "", 400, ""},
		"deep":              {strings.Repeat(`{"text":`, 10_000), "", 422, "text" + strings.Repeat(".text", 31)},
		"no number":         {`{"text":{"note":1e400}}`, "", 422, "text.note"},
		"another charset":   {`{}`, "application/json; charset=windows-1251", 415, ""},
		"a form":            {`text=a`, "application/x-www-form-urlencoded", 415, ""},
		"a kind of JSON":    {`{}`, "application/merge-patch+json", 415, ""},
		"a broken type":     {`{}`, "application/json; charset", 415, ""},
	} {
		t.Run(name, func(t *testing.T) {
			headers := []string{"Idempotency-Key", uuid.NewString()}
			if c.contentType != "" {
				headers = append(headers, "Content-Type", c.contentType)
			}
			a := customer.Do(http.MethodPost, address, c.body, headers...)
			require.Equal(t, c.status, a.Status, a.Text())
			found := a.Problem()
			require.NotContains(t, found.Detail, "%!")
			if c.field != "" {
				require.Equal(t, []string{c.field}, apitest.Fields(found))
			}
		})
	}
	for _, good := range []string{"application/json", "application/json; charset=utf-8", `Application/JSON;charset="UTF-8"`} {
		a := customer.Do(http.MethodPost, address, `{"text":{"note":"а"}}`, "Idempotency-Key", uuid.NewString(), "Content-Type", good)
		require.Equal(t, http.StatusNotFound, a.Status, a.Text())
	}
}

func TestParametersAreUnambiguous(t *testing.T) {
	p := apitest.Start(t)
	moderator := p.Moderator()
	for query, want := range map[string]struct {
		status int
		field  string
	}{
		"limit=1&limit=2":                  {422, "limit"},
		"LIMIT=1":                          {422, "LIMIT"},
		"limit=1&more=2":                   {422, "more"},
		"name=%00":                         {422, "name"},
		"name=%ed%a0%80":                   {422, "name"},
		"name=%d0":                         {422, "name"},
		"name=%c8%e2%e0%ed":                {422, "name"},
		"name=%zz":                         {400, ""},
		"name=a;limit=1":                   {400, ""},
		"limit=1e400":                      {422, "limit"},
		"limit=9007199254740993":           {422, "limit"},
		"limit=-0":                         {422, "limit"},
		"limit=%2B5":                       {422, "limit"},
		"limit=5.0":                        {422, "limit"},
		"limit=5e0":                        {422, "limit"},
		"limit=%205":                       {422, "limit"},
		"limit=5":                          {200, ""},
		"limit=":                           {200, ""},
		"limit=99999999999999999999999999": {422, "limit"},
		"standing[]=active":                {422, "standing[]"},
		"%ff%00=1":                         {422, "\ufffd\x00"},
		"name=%d0%98%d0%b2%d0%b0%d0%bd":    {200, ""},
	} {
		a := moderator.Do(http.MethodGet, "/api/moderation/engineers?"+query, nil)
		require.Equal(t, want.status, a.Status, query+" "+a.Text())
		if want.field != "" {
			require.Equal(t, []string{want.field}, apitest.Fields(a.Problem()), query)
		}
	}
	// A parameter with a list of values may be repeated.
	moderator.Do(http.MethodGet, "/api/orders?region=77&region=78", nil).OK()
}

// huma accepted 10.0 as an integer, and decoding then failed without the name of the field.
func TestIntegersAreWrittenInDigits(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	customer := p.Customer(synthetic.LoginCustomer)
	id := customer.CreateDraft()
	address := "/api/orders/" + id.String()
	refused := func(field, body, method, path string) {
		a := customer.Do(method, address+path, body, "Idempotency-Key", uuid.NewString())
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, body+" "+a.Text())
		require.Equal(t, []string{field}, apitest.Fields(a.Problem()), body)
	}
	for _, number := range []string{"10.0", "1e1", "1E+1", "10.5", "-0.0", "0.0"} {
		refused("details.termDays", `{"details":{"region":"77","workKind":"parcel-formation","termDays":`+number+`},"text":{"address":"Химки"}}`, http.MethodPost, "/publish")
		refused("size", `{"name":"a.pdf","sha256":"`+strings.Repeat("0", 64)+`","size":`+number+`}`, http.MethodPost, "/files")
		refused("version", `{"version":`+number+`}`, http.MethodPut, "/form")
	}
	customer.Do(http.MethodPut, address+"/form", `{"version":0,"details":{"price":1.5}}`).OK()
}

// A path that cannot be parsed used to cause a panic inside the framework.
func TestUnparsableAddressIsRefused(t *testing.T) {
	p := apitest.Start(t)
	for _, target := range []string{"/api/orders?region=\x01", "/api/orders?region=\x7f", "/\x01?\x01"} {
		answer := raw(p, "GET "+target+" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
		require.True(t, strings.HasPrefix(answer, "400 "), target+": "+answer)
	}
}

// A header given twice is ambiguous.
func TestHeaderGivenTwiceIsRefused(t *testing.T) {
	p := apitest.Start(t)
	customer := p.Customer(synthetic.LoginCustomer)
	request := customer.Request(http.MethodPost, "/api/orders", nil, "Idempotency-Key", "a")
	request.Header.Add("Idempotency-Key", "b")
	response, err := customer.Client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusUnprocessableEntity, response.StatusCode)
}
