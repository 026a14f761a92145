package messages

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
)

func TestLimitsApplyPerPersonAndOrder(t *testing.T) {
	l := newLimits()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	person, one, other := uuid.New(), uuid.New(), uuid.New()
	for range messageBurst {
		require.NoError(t, l.allowMessage(now, person, one, 0))
	}
	require.Equal(t, problems.TooManyMessages, httpapi.ProblemOf(t.Context(), l.allowMessage(now, person, one, 0)).Code)
	require.NoError(t, l.allowMessage(now, person, other, 0), "another order")
	require.NoError(t, l.allowMessage(now, uuid.New(), one, 0), "another person")
	now = now.Add(time.Second)
	for range messagesPerSecond {
		require.NoError(t, l.allowMessage(now, person, one, 0))
	}
	require.Error(t, l.allowMessage(now, person, one, 0))
	require.NoError(t, l.allowMessage(now.Add(time.Minute), person, one, maxUnanswered-1))
	require.Equal(t, problems.TooManyPending, httpapi.ProblemOf(t.Context(), l.allowMessage(now.Add(time.Minute), person, one, maxUnanswered)).Code)
}

func TestLimitsDropOldPairsAndKeepNewOnes(t *testing.T) {
	l := newLimits()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	busy := limitKey{uuid.New(), uuid.New()}
	for range 3 * maxLimiters {
		_ = l.allowMessage(now, uuid.New(), uuid.New(), 0)
		_ = l.allowMessage(now, busy.person, busy.order, 0)
	}
	require.LessOrEqual(t, len(l.current)+len(l.previous), 2*maxLimiters)
	require.Error(t, l.allowMessage(now, busy.person, busy.order, 0), "a person who continues sending keeps his limiter")
}
