package documents_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	documentactivities "epkr/activities/documents"
	"epkr/apiserver/apitest"
	"epkr/apiserver/documents"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/document/generated"
	"epkr/internal/testenv"
)

// asked brings an order to a contract that was asked for while no worker ran, and returns the key of
// the request with its form.
func asked(p *apitest.Platform) (engineer *apitest.Browser, id, document uuid.UUID, key string, form documents.ContractForm) {
	p.T.Helper()
	stop := p.StartWorker()
	customer, engineer := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEngineerMoscow)
	id = contracting(customer, engineer)
	stop()
	key, form = uuid.NewString(), filled(engineer, id)
	a := engineer.Do(http.MethodPost, generatedAt(id)+"/contract", apitest.Object{"form": form}, "Idempotency-Key", key)
	require.Equal(p.T, http.StatusAccepted, a.Status, a.Text())
	return engineer, id, apitest.Value[uuid.UUID](p, `select id from generated_documents`), key, form
}

func makerOf(p *apitest.Platform) *documentactivities.Activities {
	p.T.Helper()
	maker, err := generated.NewMaker()
	require.NoError(p.T, err)
	return documentactivities.New(p.Deps.Store, p.Deps.Files, maker, p.Deps.Now)
}

func requireOneDocument(p *apitest.Platform, id uuid.UUID) {
	p.T.Helper()
	require.Equal(p.T, []string{"ready"}, testenv.Column[string](p.T, p.DatabaseURL, `select status from generated_documents`))
	require.Equal(p.T, 2, apitest.Value[int](p, `select count(*) from files where order_id = $1 and status = 'stored'`, id))
}

// What was asked for while no worker ran is made when one runs again.
func TestDocumentIsMadeOnceAWorkerRuns(t *testing.T) {
	acceptance.Covers(t, "R-GEN-3", "B-3")
	p := apitest.Start(t)
	engineer, id, document, key, form := asked(p)
	require.Equal(t, documents.Status("making"), current(engineer, id)[0].Status)
	p.StartWorker()
	done := made(generate(engineer, id, key, form, false))
	require.Equal(t, document, done.ID)
	requireOneDocument(p, id)
}

// A worker that dies before the files are stored, or after that and before they are recorded, and
// workers that do the same work at once, leave one document of the same bytes.
func TestKilledWorkerLeavesOneDocument(t *testing.T) {
	acceptance.Covers(t, "R-GEN-3")
	p := apitest.Start(t)
	engineer, id, document, _, _ := asked(p)
	activities := makerOf(p)
	// killedAt runs the activity until it waits for what the statement locks, and kills it there.
	killedAt := func(statement string, arguments ...any) {
		holder, err := p.Database.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		defer func() { require.NoError(t, holder.Rollback()) }()
		_, err = holder.ExecContext(t.Context(), statement, arguments...)
		require.NoError(t, err)
		dying, kill := context.WithCancel(t.Context())
		died := make(chan error)
		go func() { died <- activities.MakeDocument(dying, document.String()) }()
		testenv.Eventually(t, "the activity waits for the lock", func() bool {
			return apitest.Value[bool](p, `select exists (select from pg_locks where not granted)`)
		})
		kill()
		require.Error(t, <-died)
	}
	killedAt(`select pg_advisory_xact_lock(k) from (select hashtextextended($1, 0) as k) as one`, hashOfPDF(p, document))
	_, _, err := p.Deps.Files.Open(t.Context(), hashOfPDF(p, document))
	require.Error(t, err, "nothing is stored yet")
	killedAt(`select from generated_documents where id = $1 for update`, document)
	_, _, err = p.Deps.Files.Open(t.Context(), hashOfPDF(p, document))
	require.NoError(t, err, "the content is stored and not recorded")
	require.Zero(t, apitest.Value[int](p, `select count(*) from files where order_id = $1`, id))

	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { _ = activities.MakeDocument(t.Context(), document.String()) })
	}
	all.Wait()
	requireOneDocument(p, id)
	require.NoError(t, activities.MakeDocument(t.Context(), document.String()), "once more")
	requireOneDocument(p, id)
	require.Equal(t, hashOfPDF(p, document), current(engineer, id)[0].PDF.SHA256)
}

// hashOfPDF returns the hash of the PDF that the stored values make.
func hashOfPDF(p *apitest.Platform, document uuid.UUID) string {
	p.T.Helper()
	maker, err := generated.NewMaker()
	require.NoError(p.T, err)
	made, _, err := maker.MakeStored(apitest.Value[[]byte](p, `select input from generated_documents where id = $1`, document))
	require.NoError(p.T, err)
	return apitest.HexSum(made.PDF)
}
