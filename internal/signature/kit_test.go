package signature_test

import (
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/mchd"
	"epkr/internal/signature"
	"epkr/internal/testenv/pki"
	"epkr/internal/trust"
)

// The people and organisations of the tests.
var (
	engineer     = pki.Person("Межевой", "Пётр Ильич", "087654303")
	stranger     = pki.Person("Посторонний", "Иван Иванович", "987654321")
	head         = pki.Person("Директорова", "Анна Львовна", "112233445")
	agent        = pki.Person("Доверенный", "Олег Игоревич", "123456789")
	delegate     = pki.Person("Передоверенный", "Глеб Олегович", "223344556")
	organisation = pki.Organisation("ООО «Межа»", "770708389")
	other        = pki.Organisation("АО «Граница»", "771234567")
)

// The parties.
var (
	theEngineer     = signature.Party{Kind: signature.Person, SNILS: engineer.SNILS, PersonINN: engineer.INN}
	theEntrepreneur = signature.Party{Kind: signature.Entrepreneur, SNILS: engineer.SNILS, INN: engineer.INN, OGRN: engineer.Entrepreneur().OGRNIP}
	theOrganisation = signature.Party{Kind: signature.Organisation, SNILS: head.SNILS, INN: organisation.OrganisationINN, OGRN: organisation.OGRN}
)

// kit is the certification authority of all tests, with stores of what is trusted.
type kit struct {
	*pki.PKI
	made   time.Time
	stores map[string]trusted
	once   sync.Once
	cases  []agreement
}

// trusted is what a checker and OpenSSL trust.
type trusted struct {
	store *trust.Store
	file  string // for OpenSSL, PEM
	crl   bool   // it has lists
}

// The stores.
const (
	all       = "all"       // root, issuer, the unqualified authority, the lists
	noLists   = "no lists"  // the same without lists
	rootOnly  = "root only" // without issuers
	withRSA   = "with RSA"  // with a root that has an RSA key
	laterList = "later"     // with a list that revokes in an hour
)

// now is the moment of most checks: after everything was issued.
func (k *kit) now() time.Time { return k.made.Add(time.Minute) }

var shared = sync.OnceValues(func() (*kit, error) {
	dir, err := os.MkdirTemp("", "signatures")
	if err != nil {
		return nil, err
	}
	kitDir = dir
	p, err := pki.New(dir)
	if err != nil {
		return nil, err
	}
	k := &kit{PKI: p, stores: map[string]trusted{}}
	if err := k.issue(); err != nil {
		return nil, err
	}
	k.made = time.Now()
	return k, k.trust()
})

var kitDir string

func TestMain(m *testing.M) {
	code := m.Run()
	if kitDir != "" {
		os.RemoveAll(kitDir)
	}
	os.Exit(code)
}

func theKit(t testing.TB) *kit {
	t.Helper()
	k, err := shared()
	require.NoError(t, err)
	return k
}

// setName is the name of the engineer's certificate for a kind of key.
func setName(k pki.Key) string { return k.Algorithm + "-" + k.ParameterSet }

func (k *kit) issue() error {
	now := time.Now()
	longAgo, later := now.AddDate(0, 0, -10), now.AddDate(5, 0, 0)
	certificates := []pki.Certificate{
		{Name: "engineer", Subject: engineer},
		{Name: "stranger", Subject: stranger},
		{Name: "entrepreneur", Subject: engineer.Entrepreneur()},
		{Name: "other-entrepreneur", Subject: withOGRNIP(engineer, stranger.Entrepreneur().OGRNIP)},
		{Name: "head", Subject: head.HeadOf(organisation)},
		{Name: "head-as-person", Subject: head},
		{Name: "head-as-entrepreneur", Subject: head.Entrepreneur()},
		{Name: "former-head", Subject: stranger.HeadOf(organisation)},
		{Name: "other-head", Subject: head.HeadOf(other)},
		{Name: "organisation", Subject: organisation},
		{Name: "other-ogrn", Subject: withOGRN(organisation, other.OGRN)},
		{Name: "other-inn", Subject: withINN(organisation, other.OrganisationINN)},
		{Name: "engineer-of-organisation", Subject: engineer.HeadOf(organisation)},
		{Name: "agent", Subject: agent},
		{Name: "delegate", Subject: delegate},
		{Name: "without-inn", Subject: pki.Subject{Name: "Межевой Пётр Ильич", Surname: "Межевой", GivenName: "Пётр Ильич", SNILS: engineer.SNILS}},
		{Name: "expired", Subject: engineer, From: longAgo, To: now.AddDate(0, 0, -2)},
		{Name: "future", Subject: engineer, From: now.AddDate(0, 0, 2), To: later},
		{Name: "ended-key", Subject: engineer, Usage: pki.EndedKey},
		{Name: "encipherer", Subject: engineer, Usage: pki.Encipherer},
		{Name: "unknown", Subject: engineer, Usage: pki.Unknown},
		{Name: "revoked", Subject: engineer},
		{Name: "by-unqualified", Subject: engineer, Issuer: pki.Unqualified},
		{Name: "by-foreign", Subject: engineer, Issuer: pki.Foreign},
		{Name: "self-signed", Subject: engineer, Issuer: "self-signed"},
		{Name: "by-engineer", Subject: engineer, Issuer: "engineer"},
		{Name: "short-issuer", Subject: pki.Subject{Name: "Бывший УЦ"}, Issuer: pki.Root, Usage: pki.Issues, From: longAgo, To: now.AddDate(0, 0, -2)},
		{Name: "by-short-issuer", Subject: engineer, Issuer: "short-issuer"},
		{Name: "rsa", Subject: engineer, Issuer: pki.RSARoot, Key: pki.RSA},
		{Name: "rsa-under-gost", Subject: engineer, Key: pki.RSA},
		{Name: "tsa-foreign", Subject: pki.Subject{Name: "Посторонняя служба времени"}, Issuer: pki.Foreign, Usage: pki.Stamps, From: longAgo, To: later},
		{Name: "tsa-old", Subject: pki.Subject{Name: "Служба времени"}, Usage: pki.Stamps, From: longAgo, To: later},
		{Name: "tsa-new", Subject: pki.Subject{Name: "Новая служба времени"}, Usage: pki.Stamps, From: now.AddDate(0, 0, -1), To: later},
		{Name: "tsa-expired", Subject: pki.Subject{Name: "Бывшая служба времени"}, Usage: pki.Stamps, From: longAgo, To: now.AddDate(0, 0, -2)},
		{Name: "tsa-unqualified", Subject: pki.Subject{Name: "Служба времени без аккредитации"}, Issuer: pki.Unqualified, Usage: pki.Stamps, From: longAgo, To: later},
	}
	for _, key := range pki.Keys {
		certificates = append(certificates, pki.Certificate{Name: setName(key), Subject: engineer, Key: key})
	}
	for _, c := range certificates {
		if err := k.Issue(c); err != nil {
			return err
		}
	}
	return nil
}

func withOGRNIP(s pki.Subject, ogrnip string) pki.Subject {
	s.OGRNIP = ogrnip
	return s
}

func withOGRN(s pki.Subject, ogrn string) pki.Subject {
	s.OGRN = ogrn
	return s
}

func withINN(s pki.Subject, inn string) pki.Subject {
	s.OrganisationINN = inn
	return s
}

// trust makes the stores.
func (k *kit) trust() error {
	if err := k.Revoke("revoked", pki.Issuer, k.made.Add(-time.Hour)); err != nil {
		return err
	}
	if err := k.List(pki.Issuer, k.made.Add(-time.Minute), k.made.AddDate(0, 1, 0)); err != nil {
		return err
	}
	of, err := k.Authorities()
	if err != nil {
		return err
	}
	rsaRoot, err := k.Certificate(pki.RSARoot)
	if err != nil {
		return err
	}
	short, err := k.Certificate("short-issuer")
	if err != nil {
		return err
	}
	files := []string{"root.crt", "issuer.crt", "unqualified.crt"}
	lists := []string{"root.crl", "issuer.crl"}
	of.Intermediates = append(of.Intermediates, short)
	withoutLists := trust.Authorities{Roots: of.Roots, Intermediates: of.Intermediates, Unqualified: of.Unqualified}
	rsa := withoutLists
	rsa.Roots = append(slices.Clone(of.Roots), rsaRoot)
	for _, s := range []struct {
		name  string
		of    trust.Authorities
		files []string
		crl   bool
	}{
		{all, of, slices.Concat(files, []string{"short-issuer.crt"}, lists), true},
		{noLists, withoutLists, files, false},
		{rootOnly, trust.Authorities{Roots: of.Roots}, files[:1], false},
		{withRSA, rsa, append([]string{"rsa-root.crt"}, files...), false},
	} {
		if err := k.addStore(s.name, s.of, s.files, s.crl); err != nil {
			return err
		}
	}
	if err := k.Revoke("engineer", pki.Issuer, k.made.Add(time.Hour)); err != nil {
		return err
	}
	if err := k.List(pki.Issuer, k.made.Add(-time.Minute), k.made.AddDate(0, 1, 0)); err != nil {
		return err
	}
	if of, err = k.Authorities(); err != nil {
		return err
	}
	return k.addStore(laterList, of, slices.Concat(files, lists), true)
}

func (k *kit) addStore(name string, of trust.Authorities, files []string, crl bool) error {
	store, err := trust.New(of)
	if err != nil {
		return fmt.Errorf("store %s: %w", name, err)
	}
	var pem []byte
	for _, file := range files {
		data, err := os.ReadFile(k.Path(file))
		if err != nil {
			return err
		}
		pem = append(pem, data...)
	}
	file := k.Path(fmt.Sprintf("trusted-%d.pem", len(k.stores)))
	k.stores[name] = trusted{store, file, crl}
	return os.WriteFile(file, pem, 0o600)
}

// checker returns a checker with a store.
func (k *kit) checker(store string) *signature.Checker {
	return &signature.Checker{Trust: k.stores[store].store, Registry: mchd.NoRegistry{}}
}

// sign returns a signature in DER.
func (k *kit) sign(t testing.TB, name string, document []byte, options ...string) []byte {
	t.Helper()
	s, err := k.Sign(name, document, options...)
	require.NoError(t, err)
	return s
}

func (k *kit) certificate(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	c, err := k.Certificate(name)
	require.NoError(t, err)
	return c
}

// save writes a file of the test.
func save(t testing.TB, data []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}
