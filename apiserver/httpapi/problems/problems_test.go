package problems

import (
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

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/signature"
)

// update rewrites the golden files: go test ./apiserver/httpapi/problems -run TestCodes -update
var update = flag.Bool("update", false, "write the golden files")

const problemsGolden = "testdata/problems.golden"

// TestCodesAndStatusesAreStable compares every pair of code and status with the golden file,
// because clients rely on them.
func TestCodesAndStatusesAreStable(t *testing.T) {
	var lines []string
	for code, kind := range problemKinds {
		lines = append(lines, fmt.Sprintf("%s %d", code, kind.status))
	}
	for _, code := range order.Codes() {
		p := Refused(order.Refusal{Code: code, Reason: "Причина."})
		require.Equal(t, "Причина.", p.Detail)
		require.NotContains(t, problemKinds, p.Code, "each code has one meaning")
		lines = append(lines, fmt.Sprintf("%s %d refusal", p.Code, p.Status))
	}
	for _, refusal := range signature.Refusals() {
		p := SignatureRefused("details.signature", "details.powers", []signature.Finding{refusal})
		require.Equal(t, refusal.Text, p.Detail)
		require.NotContains(t, lines, p.Code+" 409 refusal", "each code has one meaning")
		lines = append(lines, fmt.Sprintf("%s %d signature", p.Code, p.Status))
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

// Each refusal of a signature is said at the field of what is wrong.
func TestRefusalsOfASignatureAreSaidAtTheirFields(t *testing.T) {
	acceptance.Covers(t, "S-37")
	texts := map[signature.Code]string{}
	for _, refusal := range signature.Refusals() {
		texts[refusal.Code] = refusal.Text
	}
	finding := func(code signature.Code) signature.Finding { return signature.Finding{Code: code, Text: texts[code]} }
	p := SignatureRefused("details.signature", "details.powers", []signature.Finding{
		finding(signature.Expired), finding(signature.PowerExpired), finding(signature.PowerSignature), finding(signature.NotPower),
	})
	require.Equal(t, "signature_expired", p.Code)
	require.Equal(t, []FieldProblem{
		{"details.signature", texts[signature.Expired]},
		{"details.powers[0].file", texts[signature.PowerExpired] + " " + texts[signature.NotPower]},
		{"details.powers[0].signature", texts[signature.PowerSignature]},
	}, p.Errors)
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
}

func TestValidationErrorsAreRussianAndQuoteNoValues(t *testing.T) {
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
		got := FieldOf(&huma.ErrorDetail{Message: test.message, Location: test.location, Value: "secret"})
		require.Equal(t, test.want, got, test.message)
	}
}

// huma adds headers to those of an error; a problem without headers once made it panic.
func TestProblemStatesWhenToRetry(t *testing.T) {
	var problem huma.HeadersError
	require.ErrorAs(t, New(UnknownOutcome).After(2*time.Second), &problem)
	require.Equal(t, "2", problem.GetHeaders().Get("Retry-After"))
}
