package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/servers"
	esiasim "epkr/dev/simulators/esia"
	"epkr/internal/config"
	"epkr/internal/esia"
	"epkr/internal/testenv"
)

// settings returns the settings of a local platform on the test servers.
func settings(t *testing.T, database, address, internal string) config.Lookup {
	t.Helper()
	folder, bucket := t.TempDir(), testenv.Bucket(t)
	own, err := esiasim.EnsureKey(t.Context(), folder, "epkr", "ЭПКР", esia.GOST)
	require.NoError(t, err)
	theirs, err := esiasim.EnsureKey(t.Context(), folder, "esia", esiasim.Subject, esia.GOST)
	require.NoError(t, err)
	values := map[string]string{
		"EPKR_ENVIRONMENT": "development", "EPKR_PUBLIC_URL": "http://" + address, "EPKR_LISTEN": address, "EPKR_INTERNAL_LISTEN": internal,
		"DATABASE_URL":     database,
		"TEMPORAL_ADDRESS": os.Getenv("EPKR_TEST_TEMPORAL_ADDRESS"),
		"S3_ENDPOINT":      bucket.Endpoint, "S3_REGION": bucket.Region, "S3_BUCKET": bucket.Name,
		"S3_ACCESS_KEY": bucket.AccessKey, "S3_SECRET_KEY": bucket.SecretKey,
		"EPKR_ESIA_URL": "http://127.0.0.1:1", "EPKR_ESIA_CLIENT_ID": "EPKR", "EPKR_ESIA_CERTIFICATE": own.CertificateFile,
		"EPKR_ESIA_KEY": own.KeyFile, "EPKR_ESIA_TOKEN_CERTIFICATE": theirs.CertificateFile,
	}
	return func(name string) (string, bool) { value, found := values[name]; return value, found }
}

func freeAddress(t *testing.T) string {
	t.Helper()
	ports, err := servers.FreePorts(1)
	require.NoError(t, err)
	return fmt.Sprintf("127.0.0.1:%d", ports[0])
}

func status(address string) int {
	response, err := http.Get("http://" + address + "/readyz")
	if err != nil {
		return 0
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func TestStartWaitsForTheSchemaAndStopSucceeds(t *testing.T) {
	database, address, internal := testenv.Database(t), freeAddress(t), freeAddress(t)
	db, err := sql.Open("pgx", database)
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(t.Context(), "alter table goose_db_version rename to not_yet")
	require.NoError(t, err)
	log := &safeLog{}
	before := os.Stderr
	lookup := settings(t, database, address, internal)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	restore := log.capture(t)
	go func() { ended <- run(ctx, lookup) }()
	testenv.Eventually(t, "the log states what the process waits for", func() bool { return strings.Contains(log.String(), "which the worker migrates") })
	require.Zero(t, status(internal), "it does not answer before its tables exist")
	_, err = db.ExecContext(t.Context(), "alter table not_yet rename to goose_db_version")
	require.NoError(t, err)
	testenv.Eventually(t, "ready", func() bool { return status(internal) == http.StatusOK })

	stop()
	require.NoError(t, <-ended)
	require.Zero(t, status(internal))
	restore()
	require.Equal(t, before, os.Stderr)
	require.Contains(t, log.String(), "the API ends: no new requests")
}

func TestAllInvalidSettingsAreReported(t *testing.T) {
	err := run(t.Context(), func(string) (string, bool) { return "", false })
	require.ErrorContains(t, err, "EPKR_PUBLIC_URL")
	require.ErrorContains(t, err, "EPKR_ESIA_URL")
	require.ErrorContains(t, err, "DATABASE_URL")
}

// safeLog stores what the process writes to its standard error.
type safeLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// capture redirects the standard error until restore is called.
func (l *safeLog) capture(t *testing.T) (restore func()) {
	t.Helper()
	before, logger := os.Stderr, slog.Default()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	os.Stderr = writer
	copied := make(chan struct{})
	go func() { _, _ = reader.WriteTo(l); close(copied) }()
	return func() {
		os.Stderr = before
		slog.SetDefault(logger)
		_ = writer.Close()
		<-copied
	}
}

func TestStartReportsAMismatchedSigningKey(t *testing.T) {
	values := settings(t, "postgres://nobody@127.0.0.1:1/none", freeAddress(t), freeAddress(t))
	other, err := esiasim.EnsureKey(t.Context(), t.TempDir(), "other", "ЭПКР", esia.GOST)
	require.NoError(t, err)
	err = run(t.Context(), func(name string) (string, bool) {
		if name == "EPKR_ESIA_KEY" {
			return other.KeyFile, true
		}
		return values(name)
	})
	require.ErrorContains(t, err, "does not belong to the platform's certificate")
}
