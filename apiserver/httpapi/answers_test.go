package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/httpapi/problems"
	"epkr/db"
)

func TestErrorsExposeNoInternals(t *testing.T) {
	r := &request{id: "request-1"}
	ctx := context.WithValue(t.Context(), requestKey{}, r)
	inside := errors.New("password of the database: 12345")
	_, away := db.Open(ctx, "postgres://nobody:12345@127.0.0.1:1/none")
	require.Error(t, away)
	for name, test := range map[string]struct {
		err  error
		code string
	}{
		"неизвестная":        {inside, problems.Internal},
		"база не отвечает":   {away, problems.Unavailable},
		"истекло время":      {fmt.Errorf("%w: %w", inside, context.DeadlineExceeded), problems.Timeout},
		"своя внутри другой": {fmt.Errorf("%w: %w", inside, problems.New(problems.NotFound)), problems.NotFound},
	} {
		p := ProblemOf(ctx, test.err)
		require.Equal(t, test.code, p.Code, name)
		require.NotContains(t, fmt.Sprint(p), "12345", name)
	}
	_ = ProblemOf(ctx, inside)
	require.ErrorIs(t, r.Failure, inside, "the log has it")
	require.Equal(t, "request-1", ProblemOf(ctx, inside).RequestID)
	require.Equal(t, problems.Internal, fromHuma(ctx, http.StatusInternalServerError, []error{inside}).Code)
	require.Equal(t, problems.BadRequest, fromHuma(ctx, http.StatusTeapot, nil).Code)
}

func TestCodesOfStatusesHaveThoseStatuses(t *testing.T) {
	for status, code := range codeOfStatus {
		require.Equal(t, status, problems.New(code).Status, code)
	}
}
