package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/input"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
)

func TestWrongBodiesAreRefusedInRussian(t *testing.T) {
	b := apitest.Start(t).Browser()
	b.SignIn(synthetic.LoginEngineerMoscow)
	const path = "/api/auth/role"
	for name, test := range map[string]struct {
		body  string
		kind  string
		code  string
		field string
	}{
		"лишнее поле":          {body: `{"role":"customer","admin":true}`, code: problems.Validation, field: "admin"},
		"нет поля":             {body: `{}`, code: problems.Validation, field: "role"},
		"не тот тип":           {body: `{"role":5}`, code: problems.Validation, field: "role"},
		"нет в списке":         {body: `{"role":"owner"}`, code: problems.Validation, field: "role"},
		"не идентификатор":     {body: `{"role":"customer","party":"x"}`, code: problems.Validation, field: "party"},
		"список":               {body: `[]`, code: problems.Validation},
		"null":                 {body: `null`, code: problems.Validation},
		"оборван":              {body: `{"role":`, code: problems.BadRequest},
		"после конца ещё есть": {body: `{"role":"customer"} {"role":"engineer"}`, code: problems.BadRequest},
		"пусто":                {body: ``, code: problems.BadRequest},
		"больше мегабайта":     {body: `{"role":"` + strings.Repeat("a", input.MaxBody) + `"}`, code: problems.BodyTooLarge},
		"намного больше":       {body: strings.Repeat("a", 20*input.MaxBody), code: problems.BodyTooLarge},
		"форма":                {body: `role=customer`, kind: "application/x-www-form-urlencoded", code: problems.UnsupportedType},
	} {
		t.Run(name, func(t *testing.T) {
			headers := []string{}
			if test.kind != "" {
				headers = []string{"Content-Type", test.kind}
			}
			p := b.Do(http.MethodPost, path, test.body, headers...).Problem()
			require.Equal(t, test.code, p.Code)
			require.Equal(t, problems.New(test.code).Detail, p.Detail)
			if test.field != "" {
				require.Len(t, p.Errors, 1)
				require.Equal(t, test.field, p.Errors[0].Field)
				require.Regexp(t, `^[А-Я]`, p.Errors[0].Message)
			}
		})
	}
	require.Empty(t, apitest.WhoAmI(b).Role, "none of them chose a role")
}
