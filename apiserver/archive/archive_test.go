package archive_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/archive"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/dev/simulators/cryptopro"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/testenv/pki"
)

func archivePath(id uuid.UUID) string { return "/api/orders/" + id.String() + "/archive" }

// download reads an archive and unpacks it into a folder of the test, whose path it returns.
func download(b *apitest.Browser, id uuid.UUID) string {
	b.Platform.T.Helper()
	a := b.Do(http.MethodGet, archivePath(id), nil).OK()
	require.Equal(b.Platform.T, "application/zip", a.Header.Get("Content-Type"))
	_, name, err := mime.ParseMediaType(a.Header.Get("Content-Disposition"))
	require.NoError(b.Platform.T, err)
	require.Equal(b.Platform.T, "Заказ "+b.Card(id).Number+".zip", name["filename"])
	packed, err := zip.NewReader(bytes.NewReader(a.Body), int64(len(a.Body)))
	require.NoError(b.Platform.T, err)
	folder := b.Platform.T.TempDir()
	for _, f := range packed.File {
		require.True(b.Platform.T, filepath.IsLocal(f.Name), f.Name)
		to := filepath.Join(folder, f.Name)
		require.NoError(b.Platform.T, os.MkdirAll(filepath.Dir(to), 0o700))
		content, err := f.Open()
		require.NoError(b.Platform.T, err)
		all, err := io.ReadAll(content)
		require.NoError(b.Platform.T, err)
		require.NoError(b.Platform.T, os.WriteFile(to, all, 0o600))
	}
	found, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(b.Platform.T, err)
	require.Len(b.Platform.T, found, 1)
	return found[0]
}

// shell runs a command of the instruction in the unpacked folder.
func shell(t *testing.T, folder, command string) (string, error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "sh", "-c", command)
	c.Dir = folder
	out, err := c.CombinedOutput()
	return string(out), err
}

func read(t *testing.T, folder, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, name))
	require.NoError(t, err)
	return content
}

// signedOrder is an order whose contract both have signed, the engineer by a signature in base64.
func signedOrder(customer, engineer *apitest.Browser) uuid.UUID {
	p := customer.Platform
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	contract := engineer.Upload(id, "Договор \"№ 1\" $(id).pdf", apitest.PDF("договор"))
	signature, err := pki.Shared(p.T).SignAs(cryptopro.SubjectFor(apitest.World(), p.Person(synthetic.LoginEngineerMoscow), ""), apitest.PDF("договор"))
	require.NoError(p.T, err)
	inBase64 := engineer.Upload(id, "договор.sig", []byte(base64.StdEncoding.EncodeToString(signature)))
	engineer.RequireApplied(id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(inBase64), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	customer.RequireApplied(id, order.SignContract, apitest.Object{"details": apitest.Object{
		"contract": contract.SHA256, "signature": apitest.Ref(customer.Sign(id, contract)),
	}})
	return id
}

// Everything in an archive is verified by the commands of its own instruction, and a changed document
// is not.
func TestArchiveIsVerifiedWithoutThePlatform(t *testing.T) {
	acceptance.Covers(t, "R-DONE-2")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := signedOrder(customer, engineer)
	folder := download(customer, id)

	documents, err := os.ReadDir(filepath.Join(folder, "Документы"))
	require.NoError(t, err)
	require.Len(t, documents, 3)
	out, err := shell(t, folder, "sha256sum -c Манифест.txt")
	require.NoError(t, err, out)
	listed := strings.Count(string(read(t, folder, "Манифест.txt")), "\n")
	files := 0
	require.NoError(t, filepath.WalkDir(folder, func(_ string, e os.DirEntry, err error) error {
		if !e.IsDir() {
			files++
		}
		return err
	}))
	require.Equal(t, files, listed+1, "the manifest lists every file but itself")

	protocols, err := filepath.Glob(filepath.Join(folder, "Проверка", "*", "Протокол.pdf"))
	require.NoError(t, err)
	require.Len(t, protocols, 2, "one for each signature")
	commands := regexp.MustCompile(`(?m)^ *openssl cms .*$`).FindAllString(string(read(t, folder, "Прочтите.txt")), -1)
	require.Len(t, commands, 2)
	for _, command := range commands {
		out, err := shell(t, folder, command)
		require.NoError(t, err, out)
		require.Contains(t, out, "erification successful")
		require.Contains(t, command, "-crl_check")
	}
	contract := filepath.Join(folder, "Документы", documents[0].Name())
	require.NoError(t, os.WriteFile(contract, append(apitest.PDF("договор"), ' '), 0o600))
	for _, command := range commands {
		out, err := shell(t, folder, command)
		require.Error(t, err, out)
	}
}

// The history of an archive is that of the order, and its chain is whole.
func TestArchiveHasTheHistoryWithItsChain(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := signedOrder(customer, engineer)
	folder := download(customer, id)

	var history struct {
		Order  uuid.UUID
		Events []orders.HistoryEvent
		Chain  []struct {
			Seq                 int
			Prev, Content, Hash string
		}
	}
	require.NoError(t, json.Unmarshal(read(t, folder, "История.json"), &history))
	require.Equal(t, id, history.Order)
	var shown struct{ Items []orders.HistoryEvent }
	customer.Do(http.MethodGet, "/api/orders/"+id.String()+"/history", nil).OK().Into(&shown)
	require.Equal(t, shown.Items, history.Events)

	require.NotEmpty(t, history.Chain)
	previous := ""
	for i, link := range history.Chain {
		require.Equal(t, i+1, link.Seq)
		require.Equal(t, previous, link.Prev)
		joined, err := hex.DecodeString(link.Prev + link.Content)
		require.NoError(t, err)
		sum := sha256.Sum256(joined)
		require.Equal(t, hex.EncodeToString(sum[:]), link.Hash)
		previous = link.Hash
	}
	require.Equal(t, apitest.Value[string](p, "select encode(head, 'hex') from orders where id = $1", id), previous)
	require.Contains(t, string(read(t, folder, "Прочтите.txt")), previous)
	require.True(t, bytes.HasPrefix(read(t, folder, "История.pdf"), []byte("%PDF-")))
}

// An archive has what its reader sees: not the documents of another performer, and nothing of an order
// that he does not see.
func TestArchiveHasWhatItsReaderSees(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	other := p.Engineer(synthetic.LoginEngineerTatarstan)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	folder := download(engineer, id)
	require.Contains(t, string(read(t, folder, "История.json")), `"kind":"respond"`)
	require.NotContains(t, string(read(t, folder, "История.json")), `"kind":"create"`, "the draft is its author's")
	_, err := os.Stat(filepath.Join(folder, "Документы"))
	require.ErrorIs(t, err, os.ErrNotExist)
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	a := other.Do(http.MethodGet, archivePath(id), nil)
	require.Equal(t, http.StatusNotFound, a.Status, a.Text())
	require.Equal(t, problems.OrderNotFound, a.Problem().Code)
}

// A file that cannot be read cuts the archive: no client takes it for a whole one.
func TestArchiveThatFailsIsCut(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := signedOrder(customer, engineer)
	p.Exec("update files set sha256 = $2 where order_id = $1 and name like '%.pdf'", id, strings.Repeat("0", 64))
	response, err := customer.Client.Do(customer.Request(http.MethodGet, archivePath(id), nil))
	if err == nil {
		_, err = io.ReadAll(response.Body)
		response.Body.Close()
	}
	require.Error(t, err)
}

// Only so many archives are sent at once, and a place is free again when a reader goes away.
func TestArchivesAtOnceAreLimited(t *testing.T) {
	archive.SetMaxOpen(t, 1)
	p := apitest.Start(t)
	p.StartWorker()
	customer := p.Customer(synthetic.LoginCustomer)
	id := customer.CreateDraft()
	// More than the buffers of a connection hold.
	large := customer.Upload(id, "съёмка.bin", bytes.Repeat([]byte("съёмка местности\n"), 1<<20))
	customer.RequireApplied(id, order.Publish, apitest.WithFiles(apitest.Conditions("77", 30), large))

	stalled, err := customer.Client.Do(customer.Request(http.MethodGet, archivePath(id), nil))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, stalled.StatusCode)
	a := customer.Do(http.MethodGet, archivePath(id), nil)
	require.Equal(t, http.StatusServiceUnavailable, a.Status, a.Text())
	require.Equal(t, problems.TooManyArchives, a.Problem().Code)
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	require.NoError(t, stalled.Body.Close())
	testenv.Eventually(t, "the place is free again", func() bool {
		return customer.Do(http.MethodGet, archivePath(id), nil).Status == http.StatusOK
	})
}
