package api

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// update writes the golden files anew: go test ./apiserver/api -run TestCodes -update
var update = flag.Bool("update", false, "write the golden files")

const problemsGolden = "testdata/problems.golden"

// TestCodesAndStatusesAreStable holds every pair of code and status against the file: clients rely on them.
func TestCodesAndStatusesAreStable(t *testing.T) {
	var lines []string
	for code, kind := range problemKinds {
		lines = append(lines, fmt.Sprintf("%s %d", code, kind.status))
	}
	for _, code := range order.Codes() {
		p := refused(order.Refusal{Code: code, Reason: "Причина."})
		require.Equal(t, "Причина.", p.Detail)
		require.NotContains(t, problemKinds, p.Code, "one code, one meaning")
		lines = append(lines, fmt.Sprintf("%s %d refusal", p.Code, p.Status))
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		require.NoError(t, os.WriteFile(problemsGolden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(problemsGolden)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestEveryCodeHasARussianTextAndAStatusOfAnError(t *testing.T) {
	for code, kind := range problemKinds {
		require.GreaterOrEqual(t, kind.status, 400, code)
		require.NotEmpty(t, http.StatusText(kind.status), code)
		for _, text := range []string{kind.title, kind.detail} {
			require.Regexp(t, `^[«А-ЯЁ]`, text, code)
		}
		require.Regexp(t, `[.!?]$`, kind.detail, code)
	}
	for status, code := range codeOfStatus {
		require.Equal(t, status, problemKinds[code].status, code)
	}
}

func TestErrorsShowNothingOfTheInside(t *testing.T) {
	r := &request{id: "request-1"}
	ctx := context.WithValue(t.Context(), requestKey{}, r)
	inside := errors.New("password of the database: 12345")
	_, away := db.Open(ctx, "postgres://nobody:12345@127.0.0.1:1/none")
	require.Error(t, away)
	for name, test := range map[string]struct {
		err  error
		code string
	}{
		"неизвестная":        {inside, codeInternal},
		"база не отвечает":   {away, codeUnavailable},
		"истекло время":      {fmt.Errorf("%w: %w", inside, context.DeadlineExceeded), codeTimeout},
		"своя внутри другой": {fmt.Errorf("%w: %w", inside, problem(codeNotFound)), codeNotFound},
	} {
		p := problemOf(ctx, test.err)
		require.Equal(t, test.code, p.Code, name)
		require.NotContains(t, fmt.Sprint(p), "12345", name)
	}
	_ = problemOf(ctx, inside)
	require.ErrorIs(t, r.failure, inside, "the log has it")
	require.Equal(t, "request-1", problemOf(ctx, inside).RequestID)
	require.Equal(t, codeInternal, fromHuma(ctx, http.StatusInternalServerError, []error{inside}).Code)
	require.Equal(t, codeBadRequest, fromHuma(ctx, http.StatusTeapot, nil).Code)
}

func TestFindingsOfHumaBecomeRussianAndQuoteNothing(t *testing.T) {
	for _, test := range []struct {
		message, location string
		want              FieldProblem
	}{
		{fmt.Sprintf(validation.MsgExpectedRequiredProperty, "address"), "body.text", FieldProblem{"text.address", "Заполните поле."}},
		{fmt.Sprintf(validation.MsgExpectedRequiredProperty, "text"), "body", FieldProblem{"text", "Заполните поле."}},
		{validation.MsgUnexpectedProperty, "body.x", FieldProblem{"x", "Лишнее поле."}},
		{fmt.Sprintf(validation.MsgExpectedMaxLength, 10), "body.items[3].name", FieldProblem{"items[3].name", "Не длиннее 10 знаков."}},
		{fmt.Sprintf(validation.MsgExpectedMinimumNumber, 1), "query.limit", FieldProblem{"limit", "Не меньше 1."}},
		{fmt.Sprintf(validation.MsgExpectedRFC4122UUID, "secret"), "path.order", FieldProblem{"order", "Ожидается идентификатор."}},
		{"something new", "body.x", FieldProblem{"x", otherField}},
	} {
		got := fieldProblem(&huma.ErrorDetail{Message: test.message, Location: test.location, Value: "secret"})
		require.Equal(t, test.want, got, test.message)
	}
	require.Equal(t, FieldProblem{"text.link", "Нужна ссылка."}, fieldProblem(wrongField("text.link", "Нужна ссылка.")))
}

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
			require.Equal(t, problemKinds[test.code].detail, p.Detail)
			if test.field != "" {
				require.Len(t, p.Errors, 1)
				require.Equal(t, test.field, p.Errors[0].Field)
				require.Regexp(t, `^[А-Я]`, p.Errors[0].Message)
			}
		})
	}
	require.Empty(t, whoAmI(b).Role, "none of them chose a role")
}

// huma adds headers to those that an error has already: a problem without any made it panic.
func TestAProblemSaysWhenToTryAgain(t *testing.T) {
	var told huma.HeadersError
	require.ErrorAs(t, problem(codeUnknownOutcome).after(2*time.Second), &told)
	require.Equal(t, "2", told.GetHeaders().Get("Retry-After"))
}
