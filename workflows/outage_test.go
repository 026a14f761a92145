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

// While its database is unavailable an order waits in an activity that operators see, and other
// orders continue. Afterwards the message is applied once.
func TestMessageWaitsForTheDatabaseInAnActivity(t *testing.T) {
	acceptance.Covers(t, "B-2", "B-6")
	t.Parallel()
	s, other := newEnv(t), newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	m := o.message(customer, order.Publish, terms(), form)
	o.storeRequest(m, order.Publish)
	s.databaseAway()
	id := o.sendUnstored(m, order.Publish)

	testenv.Eventually(t, "a pending activity", func() bool { return len(o.describe().GetPendingActivities()) == 1 })
	require.Equal(t, "Запись в базу данных: «Опубликовать заказ»", o.activitySummary())
	another := other.customer()
	other.create(another).toSelection(another)

	s.databaseBack()
	require.Equal(t, "applied", o.verdict(id))
	require.Equal(t, order.Selection, o.requireInSync().Stage)
	require.Equal(t, []string{"create", "publish"}, o.decidedKinds())
	require.Equal(t, []string{"create", "publish"}, o.history())
	require.Zero(t, o.failedTasks(), "an outage must not hold a workflow task")
}

func (o *testOrder) activitySummary() string {
	o.t.Helper()
	for _, e := range o.events("") {
		if e.GetEventType() == enumspb.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED {
			return text(o.t, e.GetUserMetadata().GetSummary())
		}
	}
	o.t.Fatal("no activity in the history")
	return ""
}

// databaseAway closes all connections to the test's database and refuses new ones.
func (s *env) databaseAway() {
	s.t.Helper()
	server := os.Getenv("EPKR_TEST_DATABASE_URL")
	testenv.Exec(s.t, server, `alter database "`+s.database()+`" allow_connections false`)
	testenv.Exec(s.t, server, `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, s.database())
}

func (s *env) databaseBack() {
	s.t.Helper()
	testenv.Exec(s.t, os.Getenv("EPKR_TEST_DATABASE_URL"), `alter database "`+s.database()+`" allow_connections true`)
}

func (s *env) database() string {
	u, err := url.Parse(s.url)
	require.NoError(s.t, err)
	return strings.TrimPrefix(u.Path, "/")
}
