package messages

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
)

func TestLimitsCountEachPersonAndOrderApart(t *testing.T) {
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

func TestLimitsForgetOldPairsAndKeepNewOnes(t *testing.T) {
	l := newLimits()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	busy := limitKey{uuid.New(), uuid.New()}
	for range 3 * limitedAtOnce {
		_ = l.allowMessage(now, uuid.New(), uuid.New(), 0)
		_ = l.allowMessage(now, busy.person, busy.order, 0)
	}
	require.LessOrEqual(t, len(l.young)+len(l.settled), 2*limitedAtOnce)
	require.Error(t, l.allowMessage(now, busy.person, busy.order, 0), "who goes on sending is remembered")
}
