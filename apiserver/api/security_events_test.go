package api

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func TestSecurityEventIsKeptAndCannotBeChanged(t *testing.T) {
	p := startPlatform(t)
	someone, other := uuid.New(), uuid.New()
	require.NoError(t, p.server.recordSecurityEvent(t.Context(), p.deps.Store.Queries, securityEvent{
		Kind: eventAdmissionChanged, Person: someone, Subject: securitySubject{"person", other}, Details: map[string]any{"admitted": true},
	}))
	require.Equal(t, `{"admitted": true}`, value[string](p, `select details from security_events where person_id = $1 and subject_id = $2`, someone, other))
	for _, change := range []string{
		`update security_events set kind = 'decision'`, `delete from security_events`, `truncate security_events`,
	} {
		_, err := p.database.ExecContext(t.Context(), change)
		require.ErrorContains(t, err, "append-only", change)
	}
}

func TestSecurityEventsOlderThanTheirTimeAreDeleted(t *testing.T) {
	p := startPlatform(t)
	p.exec(`insert into security_events (kind, happened_at) values ('signed-in', now() - security_events_kept() - interval '1 hour'),
		('signed-out', now() - security_events_kept() + interval '1 hour')`)
	require.NoError(t, p.sweep(t.Context()))
	require.Equal(t, "signed-out", value[string](p, `select string_agg(kind, ',') from security_events`))
}
