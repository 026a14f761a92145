package trust

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Interval is the pause between two looks at the files of a source.
const Interval = time.Minute

// Source has the newest store of a folder whose files are replaced while the process runs. It is
// safe for concurrent use.
type Source struct {
	// Accept, if it is set before Run, refuses authorities that were read again.
	Accept func(Authorities) error

	from   fs.FS // nil if the store is fixed
	latest atomic.Pointer[reading]

	looking sync.Mutex
	files   string // the state of the files at the last look
}

// reading is what the last look left.
type reading struct {
	store *Store
	// failure is why the files could not be used, so that store is an earlier one.
	failure error
}

// Open reads a source as [Load] does, and returns what it is made of.
func Open(from fs.FS) (*Source, Authorities, error) {
	files, err := stateOf(from) // first, so that a file replaced meanwhile is read again
	if err != nil {
		return nil, Authorities{}, err
	}
	of, err := Read(from)
	if err != nil {
		return nil, of, err
	}
	store, err := New(of)
	if err != nil {
		return nil, of, err
	}
	s := Fixed(store)
	s.from, s.files = from, files
	return s, of, nil
}

// Fixed returns a source whose store never changes.
func Fixed(store *Store) *Source {
	s := &Source{}
	s.latest.Store(&reading{store: store})
	return s
}

// Store returns the newest store. It never changes, so take one for a whole check: two calls may
// return two stores. It reads no files.
func (s *Source) Store() *Store { return s.latest.Load().store }

// Check returns why the files, as they are now, cannot be used, so that an earlier store remains;
// nil if they can. It reads no files.
func (s *Source) Check(context.Context) error { return s.latest.Load().failure }

// Run looks at each tick until ctx ends.
func (s *Source) Run(ctx context.Context, log *slog.Logger, ticks <-chan time.Time) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
			s.Look(ctx, log)
		}
	}
}

// Look reads the files again if the set of them, or the size or the time of one, has changed. Files
// that cannot be used leave the store as it is; they are logged once and tried again at each look.
func (s *Source) Look(ctx context.Context, log *slog.Logger) {
	if s.from == nil {
		return
	}
	s.looking.Lock()
	defer s.looking.Unlock()
	before := s.latest.Load()
	files, err := stateOf(s.from)
	changed := files != s.files
	if err == nil && !changed && before.failure == nil {
		return
	}
	s.files = files
	store := before.store
	if err == nil {
		store, err = s.read(before.store)
	}
	if err == nil {
		s.latest.Store(&reading{store: store})
		log.InfoContext(ctx, "the authorities of signatures were read again", "lists", store.countLists())
		return
	}
	s.latest.Store(&reading{store: before.store, failure: err})
	if changed || before.failure == nil || before.failure.Error() != err.Error() {
		log.ErrorContext(ctx, "the authorities of signatures cannot be read again, the earlier ones remain", "error", err)
	}
}

// read returns the store of the files that takes the place of another one.
func (s *Source) read(before *Store) (*Store, error) {
	of, err := Read(s.from)
	if err != nil {
		return nil, err
	}
	if s.Accept != nil {
		if err := s.Accept(of); err != nil {
			return nil, err
		}
	}
	store, err := New(of)
	if err != nil {
		return nil, err
	}
	return store, store.checkReplaces(before)
}

// stateOf returns the names, sizes and times of all files as a text to compare.
func stateOf(from fs.FS) (string, error) {
	var all strings.Builder
	for _, folder := range []string{"roots", "intermediates", "unqualified", "revocations"} {
		names, err := filesOf(from, folder)
		if err != nil {
			return "", err
		}
		for _, name := range names {
			file, err := fs.Stat(from, name) // of a link, the file that it leads to
			if err != nil {
				return "", fmt.Errorf("trust: looking at %s: %w", name, err)
			}
			fmt.Fprintf(&all, "%q %d %d\n", name, file.Size(), file.ModTime().UnixNano())
		}
	}
	return all.String(), nil
}

// checkReplaces refuses a store in which an issuer has lost its list or got an older one: while a
// list is replaced, or by mistake, certificates that were revoked would be accepted again.
func (s *Store) checkReplaces(before *Store) error {
	for _, a := range before.authorities {
		if a.revoked == nil {
			continue
		}
		known, list := false, (*revocations)(nil)
		for _, b := range s.authorities {
			if b.key() == a.key() {
				known = true
				if b.revoked != nil {
					list = b.revoked
				}
			}
		}
		switch {
		case known && list == nil:
			return fmt.Errorf("trust: the revocation list of %v is missing, which there was before", a.certificate.Subject)
		case known && list.list.ThisUpdate.Before(a.revoked.list.ThisUpdate):
			return fmt.Errorf("trust: the revocation list of %v is older than that before", a.certificate.Subject)
		}
	}
	return nil
}

// key identifies an issuer, which may have several certificates.
func (a *authority) key() string {
	return string(a.certificate.RawSubject) + string(a.certificate.RawSubjectPublicKeyInfo)
}

func (s *Store) countLists() (count int) {
	for _, a := range s.authorities {
		if a.revoked != nil {
			count++
		}
	}
	return count
}
