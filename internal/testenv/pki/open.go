package pki

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/require"

	"epkr/internal/trust"
)

// complete is a file in the directory of a PKI whose authorities have all been made.
const complete = "complete"

// Open returns the PKI of a directory, and makes it if there is none. Its lists last half a year or
// more. Programs that use the same directory may open it, and call Ensure and SignAs, at once.
func Open(dir string) (p *PKI, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the directory of a PKI: %w", err)
	}
	return p, locked(dir, func() error {
		if _, missing := os.Stat(filepath.Join(dir, complete)); errors.Is(missing, fs.ErrNotExist) {
			if p, err = New(dir); err != nil {
				return err
			}
			return p.write(complete, nil)
		}
		p, err = reopen(dir)
		return err
	})
}

func reopen(dir string) (*PKI, error) {
	p, err := newPKI(dir)
	if err != nil {
		return nil, err
	}
	soon := false
	for _, issuer := range listed {
		list, err := p.list(issuer)
		if err != nil {
			return nil, err
		}
		p.revoked[issuer] = revocationsOf(list)
		soon = soon || list.NextUpdate.Before(time.Now().AddDate(0, 6, 0))
	}
	if soon {
		return p, p.renewLists()
	}
	return p, nil
}

// EnsureRevoked enters certificates into the list of their issuer unless they are in it.
func (p *PKI) EnsureRevoked(issuer string, at time.Time, names ...string) error {
	return locked(p.Path(""), func() error {
		list, err := p.list(issuer) // another program may have made another one
		if err != nil {
			return err
		}
		p.revoked[issuer] = revocationsOf(list)
		for _, name := range names {
			if err := p.Revoke(name, issuer, at); err != nil {
				return err
			}
		}
		if len(p.revoked[issuer]) == len(list.RevokedCertificateEntries) {
			return nil
		}
		return p.List(issuer, time.Now().Add(-time.Minute), time.Now().AddDate(1, 0, 0))
	})
}

func revocationsOf(list *x509.RevocationList) (all []revocation) {
	for _, entry := range list.RevokedCertificateEntries {
		all = append(all, revocation{entry.SerialNumber, entry.RevocationTime})
	}
	return all
}

// locked does something while no other program or goroutine does anything to the directory.
func locked(dir string, do func() error) error {
	lock := flock.New(filepath.Join(dir, "lock"))
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("locking a PKI: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	return do()
}

// Ensure issues a certificate unless there is one of the same name, subject, issuer, usage and key. It
// returns the name of its files. The term is from a month ago for five years if it is zero.
func (p *PKI) Ensure(c Certificate) (name string, err error) {
	sum := sha256.Sum256([]byte(fmt.Sprint(c.Subject, c.Issuer, c.Usage, c.Key)))
	c.Name += "-" + hex.EncodeToString(sum[:8])
	if c.From.IsZero() && c.To.IsZero() {
		c.From, c.To = time.Now().AddDate(0, -1, 0), time.Now().AddDate(5, 0, 0)
	}
	return c.Name, locked(p.Path(""), func() error {
		if _, err := p.Certificate(c.Name); err == nil {
			return nil
		}
		return p.Issue(c)
	})
}

// SignAs returns a detached signature of a document by a person or an organisation in DER, as КриптоПро
// makes it (CAdES-BES). The certificate is issued when it is first needed.
func (p *PKI) SignAs(s Subject, document []byte) ([]byte, error) {
	name, err := p.Ensure(Certificate{Name: "signer", Subject: s})
	if err != nil {
		return nil, err
	}
	return p.Sign(name, document, "-cades")
}

// Store returns the store that trusts the authorities, with their lists.
func (p *PKI) Store() (*trust.Store, error) {
	of, err := p.Authorities()
	if err != nil {
		return nil, err
	}
	return trust.New(of)
}

// Export writes the authorities with their lists into a folder, from which [trust.Load] reads them.
func (p *PKI) Export(folder string) error {
	for name, into := range map[string]string{
		Root + ".crt": "roots", Issuer + ".crt": "intermediates", Unqualified + ".crt": "unqualified", Root + ".crl": "revocations", Issuer + ".crl": "revocations",
	} {
		data, err := os.ReadFile(p.Path(name))
		err = errors.Join(err, os.MkdirAll(filepath.Join(folder, into), 0o755))
		if err != nil {
			return fmt.Errorf("exporting the authorities: %w", err)
		}
		if err := os.WriteFile(filepath.Join(folder, into, name), data, 0o644); err != nil {
			return fmt.Errorf("exporting the authorities: %w", err)
		}
	}
	return nil
}

// OfMachine returns the PKI of all tests and local platforms of this machine, which is kept in the
// cache directory: making one takes half a second.
var OfMachine = sync.OnceValues(func() (*PKI, error) {
	cache := os.Getenv("EPKR_CACHE")
	if cache == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("finding the cache directory (EPKR_CACHE sets it): %w", err)
		}
		cache = filepath.Join(user, "epkr")
	}
	version := sha256.Sum256([]byte(configuration))
	return Open(filepath.Join(cache, "pki-"+hex.EncodeToString(version[:8])))
})

// Shared is [OfMachine] for a test.
func Shared(t testing.TB) *PKI {
	t.Helper()
	p, err := OfMachine()
	require.NoError(t, err)
	return p
}
