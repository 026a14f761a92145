package workflows_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// While the database is away an order waits where operators see it, other orders go on, and what waited is applied once.
func TestMessageWaitsOutTheDatabaseWhereOperatorsSeeIt(t *testing.T) {
	acceptance.Covers(t, "B-2", "B-6")
	t.Parallel()
	s, other := newStage(t), newStage(t)
	customer := s.customer()
	l := s.create(customer)
	m := l.message(customer, order.Publish, terms(), form)
	l.keepFirst(m, order.Publish)
	s.databaseAway()
	id := l.forge(m, order.Publish)

	testenv.Eventually(t, "a pending activity", func() bool { return len(l.describe().GetPendingActivities()) == 1 })
	require.Equal(t, "Запись в базу данных: «Опубликовать заказ»", l.activitySummary())
	another := other.customer()
	other.create(another).toSelection(another)

	s.databaseBack()
	require.Equal(t, "applied", l.verdict(id))
	require.Equal(t, order.Selection, l.agrees().Stage)
	require.Equal(t, []string{"create", "publish"}, l.judged())
	require.Equal(t, []string{"create", "publish"}, l.history())
	require.Zero(t, l.failedTasks(), "an outage must not hold a workflow task")
}

func (l *life) activitySummary() string {
	l.t.Helper()
	for _, e := range l.events("") {
		if e.GetEventType() == enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED {
			return text(l.t, e.GetUserMetadata().GetSummary())
		}
	}
	l.t.Fatal("no activity in the history")
	return ""
}

// databaseAway cuts all connections to the stage's database and lets nobody in.
func (s *stage) databaseAway() {
	s.t.Helper()
	server := os.Getenv("EPKR_TEST_DATABASE_URL")
	testenv.Exec(s.t, server, `alter database "`+s.database()+`" allow_connections false`)
	testenv.Exec(s.t, server, `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, s.database())
}

func (s *stage) databaseBack() {
	s.t.Helper()
	testenv.Exec(s.t, os.Getenv("EPKR_TEST_DATABASE_URL"), `alter database "`+s.database()+`" allow_connections true`)
}

func (s *stage) database() string {
	u, err := url.Parse(s.url)
	require.NoError(s.t, err)
	return strings.TrimPrefix(u.Path, "/")
}
