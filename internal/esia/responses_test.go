package esia

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
)

// respond returns a client of an ЕСИА that answers every request with one status and body.
func respond(t *testing.T, status int, body string) *Client {
	t.Helper()
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
}

func TestErrorNumberIsFoundInAnyBody(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	for _, body := range []string{
		`{"error":"access_denied","error_description":"ESIA-007055: The account is not confirmed","code":400}`,
		`{"error":"access_denied","error_description":"ESIA-007055: x","state":null,"message":[1,2]}`,
		`{"error":{"code":"ESIA-007055","message":"x"}}`,
		`{"errors":[{"code":"ESIA-007055"}],"code":400}`,
		`[{"code":"ESIA-007055"}]`,
		`{"code":400,"message":"ESIA-007055: x"}`,
		`{"code":"007055","message":"x"}`,
		`{"error":true,"error_description":"esia-007055"}`,
		`<html><body>ESIA-007055</body></html>`,
		`{"error":"x","error_description":"ESIA-007055`,
	} {
		for _, status := range []int{http.StatusBadRequest, http.StatusForbidden, http.StatusInternalServerError} {
			_, err := respond(t, status, body).Person(t.Context(), Token{access: "a", Subject: "1"})
			require.Equal(t, CodeUnconfirmed, CodeOf(err), "%d %s: %v", status, body, err)
		}
	}
	_, err := respond(t, http.StatusBadRequest, `{"error":"invalid_grant","code":400}`).Person(t.Context(), Token{access: "a", Subject: "1"})
	require.Equal(t, CodeCodeInvalid, CodeOf(err), "error is read even if another member has an unexpected type")
}

func TestErrorInsideSuccessResponseIsAnError(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	for body, code := range map[string]Code{
		`{"error":"invalid_grant","error_description":"ESIA-007011: The code was used","state":"x"}`: CodeCodeInvalid,
		`{"error":"server_error"}`:                         CodeUnavailable,
		`{"error":"access_denied","code":400}`:             CodeRefusedByUser,
		`{"code":"ESIA-007019","message":"no permission"}`: CodeNotPermitted,
		`{"error":{"code":"ESIA-007002"}}`:                 CodeClientCertificate,
		`{"error":"odd"}`:                                  CodeUnknown,
		`{"error":null,"error_description":"odd"}`:         CodeUnknown,
		`{"error":"","errors":[{"text":"odd"}]}`:           CodeUnknown,
		`{}`:                                               CodeAnswerInvalid,
		`{"state":"` + testState + `"}`:                    CodeAnswerInvalid,
		`null`:                                             CodeAnswerInvalid,
		``:                                                 CodeAnswerInvalid,
	} {
		client := respond(t, http.StatusOK, body)
		_, err := client.Exchange(t.Context(), client.PersonRequest(testState, testRedirect), "c0de")
		require.Equal(t, code, CodeOf(err), "%s: %v", body, err)
	}
	for body, code := range map[string]Code{
		`{"code":"ESIA-007019","message":"no permission"}`: CodeNotPermitted,
		`{"error":"server_error"}`:                         CodeUnavailable,
	} {
		_, err := respond(t, http.StatusOK, body).Roles(t.Context(), Token{access: "a", Subject: "1"})
		require.Equal(t, code, CodeOf(err), "%s: %v", body, err)
	}
}

func TestPersonIsReadFromAnyTypes(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	usual := `{"firstName":"Мария","lastName":"Иванова","middleName":null,"birthDate":"03.02.1990","trusted":true,"status":"REGISTERED","snils":"112-233-445 95","inn":"012345678901","rIdDoc":7,
		"documents":{"elements":[{"id":6,"type":"RF_PASSPORT","vrfStu":"VERIFIED","series":"1111","number":"000001"},{"id":7,"type":"RF_PASSPORT","vrfStu":"VERIFIED","series":"2222","number":"000002"}]}}`
	odd := `{"firstName":"Мария","lastName":" Иванова ","birthDate":"1990-02-03","trusted":"true","status":"registered","snils":11223344595,"inn":12345678901,"rIdDoc":"7","gender":null,
		"contacts":null,"addresses":[],"documents":[null,5,{"id":"6","type":"RF_PASSPORT","vrfStu":"VERIFIED","series":1111,"number":1},{"id":"7","type":"RF_PASSPORT","vrfStu":"VERIFIED","series":2222,"number":"000002"}]}`
	for name, body := range map[string]string{"usual": usual, "odd": odd} {
		person, err := respond(t, http.StatusOK, body).Person(t.Context(), Token{access: "a", Subject: "1"})
		require.NoError(t, err, name)
		require.Equal(t, "Иванова", person.LastName, name)
		require.Equal(t, "11223344595", person.SNILS, name)
		require.Equal(t, "012345678901", person.INN, name)
		require.Equal(t, time.Date(1990, 2, 3, 0, 0, 0, 0, time.UTC), person.BirthDate, name)
		require.Equal(t, "2222", person.Passport.Series, name)
		require.Equal(t, "000002", person.Passport.Number, name)
	}
	short := `{"firstName":"Мария","lastName":"Иванова","trusted":1,"snils":1122334459.0,"contacts":{"elements":{"type":"EML","vrfStu":"VERIFIED","value":"a@b"}}}`
	person, err := respond(t, http.StatusOK, short).Person(t.Context(), Token{access: "a", Subject: "1"})
	require.NoError(t, err)
	require.Equal(t, "01122334459", person.SNILS, "a JSON number has no leading zeros")
	require.Equal(t, "a@b", person.Email)
}

func TestMissingMembersAreNoRefusal(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	token := Token{access: "a", Subject: "1"}
	for body, code := range map[string]Code{
		`{"trusted":true}`:               "",
		`{"trusted":true,"status":null}`: "",
		`{"trusted":true,"status":""}`:   "",
		`{"trusted":true,"error":null,"error_description":null,"errors":null,"code":null,"message":null}`: "",
		`{"trusted":true,"error":"","error_description":"","errors":[],"code":"","message":""}`:           "",
		`{"trusted":true,"error":false,"error_description":" ","errors":{}}`:                              "",
		`{"trusted":true,"error":{},"errors": [ ]}`:                                                       "",
		`{"trusted":"TRUE","status":"REGISTERED"}`:                                                        "",
		`{"trusted":true,"status":"DELETED"}`:                                                             CodeInactive,
		`{"trusted":false}`:                                                                               CodeUnconfirmed,
		`{"trusted":"false","status":"REGISTERED"}`:                                                       CodeUnconfirmed,
		`{"trusted":"0"}`:                             CodeUnconfirmed,
		`{"status":"REGISTERED"}`:                     CodeConfirmationUnknown,
		`{"trusted":null,"status":"REGISTERED"}`:      CodeConfirmationUnknown,
		`{"trusted":"maybe","status":"REGISTERED"}`:   CodeConfirmationUnknown,
		`{"trusted":{"a":1},"status":"REGISTERED"}`:   CodeConfirmationUnknown,
		`{"trusted":"false","status":["REGISTERED"]}`: CodeAnswerInvalid,
	} {
		body = strings.Replace(body, "{", `{"firstName":"Мария","lastName":"Иванова",`, 1)
		_, err := respond(t, http.StatusOK, body).Person(t.Context(), token)
		require.Equal(t, code, CodeOf(err), "%s: %v", body, err)
	}
	token.trusted = yes
	_, err := respond(t, http.StatusOK, `{"firstName":"Мария","lastName":"Иванова","status":"REGISTERED"}`).Person(t.Context(), token)
	require.NoError(t, err, "the identity token confirms the account")
	_, err = respond(t, http.StatusOK, `{"trusted":false}`).Person(t.Context(), token)
	require.Equal(t, CodeUnconfirmed, CodeOf(err), "the newer data win")
}

func TestIdentityTokenConfirmsAccount(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	file, sign := gostToken(t)
	client := newTestClient(t, testConfig(file))
	head := map[string]any{"alg": "GOST3410_2012_256", "sbt": "id"}
	for value, want := range map[any]flag{true: yes, "true": yes, false: no, nil: unknown} {
		claims := with(goodClaims(), "sub", "1000299654")
		claims["urn:esia:sbj"] = map[string]any{"urn:esia:sbj:is_tru": value, "urn:esia:sbj:oid": 1000299654}
		access := makeToken(t, map[string]any{"alg": "GOST3410_2012_256", "sbt": "access"}, goodClaims(), sign)
		token, err := client.verifyTokens(tokenResponse{AccessToken: text(access), IDToken: text(makeToken(t, head, claims, sign))})
		require.NoError(t, err)
		require.Equal(t, want, token.trusted, "%v", value)
	}
}

func TestNamesAreNormalised(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	token := Token{access: "a", Subject: "1"}
	body := `{"trusted":true,"lastName":"Ив\u202eанов\u0007","firstName":"Андреи\u0306\u00a0 Ян","middleName":"\u3164",
		"addresses":{"elements":[{"type":"PRG","addressStr":"г. Бийск,\u2028ул. Ле\u00adнина"}]}}`
	person, err := respond(t, http.StatusOK, body).Person(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, []string{"Иванов", "Андрей Ян", "", "г. Бийск, ул. Ленина"}, []string{person.LastName, person.FirstName, person.MiddleName, person.Address})
	for _, unnamed := range []string{
		`"lastName":"Иванов"`, `"firstName":"Пётр"`, `"lastName":"Иванов","firstName":"\u3164"`, `"lastName":"\u200b\u0007","firstName":"Пётр"`,
		`"lastName":"Иванов","firstName":"\u0301"`, `"lastName":null,"firstName":"Пётр"`,
	} {
		_, err := respond(t, http.StatusOK, `{"trusted":true,`+unnamed+`}`).Person(t.Context(), token)
		require.Equal(t, CodeAnswerInvalid, CodeOf(err), unnamed)
	}
	roles, err := respond(t, http.StatusOK, `{"elements":[{"oid":1,"ogrn":"1","fullName":"ООО\u202e \u001b«А»","shortName":"А\u3164"}]}`).Roles(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, []string{"ООО «А»", "А"}, []string{roles[0].FullName, roles[0].ShortName})
}

func TestRolesAreReadFromAnyTypes(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	token := Token{access: "a", Subject: "1"}
	for body, may := range map[string]bool{
		`{"oid":1,"ogrn":"1027700132195","type":"LEGAL","chief":true,"active":true}`:                       true,
		`{"oid":"1","ogrn":1027700132195,"type":"LEGAL","chief":"true","active":"true"}`:                   true,
		`{"oid":1.0,"ogrn":1.027700132195E12,"type":"LEGAL","chief":1}`:                                    true,
		`{"oid":1,"ogrn":"1027700132195","type":"LEGAL","chief":true,"active":null,"isLiquidated":null}`:   true,
		`{"oid":1,"ogrn":"1027700132195","type":"LEGAL","chief":true,"active":"false"}`:                    false,
		`{"oid":1,"ogrn":"1027700132195","type":"LEGAL","chief":true,"active":true,"isLiquidated":"true"}`: false,
	} {
		for _, form := range []string{`{"size":1,"elements":[%s]}`, `[%s]`, `{"elements":%s}`} {
			roles, err := respond(t, http.StatusOK, fmt.Sprintf(form, body)).Roles(t.Context(), token)
			require.NoError(t, err, form, body)
			require.Len(t, roles, 1)
			require.Equal(t, may, roles[0].MayAct(), body)
			require.Equal(t, "1", roles[0].OrganisationOID)
			require.Equal(t, "1027700132195", roles[0].OGRN)
			require.True(t, roles[0].Chief)
		}
	}
	roles, err := respond(t, http.StatusOK, `{"elements":[{"oid":1,"ogrn":"1","active":true}]}`).Roles(t.Context(), token)
	require.NoError(t, err)
	require.False(t, roles[0].Chief, "a missing chief is no")
}

func TestIncompleteRolesAreAnError(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	token := Token{access: "a", Subject: "1"}
	for _, none := range []string{`{"size":0}`, `{"size":"0","elements":null}`, `{"stateFacts":["hasSize"],"size":0,"elements":[]}`, `[]`} {
		roles, err := respond(t, http.StatusOK, none).Roles(t.Context(), token)
		require.NoError(t, err, none)
		require.Empty(t, roles)
	}
	roles, err := respond(t, http.StatusNoContent, ``).Roles(t.Context(), token)
	require.NoError(t, err)
	require.Empty(t, roles)
	for _, incomplete := range []string{
		`{}`, `null`, `{"size":2}`, `{"size":1,"elements":null}`, `{"elements":[7]}`, `{"elements":[{"ogrn":"1"}]}`, `"x"`,
		`{"size":5,"elements":[]}`, `{"size":"2","elements":[{"oid":1}]}`, `{"size":0,"elements":[{"oid":1}]}`, `{"size":"many","elements":[]}`, `{"size":{},"elements":[]}`,
		`{"size":2,"elements":{"oid":1}}`, `{"elements":""}`, `{"elements":{}}`, `{"size":0,"elements":[null]}`, `{"size":0,"elements":5}`,
	} {
		_, err := respond(t, http.StatusOK, incomplete).Roles(t.Context(), token)
		require.Equal(t, CodeAnswerInvalid, CodeOf(err), incomplete)
	}
}

func TestTokenClaimsAreReadFromAnyTypes(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	file, sign := gostToken(t)
	client := newTestClient(t, testConfig(file))
	head := map[string]any{"alg": "GOST3410_2012_256", "sbt": "access"}
	ends := time.Now().Add(time.Hour).Unix()
	for name, change := range map[string]map[string]any{
		"seconds as text":     {"exp": fmt.Sprint(ends), "nbf": "1"},
		"seconds as a float":  {"exp": float64(ends) + 0.5},
		"subject as text":     {"urn:esia:sbj_id": "1000299654"},
		"audience as a list":  {"aud": []string{testClient}, "client_id": nil},
		"audience is null":    {"aud": nil},
		"session is a number": {"urn:esia:sid": 17},
	} {
		claims := goodClaims()
		for key, value := range change {
			claims[key] = value
		}
		token, err := client.verifyTokens(tokenResponse{AccessToken: text(makeToken(t, head, claims, sign))})
		require.NoError(t, err, name)
		require.Equal(t, "1000299654", token.Subject, name)
	}
	for _, ends := range []any{"soon", nil, []int{1}} {
		_, err := client.verifyTokens(tokenResponse{AccessToken: text(makeToken(t, head, with(goodClaims(), "exp", ends), sign))})
		require.Equal(t, CodeTokenInvalid, CodeOf(err), "%v", ends)
	}
}

func TestOrganisationIsReadFromAnyTypes(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	body := `{"oid":"77","fullName":"ООО","ogrn":1027700132195,"inn":101000010,"kpp":10101001,"leg":12300,"isLiquidated":"false","addresses":null,"contacts":[]}`
	organisation, err := respond(t, http.StatusOK, body).Organisation(t.Context(), Token{access: "a", Subject: "1"}, "77")
	require.NoError(t, err)
	require.Equal(t, "1027700132195", organisation.OGRN)
	require.Equal(t, "0101000010", organisation.INN)
	require.Equal(t, "010101001", organisation.KPP)
	require.Equal(t, "12300", organisation.LegalForm)
	require.False(t, organisation.Liquidated)
}

func TestCallbackErrorIsFoundInEitherParameter(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	for query, code := range map[string]Code{
		"error=ESIA-007004":                                   CodeRefusedByUser,
		"error_description=ESIA-007055":                       CodeUnconfirmed,
		"error=access_denied&error_description=":              CodeRefusedByUser,
		"error=invalid_request&error_description=esia-007194": CodeNotEmployee,
	} {
		values := parse(t, query+"&state="+testState)
		_, err := ParseCallback(values, testState)
		require.Equal(t, code, CodeOf(err), query)
	}
	require.False(t, strings.Contains(messages[CodeConfirmationUnknown], "не подтверждена."))
}
