package goskey_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/goskey"
	"epkr/apiserver/notifications"
	"epkr/internal/acceptance"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// told returns the customer's notifications of requests to «Госключ», the newest first.
func (s *scene) told() (found []notifications.Notification) {
	s.T.Helper()
	var out struct{ Items []notifications.Notification }
	s.customer.Do(http.MethodGet, "/api/notifications", nil).OK().Into(&out)
	for _, n := range out.Items {
		if goskey.NoticeText(n.Kind) != "" {
			require.Equal(s.T, s.order, *n.Order, "it leads to the card")
			require.Contains(s.T, n.Text, "«договор.pdf»")
			found = append(found, n)
		}
	}
	return found
}

// However often the end of a request is recorded, who asked is told of it once, and only he.
func TestEndIsToldOnce(t *testing.T) {
	acceptance.Covers(t, "S-36")
	s := start(t)
	request := s.begin().ID
	number := s.arrives()
	s.stopWorker()
	require.NoError(t, s.Goskey.Refuse(number))
	activities := s.Goskey.Activities()

	// A worker dies while it records the end, and others record it at once.
	holder, err := s.Database.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = holder.ExecContext(t.Context(), `select from goskey_requests where id = $1 for update`, request)
	require.NoError(t, err)
	awaitBlocked := func(n int) {
		testenv.Eventually(t, "the end waits to be recorded", func() bool {
			return apitest.Value[int](s.Platform, `select count(*) from pg_locks where not granted`) == n
		})
	}
	dying, kill := context.WithCancel(t.Context())
	died := make(chan error)
	go func() {
		_, err := activities.AskState(dying, request.String())
		died <- err
	}()
	awaitBlocked(1)
	kill()
	require.Error(t, <-died)
	awaitBlocked(0)
	require.Empty(t, s.told())
	const atOnce = 3
	recorded := make(chan error, atOnce)
	for range atOnce {
		go func() {
			_, err := activities.AskState(t.Context(), request.String())
			recorded <- err
		}()
	}
	awaitBlocked(atOnce)
	require.NoError(t, holder.Rollback())
	for range atOnce {
		require.NoError(t, <-recorded)
	}
	p, err := activities.AskState(t.Context(), request.String())
	require.NoError(t, err)
	require.True(t, p.Ended)
	told := s.told()
	require.Len(t, told, 1)
	require.Equal(t, "goskey-refused", told[0].Kind)
	s.StartWorker()
	require.NoError(t, workflowapi.Send(t.Context(), testenv.Temporal(t), workflowapi.GoskeyChanged(request)))

	s.begin()
	require.NoError(t, s.Goskey.Sign(s.arrives()))
	s.awaitState(goskey.Applied)
	told = s.told()
	require.Len(t, told, 2)
	require.Equal(t, "goskey-applied", told[0].Kind)
	require.Zero(t, apitest.Value[int](s.Platform, `select count(*) from notifications where kind like 'goskey-%' and role != 'customer'`))
}

// Each state in which a request may end has its text.
func TestEveryEndHasItsText(t *testing.T) {
	s := apitest.Start(t)
	states := testenv.Column[string](t, s.DatabaseURL, `select m[1] from pg_constraint as c,
		regexp_matches(pg_get_constraintdef(c.oid), '''([a-z-]+)''::text', 'g') as m where c.conname = 'goskey_requests_state_check'`)
	require.Greater(t, len(states), 10)
	for _, state := range states {
		switch state {
		case "new", "checking", "waiting", "signed":
			require.Empty(t, goskey.NoticeText("goskey-"+state))
		default:
			require.NotEmpty(t, goskey.NoticeText("goskey-"+state), state)
		}
	}
	require.Empty(t, goskey.NoticeText(uuid.NewString()))
}
