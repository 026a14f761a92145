package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/db"
)

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

func TestCodesOfFoundStatusesHaveThoseStatuses(t *testing.T) {
	for status, code := range codeOfStatus {
		require.Equal(t, status, problem(code).Status, code)
	}
}
