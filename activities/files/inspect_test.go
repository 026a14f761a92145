package files

import (
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/gost"
	"epkr/internal/storage"
	"epkr/internal/testenv"
	"epkr/internal/testenv/cost"
)

// maxMemory is what the check of a file may allocate in all, also if it is freed at once.
const maxMemory = 64 << 20

// newStorage returns an empty storage.
func newStorage(t *testing.T) *storage.Store {
	t.Helper()
	bucket := testenv.Bucket(t)
	files, err := storage.New(storage.Config{
		Endpoint: bucket.Endpoint, Region: bucket.Region, Bucket: bucket.Name, AccessKey: bucket.AccessKey, SecretKey: bucket.SecretKey, PathStyle: true,
	})
	require.NoError(t, err)
	return files
}

// inspected stores a content, inspects it twice and returns the result with the bytes that the second
// time allocated.
func inspected(t *testing.T, content []byte) (found *Inspection, allocated uint64) {
	t.Helper()
	files := newStorage(t)
	sealed, err := files.Put(t.Context(), content, pdf)
	require.NoError(t, err)
	a := New(nil, files, time.Now)
	first, err := a.inspect(t.Context(), sealed.SHA256)
	require.NoError(t, err)
	spent := cost.Of(func() { found, err = a.inspect(t.Context(), sealed.SHA256) })
	t.Logf("%d bytes: %v", len(content), spent)
	require.NoError(t, err)
	require.Equal(t, first, found, "a repeat finds the same")
	return found, spent.Allocated
}

// The memory of a check does not grow with the file: this one is larger than what it may allocate.
func TestLargePDFIsInspectedInLittleMemory(t *testing.T) {
	content := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("план участка\n"), 3_500_000)...)
	require.Greater(t, len(content), maxMemory)
	found, allocated := inspected(t, content)
	require.Less(t, allocated, uint64(maxMemory)/4)
	require.False(t, found.report.Accepted())
	short, long := gost.Sum256(content), gost.Sum512(content)
	require.Equal(t, hex.EncodeToString(short[:]), found.streebog256)
	require.Equal(t, hex.EncodeToString(long[:]), found.streebog512)
}

// A small file that unpacks to much takes little memory. What limits the bytes that are unpacked also
// limits the time.
func TestBombIsInspectedInLittleMemory(t *testing.T) {
	found, allocated := inspected(t, bomb(t))
	require.Less(t, allocated, uint64(maxMemory))
	require.False(t, found.report.Accepted())
}

// bomb returns a PDF of a quarter of a megabyte whose metadata are 256 MB of spaces.
func bomb(t *testing.T) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	spaces := bytes.Repeat([]byte(" "), 1<<20)
	for range 256 {
		_, err := w.Write(spaces)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n%\xE4\xF6\xFC\xDF\n")
	var places []int
	for i, object := range []string{
		"<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R>>", "<</Type/Pages/Kids[]/Count 0>>",
		fmt.Sprintf("<</Type/Metadata/Subtype/XML/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", packed.Len(), packed.Bytes()),
	} {
		places = append(places, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := out.Len()
	out.WriteString("xref\n0 4\n0000000000 65535 f \n")
	for _, place := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&out, "trailer\n<</Size 4/Root 1 0 R/ID[(a)(a)]>>\nstartxref\n%d\n%%%%EOF\n", table)
	return out.Bytes()
}

// The checks beyond those at once wait, and end with their context.
func TestChecksWaitForAPlace(t *testing.T) {
	a := New(nil, nil, time.Now)
	for range inspectedAtOnce {
		a.inspecting <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := a.inspect(ctx, "")
	require.ErrorIs(t, err, context.Canceled)
}

// The seal of a PDF of an order writes its report and its digests once; a repeat changes nothing.
func TestSealingStoresWhatTheCheckFound(t *testing.T) {
	acceptance.Covers(t, "R-CONTR-9")
	url, files := testenv.Database(t), newStorage(t)
	store, err := db.Open(t.Context(), testenv.AsProcess(t, url))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	a := New(store, files, time.Now)
	content, err := synthetic.Paper("Договор подряда")
	require.NoError(t, err)
	id := uuid.New()
	testenv.Exec(t, url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, '1', '1', 'Ф', 'И')`, id)
	testenv.Exec(t, url, `insert into files (id, order_id, uploader_id, name, size, sha256, status) values ($1, $1, $1, 'договор.pdf', $2, $3, 'checking')`,
		id, len(content), storage.Hash(content))
	upload(t, files, id, content)
	for range 2 {
		_, err = a.SealFile(t.Context(), id.String())
		require.NoError(t, err)
		require.Equal(t, "stored", testenv.Scalar[string](t, url, `select status from files where id = $1`, id))
		require.Equal(t, "1 A", testenv.Scalar[string](t, url, `select concat_ws(' ', report ->> 'part', report ->> 'conformance', report ->> 'faults') from file_checks where file_id = $1`, id))
		short, long := gost.Sum256(content), gost.Sum512(content)
		require.Equal(t, hex.EncodeToString(short[:])+hex.EncodeToString(long[:]),
			testenv.Scalar[string](t, url, `select streebog256 || streebog512 from file_checks where file_id = $1`, id))
	}
}

// upload sends a content as a browser does.
func upload(t *testing.T, files *storage.Store, id uuid.UUID, content []byte) {
	t.Helper()
	open, err := files.BeginUpload(t.Context(), id, pdf)
	require.NoError(t, err)
	sum := sha256.Sum256(content)
	address, headers, err := files.PresignPart(t.Context(), id, open, 1, int64(len(content)), base64.StdEncoding.EncodeToString(sum[:]))
	require.NoError(t, err)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, address, bytes.NewReader(content))
	require.NoError(t, err)
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusOK, response.StatusCode)
	parts, err := files.UploadedParts(t.Context(), id, open)
	require.NoError(t, err)
	require.NoError(t, files.CompleteUpload(t.Context(), id, open, parts))
}
