package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
)

func TestWrongBodiesAreRefusedInRussian(t *testing.T) {
	b := startPlatform(t).browser()
	b.signIn(synthetic.LoginEngineerMoscow)
	const path = "/api/auth/role"
	for name, test := range map[string]struct {
		body  string
		kind  string
		code  string
		field string
	}{
		"лишнее поле":          {body: `{"role":"customer","admin":true}`, code: codeValidation, field: "admin"},
		"нет поля":             {body: `{}`, code: codeValidation, field: "role"},
		"не тот тип":           {body: `{"role":5}`, code: codeValidation, field: "role"},
		"нет в списке":         {body: `{"role":"owner"}`, code: codeValidation, field: "role"},
		"не идентификатор":     {body: `{"role":"customer","party":"x"}`, code: codeValidation, field: "party"},
		"список":               {body: `[]`, code: codeValidation},
		"null":                 {body: `null`, code: codeValidation},
		"оборван":              {body: `{"role":`, code: codeBadRequest},
		"после конца ещё есть": {body: `{"role":"customer"} {"role":"engineer"}`, code: codeBadRequest},
		"пусто":                {body: ``, code: codeBadRequest},
		"больше мегабайта":     {body: `{"role":"` + strings.Repeat("a", maxBody) + `"}`, code: codeBodyTooLarge},
		"намного больше":       {body: strings.Repeat("a", 20*maxBody), code: codeBodyTooLarge},
		"форма":                {body: `role=customer`, kind: "application/x-www-form-urlencoded", code: codeUnsupportedType},
	} {
		t.Run(name, func(t *testing.T) {
			headers := []string{}
			if test.kind != "" {
				headers = []string{"Content-Type", test.kind}
			}
			p := b.do(http.MethodPost, path, test.body, headers...).problem()
			require.Equal(t, test.code, p.Code)
			require.Equal(t, problem(test.code).Detail, p.Detail)
			if test.field != "" {
				require.Len(t, p.Errors, 1)
				require.Equal(t, test.field, p.Errors[0].Field)
				require.Regexp(t, `^[А-Я]`, p.Errors[0].Message)
			}
		})
	}
	require.Empty(t, whoAmI(b).Role, "none of them chose a role")
}
