package trust

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"io/fs"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// folder is a folder of authorities with a source that follows it.
type folder struct {
	t      *testing.T
	path   string
	root   *issuer
	source *Source
	logged bytes.Buffer
	// began is the time of the first list.
	began time.Time
}

func newFolder(t *testing.T) *folder {
	t.Helper()
	f := &folder{t: t, path: t.TempDir(), root: newIssuer(t, "root", nil), began: time.Now().Add(-time.Minute)}
	for _, name := range []string{"roots", "unqualified", "revocations"} {
		require.NoError(t, os.Mkdir(filepath.Join(f.path, name), 0o700))
	}
	f.put("roots/root.crt", f.root.certificate.Raw)
	f.put("revocations/root.crl", f.list(f.began))
	var err error
	f.source, _, err = Open(os.DirFS(f.path))
	require.NoError(t, err)
	return f
}

// put replaces a file at once, as an operator does.
func (f *folder) put(name string, content []byte) {
	f.t.Helper()
	path := filepath.Join(f.path, filepath.FromSlash(name))
	require.NoError(f.t, os.WriteFile(path+".new", content, 0o600))
	require.NoError(f.t, os.Rename(path+".new", path))
}

// list makes the root's list of a moment.
func (f *folder) list(at time.Time, revoked ...*x509.Certificate) []byte {
	f.t.Helper()
	template := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: at, NextUpdate: at.Add(time.Hour)}
	for _, c := range revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: c.SerialNumber, RevocationTime: at})
	}
	der, err := x509.CreateRevocationList(rand.Reader, template, f.root.certificate, f.root.key)
	require.NoError(f.t, err)
	return der
}

// look lets the source look once, and returns what it logged.
func (f *folder) look() string {
	f.logged.Reset()
	f.source.Look(f.t.Context(), slog.New(slog.NewTextHandler(&f.logged, nil)))
	return f.logged.String()
}

func (f *folder) judge(c *x509.Certificate) error {
	_, err := f.source.Store().Judge(c, nil, time.Now())
	return err
}

// A list that revokes counts from the next tick on, without a restart; a check that began before
// keeps its authorities.
func TestSourceFollowsLists(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	signer := signerOf(t, f.root)
	ticks, ended := make(chan time.Time), make(chan struct{})
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		f.source.Run(ctx, slog.New(slog.DiscardHandler), ticks)
		close(ended)
	}()
	before := f.source.Store()
	f.put("revocations/root.crl", f.list(f.began.Add(time.Second), signer))
	require.NoError(t, f.judge(signer), "there was no look yet")
	require.Same(t, before, f.source.Store())
	ticks <- time.Now()
	ticks <- time.Now() // taken when the first look has ended
	require.ErrorIs(t, f.judge(signer), ErrRevoked)
	_, err := before.Judge(signer, nil, time.Now())
	require.NoError(t, err)
	stop()
	<-ended
}

// Files are read again when the time or the size of one, or the set of them, has changed, and only
// then.
func TestSourceReadsWhatChanged(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	changes := func(why string) {
		t.Helper()
		before := f.source.Store()
		require.Contains(t, f.look(), "read again", why)
		require.NotSame(t, before, f.source.Store(), why)
		before = f.source.Store()
		require.Empty(t, f.look(), why)
		require.Same(t, before, f.source.Store(), why)
	}
	require.Empty(t, f.look())
	later := time.Now().Add(time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(f.path, "revocations", "root.crl"), later, later))
	changes("the time")
	f.put("revocations/root.crl", f.list(f.began, signerOf(t, f.root)))
	require.NoError(t, os.Chtimes(filepath.Join(f.path, "revocations", "root.crl"), later, later))
	changes("the size")
	other := newIssuer(t, "other", nil)
	f.put("unqualified/other.crt", other.certificate.Raw)
	changes("a file was added")
	signer := signerOf(t, other)
	require.NoError(t, f.judge(signer))
	require.NoError(t, os.Remove(filepath.Join(f.path, "unqualified", "other.crt")))
	changes("a file was removed")
	require.ErrorIs(t, f.judge(signer), ErrUnknownIssuer)
}

// Files that cannot be used leave the authorities as they are. That is logged once for each change,
// and told as long as it lasts.
func TestSourceKeepsStoreWithoutGoodFiles(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	signer, good := signerOf(t, f.root), signerOf(t, f.root)
	revoking := f.list(f.began.Add(time.Second), signer)
	f.put("revocations/root.crl", revoking)
	f.look()
	stranger := &folder{t: t, root: newIssuer(t, "stranger", nil)}
	other := newIssuer(t, "other", nil)
	refused := errors.New("refused")
	f.source.Accept = func(of Authorities) error {
		if len(of.Unqualified) > 0 {
			return refused
		}
		return nil
	}

	for why, c := range map[string]struct {
		file    string
		content []byte // nil: the file is removed
		names   string
	}{
		"a broken list":        {"revocations/root.crl", revoking[:len(revoking)/2], "revocations/root.crl"},
		"an empty file":        {"roots/empty.crt", []byte{}, "roots/empty.crt"},
		"a stranger's list":    {"revocations/stranger.crl", stranger.list(f.began), "stranger"},
		"no root":              {"roots/root.crt", nil, "no root certificates"},
		"no list":              {"revocations/root.crl", nil, "missing"},
		"an older list":        {"revocations/root.crl", f.list(f.began), "older"},
		"refused certificates": {"unqualified/other.crt", other.certificate.Raw, "refused"},
	} {
		require.NoError(t, f.source.Check(t.Context()), why)
		before := f.source.Store()
		path := filepath.Join(f.path, filepath.FromSlash(c.file))
		original, missing := os.ReadFile(path)
		if c.content == nil {
			require.NoError(t, os.Remove(path), why)
		} else {
			f.put(c.file, c.content)
		}
		logged := f.look()
		require.Contains(t, logged, "level=ERROR", why)
		require.Contains(t, logged, c.names, why)
		require.ErrorContains(t, f.source.Check(t.Context()), c.names, why)
		require.Empty(t, f.look(), why)
		require.Same(t, before, f.source.Store(), why)
		require.ErrorIs(t, f.judge(signer), ErrRevoked, why)
		require.NoError(t, f.judge(good), why)

		f.put("roots/broken.crt", []byte(why))
		require.Contains(t, f.look(), "level=ERROR", "another change")
		require.NoError(t, os.Remove(filepath.Join(f.path, "roots", "broken.crt")))

		if missing != nil {
			require.NoError(t, os.Remove(path), why)
		} else {
			f.put(c.file, original)
		}
		require.Contains(t, f.look(), "read again", why)
	}
}

// An issuer whose certificate and list are both removed is no more trusted. One that gets another
// certificate of its key keeps its list.
func TestSourceWithOtherIssuers(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	other := &folder{t: t, path: f.path, root: newIssuer(t, "other", nil)}
	f.put("roots/other.crt", other.root.certificate.Raw)
	f.put("revocations/other.crl", other.list(f.began))
	require.Contains(t, f.look(), "read again")

	f.put("roots/another.crt", certify(t, "root", &f.root.key.PublicKey, true, nil, f.root).Raw)
	require.Contains(t, f.look(), "read again")
	require.NoError(t, os.Remove(filepath.Join(f.path, "roots", "other.crt")))
	require.NoError(t, os.Remove(filepath.Join(f.path, "revocations", "other.crl")))
	require.Contains(t, f.look(), "read again")
	require.NoError(t, f.source.Check(t.Context()))
}

// A fixed source stays as it is.
func TestFixedSource(t *testing.T) {
	t.Parallel()
	store, err := New(Authorities{Roots: []*x509.Certificate{newIssuer(t, "root", nil).certificate}})
	require.NoError(t, err)
	s := Fixed(store)
	s.Look(t.Context(), slog.New(slog.DiscardHandler))
	require.Same(t, store, s.Store())
	require.NoError(t, s.Check(t.Context()))
}

// Checks and looks at once: a store judges a certificate alike, however often it is replaced
// meanwhile.
func TestSourceIsReplacedDuringChecks(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	other := newIssuer(t, "other", nil)
	signer := signerOf(t, other)
	done := make(chan struct{})
	var checks sync.WaitGroup
	for range 4 {
		checks.Go(func() {
			for {
				store := f.source.Store()
				_, first := store.Judge(signer, nil, time.Now())
				_, second := store.Judge(signer, nil, time.Now())
				if (first == nil) != (second == nil) {
					t.Errorf("one store judged differently: %v, %v", first, second)
				}
				_ = f.source.Check(t.Context())
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for range 50 {
		f.put("unqualified/other.crt", other.certificate.Raw)
		require.Contains(t, f.look(), "read again")
		require.NoError(t, os.Remove(filepath.Join(f.path, "unqualified", "other.crt")))
		require.Contains(t, f.look(), "read again")
	}
	close(done)
	checks.Wait()
}

// unreadable is a file system whose lists cannot be read for a while.
type unreadable struct {
	fs.FS
	failing bool
}

func (u *unreadable) Open(name string) (fs.File, error) {
	if u.failing && strings.HasSuffix(name, ".crl") {
		return nil, fs.ErrPermission
	}
	return u.FS.Open(name)
}

func (u *unreadable) Stat(name string) (fs.FileInfo, error) { return fs.Stat(u.FS, name) }

// Files that could not be read are tried again, also if they look the same.
func TestSourceTriesAgain(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	signer := signerOf(t, f.root)
	files := &unreadable{os.DirFS(f.path), true}
	f.source.from = files
	f.put("revocations/root.crl", f.list(f.began.Add(time.Second), signer))
	require.Contains(t, f.look(), "permission denied")
	require.Empty(t, f.look())
	require.NoError(t, f.judge(signer))
	files.failing = false
	require.Contains(t, f.look(), "read again")
	require.NoError(t, f.source.Check(t.Context()))
	require.ErrorIs(t, f.judge(signer), ErrRevoked)
}
