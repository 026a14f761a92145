package httpapi_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi"
)

func TestSecurityEventIsStoredAndImmutable(t *testing.T) {
	p := apitest.Start(t)
	someone, other := uuid.New(), uuid.New()
	require.NoError(t, p.Server.RecordSecurityEvent(t.Context(), p.Deps.Store.Queries, httpapi.SecurityEvent{
		Kind: httpapi.EventAdmissionChanged, Person: someone, Subject: httpapi.SecuritySubject{Kind: "person", ID: other}, Details: map[string]any{"admitted": true},
	}))
	require.Equal(t, `{"admitted": true}`, apitest.Value[string](p, `select details from security_events where person_id = $1 and subject_id = $2`, someone, other))
	for _, change := range []string{
		`update security_events set kind = 'decision'`, `delete from security_events`, `truncate security_events`,
	} {
		_, err := p.Database.ExecContext(t.Context(), change)
		require.ErrorContains(t, err, "append-only", change)
	}
}

func TestExpiredSecurityEventsAreDeleted(t *testing.T) {
	p := apitest.Start(t)
	p.Exec(`insert into security_events (kind, happened_at) values ('signed-in', now() - security_events_kept() - interval '1 hour'),
		('signed-out', now() - security_events_kept() + interval '1 hour')`)
	require.NoError(t, p.Sweep(t.Context()))
	require.Equal(t, "signed-out", apitest.Value[string](p, `select string_agg(kind, ',') from security_events`))
}
