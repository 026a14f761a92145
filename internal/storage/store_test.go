package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/testenv"
	"epkr/internal/testenv/cost"
)

func newStore(t *testing.T) *Store {
	t.Helper()
	s, err := New(testConfig(t))
	require.NoError(t, err)
	return s
}

// randomFile returns incompressible content of no known type.
func randomFile(t *testing.T, size int) []byte {
	t.Helper()
	content := make([]byte, size)
	_, err := rand.Read(content)
	require.NoError(t, err)
	return content
}

func declare(content []byte) Declared {
	sum := sha256.Sum256(content)
	return Declared{Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

func base64Sum(content []byte) string {
	sum := sha256.Sum256(content)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// send sends a PUT request as a browser would and returns the status code and ETag.
func send(t *testing.T, url string, headers map[string]string, body []byte) (status int, etag string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, bytes.NewReader(body))
	require.NoError(t, err)
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header.Get("ETag")
}

func sendPart(t *testing.T, s *Store, id uuid.UUID, uploadID string, number int, content []byte) Part {
	t.Helper()
	url, headers, err := s.PresignPart(t.Context(), id, uploadID, number, int64(len(content)), base64Sum(content))
	require.NoError(t, err)
	status, etag := send(t, url, headers, content)
	require.Equal(t, http.StatusOK, status)
	return Part{Number: number, Size: int64(len(content)), SHA256: base64Sum(content), ETag: etag}
}

// upload sends content in one part and completes it.
func upload(t *testing.T, s *Store, content []byte) uuid.UUID {
	t.Helper()
	id := uuid.New()
	uploadID, err := s.BeginUpload(t.Context(), id, "application/octet-stream")
	require.NoError(t, err)
	part := sendPart(t, s, id, uploadID, 1, content)
	require.NoError(t, s.CompleteUpload(t.Context(), id, uploadID, []Part{part}))
	return id
}

func read(t *testing.T, s *Store, hash string) []byte {
	t.Helper()
	body, size, err := s.Open(t.Context(), hash)
	require.NoError(t, err)
	defer body.Close()
	content, err := io.ReadAll(body)
	require.NoError(t, err)
	require.Equal(t, int64(len(content)), size)
	return content
}

func exists(t *testing.T, s *Store, key string) bool {
	t.Helper()
	_, err := s.client.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &s.bucket, Key: aws.String(key)})
	err = classify("look for "+key, err)
	if err != nil {
		require.ErrorIs(t, err, ErrNotFound)
	}
	return err == nil
}

func TestFileSentInPartsIsSealedUnderItsHash(t *testing.T) {
	acceptance.Covers(t, "R-GEN-8")
	s := newStore(t)
	content := append([]byte("%PDF-1.7\n"), randomFile(t, MinPartSize+1000)...)
	id := uuid.New()
	uploadID, err := s.BeginUpload(t.Context(), id, "text/html")
	require.NoError(t, err)
	// The second part first: browsers send several at once.
	second := sendPart(t, s, id, uploadID, 2, content[MinPartSize:])
	first := sendPart(t, s, id, uploadID, 1, content[:MinPartSize])
	require.NoError(t, s.CompleteUpload(t.Context(), id, uploadID, []Part{first, second}))

	sealed, err := s.Seal(t.Context(), id, declare(content))
	require.NoError(t, err)
	declared := declare(content)
	require.Equal(t, Sealed{
		Key: "sha256/" + declared.SHA256, Size: declared.Size, SHA256: declared.SHA256,
		ContentType: "application/pdf", // detected from the content, not the browser's claim
	}, sealed)
	require.True(t, bytes.Equal(content, read(t, s, sealed.SHA256)))
	require.False(t, exists(t, s, incomingKey(id)), "the incoming object must be deleted")
}

func TestInterruptedUploadResumesFromUploadedParts(t *testing.T) {
	acceptance.Covers(t, "R-GEN-8")
	s := newStore(t)
	id := uuid.New()
	content := randomFile(t, MinPartSize+7)
	uploadID, err := s.BeginUpload(t.Context(), id, "application/octet-stream")
	require.NoError(t, err)
	sent := sendPart(t, s, id, uploadID, 1, content[:MinPartSize])

	arrived, err := s.UploadedParts(t.Context(), id, uploadID)
	require.NoError(t, err)
	require.Equal(t, []Part{sent}, arrived)

	last := sendPart(t, s, id, uploadID, 2, content[MinPartSize:])
	require.NoError(t, s.CompleteUpload(t.Context(), id, uploadID, append(arrived, last)))
	_, err = s.Seal(t.Context(), id, declare(content))
	require.NoError(t, err)
}

func TestPresignedPartRefusesOtherContent(t *testing.T) {
	s := newStore(t)
	body := []byte("межевой план, часть первая")
	other := bytes.Replace(body, []byte("первая"), []byte("вторая"), 1)
	require.Len(t, other, len(body))
	cases := []struct {
		name   string
		body   []byte
		change func(headers map[string]string)
	}{
		{"другое содержимое той же длины", other, func(map[string]string) {}},
		{"длиннее", append(bytes.Clone(body), '!'), func(map[string]string) {}},
		{"короче", body[:len(body)-1], func(map[string]string) {}},
		{"своя контрольная сумма вместо подписанной", other, func(h map[string]string) { h["X-Amz-Checksum-Sha256"] = base64Sum(other) }},
		{"без контрольной суммы", other, func(h map[string]string) { delete(h, "X-Amz-Checksum-Sha256") }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			id := uuid.New()
			uploadID, err := s.BeginUpload(t.Context(), id, "text/plain")
			require.NoError(t, err)
			url, headers, err := s.PresignPart(t.Context(), id, uploadID, 1, int64(len(body)), base64Sum(body))
			require.NoError(t, err)
			require.Contains(t, headers, "X-Amz-Checksum-Sha256")
			c.change(headers)
			status, _ := send(t, url, headers, c.body)
			require.GreaterOrEqual(t, status, 400)
			require.Less(t, status, 500)
			parts, err := s.UploadedParts(t.Context(), id, uploadID)
			require.NoError(t, err)
			require.Empty(t, parts, "a refused part must not be stored")
		})
	}
}

func TestPresignedPartURLDoesNotWriteAnotherKey(t *testing.T) {
	s := newStore(t)
	body := []byte("x")
	id := uuid.New()
	uploadID, err := s.BeginUpload(t.Context(), id, "text/plain")
	require.NoError(t, err)
	url, headers, err := s.PresignPart(t.Context(), id, uploadID, 1, 1, base64Sum(body))
	require.NoError(t, err)
	require.Contains(t, url, "X-Amz-Expires=900")
	turned := bytes.Replace([]byte(url), []byte(incomingKey(id)), []byte(sealedKey(declare(body).SHA256)), 1)
	status, _ := send(t, string(turned), headers, body)
	require.Equal(t, http.StatusForbidden, status)
}

func TestInvalidPartIsNotPresigned(t *testing.T) {
	s := newStore(t)
	good := base64Sum(nil)
	for name, c := range map[string]struct {
		part   int
		length int64
		sum    string
	}{
		"часть 0":           {0, 1, good},
		"часть 10001":       {MaxParts + 1, 1, good},
		"пустая часть":      {1, 0, good},
		"сумма не base64":   {1, 1, "***"},
		"сумма не SHA-256":  {1, 1, base64.StdEncoding.EncodeToString([]byte("short"))},
		"сумма отсутствует": {1, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := s.PresignPart(t.Context(), uuid.New(), "upload", c.part, c.length, c.sum)
			require.Error(t, err)
		})
	}
}

func TestCompleteRefusesMissingParts(t *testing.T) {
	s := newStore(t)
	id := uuid.New()
	uploadID, err := s.BeginUpload(t.Context(), id, "text/plain")
	require.NoError(t, err)
	part := sendPart(t, s, id, uploadID, 1, []byte("first"))
	missing := part
	missing.Number = 2
	require.ErrorIs(t, s.CompleteUpload(t.Context(), id, uploadID, []Part{part, missing}), ErrMismatch)
}

func TestCompleteUploadIsIdempotent(t *testing.T) {
	s := newStore(t)
	content := []byte("content")
	id := uuid.New()
	uploadID, err := s.BeginUpload(t.Context(), id, "text/plain")
	require.NoError(t, err)
	parts := []Part{sendPart(t, s, id, uploadID, 1, content)}
	require.NoError(t, s.CompleteUpload(t.Context(), id, uploadID, parts))
	require.NoError(t, s.CompleteUpload(t.Context(), id, uploadID, parts), "before the seal")
	_, err = s.Seal(t.Context(), id, declare(content))
	require.NoError(t, err)
	require.NoError(t, s.CompleteUpload(t.Context(), id, uploadID, parts), "after the seal")
	require.ErrorIs(t, s.CompleteUpload(t.Context(), uuid.New(), uploadID, parts), ErrNotFound)
}

func TestAbortUploadIsIdempotent(t *testing.T) {
	s := newStore(t)
	id := uuid.New()
	uploadID, err := s.BeginUpload(t.Context(), id, "text/plain")
	require.NoError(t, err)
	require.NoError(t, s.AbortUpload(t.Context(), id, uploadID))
	require.NoError(t, s.AbortUpload(t.Context(), id, uploadID))
	_, err = s.UploadedParts(t.Context(), id, uploadID)
	require.ErrorIs(t, err, ErrNotFound)
}

func TestSealRefusesFileThatDiffersFromDeclaration(t *testing.T) {
	s := newStore(t)
	content := []byte("what was sent")
	other := []byte("what was said")
	for name, declared := range map[string]Declared{
		"другой хеш":    declare(other),
		"другой размер": {Size: int64(len(content)) + 1, SHA256: declare(content).SHA256},
	} {
		t.Run(name, func(t *testing.T) {
			id := upload(t, s, content)
			for range 2 { // a retry returns the same error
				_, err := s.Seal(t.Context(), id, declared)
				require.ErrorIs(t, err, ErrMismatch)
				var mismatch *MismatchError
				require.ErrorAs(t, err, &mismatch)
				require.Equal(t, int64(len(content)), mismatch.Size)
			}
			require.False(t, exists(t, s, sealedKey(declared.SHA256)))
			require.False(t, exists(t, s, sealedKey(declare(content).SHA256)))
			require.False(t, exists(t, s, sealKey(id)))
			require.True(t, exists(t, s, incomingKey(id)), "stays for RemoveIncoming")
		})
	}
}

// Each stop is a state after a crash. From each of them, Seal returns the result of an undisturbed
// run.
func TestSealResumesAfterCrash(t *testing.T) {
	s := newStore(t)
	stops := []struct {
		name string
		run  func(ctx context.Context, id uuid.UUID, content []byte) error
	}{
		{"до копирования", func(ctx context.Context, id uuid.UUID, content []byte) error {
			_, _, err := s.measure(ctx, id, declare(content))
			return err
		}},
		{"после копирования", func(ctx context.Context, id uuid.UUID, content []byte) error {
			sealed, etag, err := s.measure(ctx, id, declare(content))
			if err != nil {
				return err
			}
			return s.copySealed(ctx, id, etag, sealed)
		}},
		{"до удаления входящего", func(ctx context.Context, id uuid.UUID, content []byte) error {
			_, err := s.seal(ctx, id, declare(content))
			return err
		}},
		{"после удаления входящего", func(ctx context.Context, id uuid.UUID, content []byte) error {
			_, err := s.Seal(ctx, id, declare(content))
			return err
		}},
	}
	for _, stop := range stops {
		t.Run(stop.name, func(t *testing.T) {
			content := randomFile(t, 5000)
			declared := declare(content)
			id := upload(t, s, content)
			require.NoError(t, stop.run(t.Context(), id, content))
			sealed, err := s.Seal(t.Context(), id, declared)
			require.NoError(t, err)
			require.Equal(t, Sealed{
				Key: sealedKey(declared.SHA256), Size: 5000, SHA256: declared.SHA256, ContentType: "application/octet-stream",
			}, sealed)
			require.True(t, bytes.Equal(content, read(t, s, declared.SHA256)))
			require.False(t, exists(t, s, incomingKey(id)))
		})
	}
}

func TestSealStreamsTheFile(t *testing.T) {
	s := newStore(t)
	content := randomFile(t, 64<<20)
	declared := declare(content)
	id := upload(t, s, content)
	var err error
	spent := cost.Of(func() { _, err = s.Seal(t.Context(), id, declared) })
	require.NoError(t, err)
	require.Less(t, spent.Allocated, uint64(4<<20), "bytes allocated in total")
}

func TestKnowingAHashDoesNotSealTheFile(t *testing.T) {
	s := newStore(t)
	secret := []byte("чужой договор")
	_, err := s.Seal(t.Context(), upload(t, s, secret), declare(secret))
	require.NoError(t, err)
	_, err = s.Seal(t.Context(), uuid.New(), declare(secret))
	require.ErrorIs(t, err, ErrNotFound)
}

func TestSameContentIsStoredOnce(t *testing.T) {
	s := newStore(t)
	content := []byte("one document, two orders")
	first, err := s.Seal(t.Context(), upload(t, s, content), declare(content))
	require.NoError(t, err)
	second, err := s.Seal(t.Context(), upload(t, s, content), declare(content))
	require.NoError(t, err)
	require.Equal(t, first, second)
	put, err := s.Put(t.Context(), content, first.ContentType)
	require.NoError(t, err)
	require.Equal(t, first, put)
}

func TestPutStoresGeneratedDocument(t *testing.T) {
	s := newStore(t)
	content := []byte("%PDF-1.4 договор")
	sealed, err := s.Put(t.Context(), content, "application/pdf")
	require.NoError(t, err)
	require.Equal(t, declare(content).SHA256, sealed.SHA256)
	require.Equal(t, content, read(t, s, sealed.SHA256))
}

func TestDownloadIsAnAttachmentUnderItsRussianName(t *testing.T) {
	s := newStore(t)
	sealed, err := s.Put(t.Context(), []byte("<script>alert(1)</script>"), "text/html")
	require.NoError(t, err)
	url, err := s.PresignDownload(t.Context(), sealed.SHA256, `Акт "№ 5".html`, "text/html")
	require.NoError(t, err)
	require.Contains(t, url, "X-Amz-Expires=300")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, `attachment; filename="___ __ 5_.html"; filename*=UTF-8''%D0%90%D0%BA%D1%82%20%22%E2%84%96%205%22.html`,
		resp.Header.Get("Content-Disposition"))
	require.Equal(t, "application/octet-stream", resp.Header.Get("Content-Type"))
}

func TestAttachmentSanitisesNames(t *testing.T) {
	for name, want := range map[string]string{
		"../../etc/passwd":    `attachment; filename="passwd"; filename*=UTF-8''passwd`,
		`C:\план\a;b.pdf`:     `attachment; filename="a;b.pdf"; filename*=UTF-8''a%3Bb.pdf`,
		"a\r\nSet-Cookie: x=": `attachment; filename="aSet-Cookie: x="; filename*=UTF-8''aSet-Cookie%3A%20x%3D`,
		"":                    `attachment; filename="file"; filename*=UTF-8''file`,
		"счет\u202efdp.exe":   `attachment; filename="____fdp.exe"; filename*=UTF-8''%D1%81%D1%87%D0%B5%D1%82fdp.exe`,
		"\u200b":              `attachment; filename="file"; filename*=UTF-8''file`,
		"NUL":                 `attachment; filename="file"; filename*=UTF-8''file`,
		"a.exe. ":             `attachment; filename="a.exe"; filename*=UTF-8''a.exe`,
		"50% O'Hara@x.pdf":    `attachment; filename="50_ O'Hara@x.pdf"; filename*=UTF-8''50%25%20O%27Hara%40x.pdf`,
	} {
		require.Equal(t, want, Attachment(name))
	}
}

func TestSafeContentTypeKeepsOnlyHarmlessTypes(t *testing.T) {
	for given, want := range map[string]string{
		"application/pdf":           "application/pdf",
		"text/plain; charset=utf-8": "text/plain; charset=utf-8",
		"image/svg+xml":             "application/octet-stream",
		"text/html; charset=utf-8":  "application/octet-stream",
		"TEXT/HTML":                 "application/octet-stream",
		"not a type":                "application/octet-stream",
	} {
		require.Equal(t, want, SafeContentType(given))
	}
}

func TestRemovedFileIsNotFound(t *testing.T) {
	s := newStore(t)
	sealed, err := s.Put(t.Context(), []byte("bytes"), "text/plain")
	require.NoError(t, err)
	require.NoError(t, s.Remove(t.Context(), sealed.SHA256))
	require.NoError(t, s.Remove(t.Context(), sealed.SHA256))
	_, _, err = s.Open(t.Context(), sealed.SHA256)
	require.ErrorIs(t, err, ErrNotFound)
	_, _, err = s.Open(t.Context(), "../incoming/x")
	require.ErrorIs(t, err, ErrNotFound)
}

func TestSweepRemovesOnlyStaleObjects(t *testing.T) {
	s := newStore(t)
	content := []byte("sealed")
	_, err := s.Seal(t.Context(), upload(t, s, content), declare(content))
	require.NoError(t, err)
	abandoned := upload(t, s, []byte("never sealed"))
	open := uuid.New()
	uploadID, err := s.BeginUpload(t.Context(), open, "text/plain")
	require.NoError(t, err)
	sendPart(t, s, open, uploadID, 1, []byte("part"))

	swept, err := s.SweepIncoming(t.Context(), time.Now().Add(-time.Hour))
	require.NoError(t, err)
	require.Equal(t, Swept{}, swept, "nothing is an hour old")
	_, err = s.UploadedParts(t.Context(), open, uploadID)
	require.NoError(t, err)

	swept, err = s.SweepIncoming(t.Context(), time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, Swept{Uploads: 1, Incoming: 1, Seals: 1}, swept)
	_, err = s.UploadedParts(t.Context(), open, uploadID)
	require.ErrorIs(t, err, ErrNotFound)
	require.False(t, exists(t, s, incomingKey(abandoned)))
	require.Equal(t, content, read(t, s, declare(content).SHA256), "sealed files are never swept")
}

func TestPresignedURLsUsePublicEndpoint(t *testing.T) {
	cfg := testConfig(t)
	cfg.PublicEndpoint = "https://files.example"
	s, err := New(cfg)
	require.NoError(t, err)
	part, _, err := s.PresignPart(t.Context(), uuid.New(), "u", 1, 1, base64Sum(nil))
	require.NoError(t, err)
	require.Contains(t, part, "https://files.example/"+cfg.Bucket+"/incoming/")
	file, err := s.PresignDownload(t.Context(), declare(nil).SHA256, "a", "text/plain")
	require.NoError(t, err)
	require.Contains(t, file, "https://files.example/"+cfg.Bucket+"/sha256/")
	require.NoError(t, s.Ping(t.Context()), "the platform itself still uses Endpoint")
}

func TestUnreachableStorageIsUnavailable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	cfg := testConfig(t)
	cfg.Endpoint = "http://" + address
	s, err := New(cfg)
	require.NoError(t, err)
	require.ErrorIs(t, s.Ping(t.Context()), ErrUnavailable)
}

func TestDeadlineIsUnavailableCancellationIsNot(t *testing.T) {
	s := newStore(t)
	late, stop := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer stop()
	require.ErrorIs(t, s.Ping(late), ErrUnavailable)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	err := s.Ping(cancelled)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, ErrUnavailable)
}

func TestWrongKeysAreNotRetryable(t *testing.T) {
	cfg := testConfig(t)
	cfg.SecretKey += "x"
	s, err := New(cfg)
	require.NoError(t, err)
	err = s.Ping(t.Context())
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrUnavailable)
	require.NotErrorIs(t, err, ErrNotFound)
}

func TestConfigReportsAllErrors(t *testing.T) {
	err := Config{Endpoint: "ftp://x", PublicEndpoint: "https://user:pw@x"}.Validate()
	for _, part := range []string{"endpoint: not an absolute", "public endpoint: must carry no user", "region", "bucket", "access key", "secret key"} {
		require.ErrorContains(t, err, part)
	}
	require.NotContains(t, err.Error(), "pw")
}

func TestSecretKeyIsNeverPrinted(t *testing.T) {
	cfg := Config{Bucket: "files", SecretKey: "hidden-key"}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "storage", cfg, "nested", struct{ S3 Config }{cfg})
	encoded, err := json.Marshal(cfg)
	require.NoError(t, err)
	for _, printed := range []string{
		fmt.Sprintf("%v %+v %#v %s %q %x", cfg, cfg, cfg, cfg, cfg, cfg),
		fmt.Sprintf("%+v %#v", struct{ S3 Config }{cfg}, &cfg),
		log.String(), string(encoded),
	} {
		require.NotContains(t, printed, "hidden-key")
		require.NotContains(t, printed, hex.EncodeToString([]byte("hidden-key")))
	}
}

func testConfig(t *testing.T) Config {
	t.Helper()
	b := testenv.Bucket(t)
	return Config{
		Endpoint: b.Endpoint, Region: b.Region, Bucket: b.Name,
		AccessKey: b.AccessKey, SecretKey: b.SecretKey, PathStyle: true,
	}
}
