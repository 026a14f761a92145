package trust_test

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv/openssl"
	"epkr/internal/trust"
)

// configuration is that of the certification authorities of the tests.
const configuration = openssl.Authorities + `[signer]
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[pretender]
basicConstraints = CA:FALSE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[encipherer]
keyUsage = critical,keyEncipherment
authorityKeyIdentifier = keyid
[unknown]
keyUsage = critical,digitalSignature
1.2.3.4 = critical,ASN1:NULL
[ca]
default_ca = default
[default]
database = index.txt
crlnumber = crlnumber
default_md = md_gost12_256
`

// authorities are the certification authorities of a test, and the certificates that they issue.
type authorities struct {
	openssl.OpenSSL
	t *testing.T
}

func newAuthorities(t *testing.T) authorities {
	t.Helper()
	a := authorities{openssl.New(t, configuration), t}
	a.root("root", "gost2012_512", "A")
	a.issue("intermediate", "root", "issuer")
	return a
}

func (a authorities) root(name, algorithm, paramset string) *x509.Certificate {
	a.t.Helper()
	a.Must(a.t, "req", "-x509", "-nodes", "-utf8", "-subj", "/CN=Корень "+name, "-days", "3650", "-extensions", "root",
		"-md_"+strings.Replace(algorithm, "gost2012", "gost12", 1), "-newkey", algorithm, "-pkeyopt", "paramset:"+paramset, "-keyout", name+".key", "-out", name+".crt")
	return a.certificate(name)
}

// issue issues a certificate with the extensions of a section. more are options of `openssl x509`.
func (a authorities) issue(name, issuer, section string, more ...string) *x509.Certificate {
	a.t.Helper()
	digest := "-md_gost12_256"
	if strings.HasPrefix(issuer, "root") {
		digest = "-md_gost12_512"
	}
	a.Must(a.t, "req", "-nodes", "-utf8", "-subj", "/CN="+name, "-newkey", "gost2012_256", "-pkeyopt", "paramset:A",
		"-keyout", name+".key", "-out", name+".csr")
	options := []string{
		"x509", "-req", "-in", name + ".csr", "-CA", issuer + ".crt", "-CAkey", issuer + ".key", "-CAcreateserial",
		"-extfile", "openssl.cnf", "-extensions", section, digest, "-out", name + ".crt",
	}
	if len(more) == 0 {
		more = []string{"-days", "365"}
	}
	a.Must(a.t, append(options, more...)...)
	return a.certificate(name)
}

func (a authorities) certificate(name string) *x509.Certificate {
	a.t.Helper()
	block, _ := pem.Decode(a.Read(a.t, name+".crt"))
	c, err := x509.ParseCertificate(block.Bytes)
	require.NoError(a.t, err)
	return c
}

// revocations makes an issuer's list of the certificates, which are revoked at a moment.
func (a authorities) revocations(issuer string, days int, at time.Time, revoked ...*x509.Certificate) *x509.RevocationList {
	a.t.Helper()
	var index strings.Builder
	for _, c := range revoked {
		fmt.Fprintf(&index, "R\t%s\t%s\t%X\tunknown\t/CN=%s\n", c.NotAfter.UTC().Format("060102150405Z"), at.UTC().Format("060102150405Z"), c.SerialNumber.Bytes(), c.Subject.CommonName)
	}
	a.Write(a.t, "index.txt", []byte(index.String()))
	a.Write(a.t, "crlnumber", []byte("01\n"))
	digest := "md_gost12_256"
	if issuer == "root" {
		digest = "md_gost12_512"
	}
	a.Must(a.t, "ca", "-gencrl", "-md", digest, "-cert", issuer+".crt", "-keyfile", issuer+".key", "-crldays", strconv.Itoa(days), "-out", issuer+".crl")
	block, _ := pem.Decode(a.Read(a.t, issuer+".crl"))
	list, err := x509.ParseRevocationList(block.Bytes)
	require.NoError(a.t, err)
	return list
}

// accepts reports whether OpenSSL accepts a certificate at a moment, with these roots, other
// certificates and lists.
func (a authorities) accepts(name string, at time.Time, roots, others, lists []string) bool {
	a.t.Helper()
	a.join("trusted.pem", ".crt", roots)
	a.join("others.pem", ".crt", others)
	options := []string{"verify", "-CAfile", "trusted.pem", "-attime", strconv.FormatInt(at.Unix(), 10)}
	if len(others) > 0 {
		options = append(options, "-untrusted", "others.pem")
	}
	if len(lists) > 0 {
		a.join("lists.pem", ".crl", lists)
		options = append(options, "-crl_check_all", "-CRLfile", "lists.pem")
	}
	_, err := a.Run(append(options, name+".crt")...)
	return err == nil
}

func (a authorities) join(file, suffix string, names []string) {
	var all []byte
	for _, name := range names {
		all = append(all, a.Read(a.t, name+suffix)...)
	}
	a.Write(a.t, file, all)
}

func newStore(t *testing.T, roots, intermediates []*x509.Certificate, lists ...*x509.RevocationList) *trust.Store {
	t.Helper()
	s, err := trust.New(trust.Authorities{Roots: roots, Intermediates: intermediates, Revocations: lists})
	require.NoError(t, err)
	return s
}

type certificates = []*x509.Certificate

// A certificate is accepted with the way to its root, wherever its issuers come from, and refused at
// another moment, without its issuers, or under another root, as by OpenSSL.
func TestChainsAsOpenSSL(t *testing.T) {
	t.Parallel()
	a := newAuthorities(t)
	root, intermediate := a.certificate("root"), a.certificate("intermediate")
	signer := a.issue("signer", "intermediate", "signer")
	other := a.root("root-other", "gost2012_256", "TCB")
	now := time.Now()

	for name, c := range map[string]struct {
		roots, configured, carried certificates
		at                         time.Time
		err                        error
		trusted, untrusted         []string // for OpenSSL
	}{
		"configured issuer": {certificates{root}, certificates{intermediate}, nil, now, nil, []string{"root"}, []string{"intermediate"}},
		"carried issuer":    {certificates{root}, nil, certificates{signer, intermediate}, now, nil, []string{"root"}, []string{"intermediate"}},
		"no issuer":         {certificates{root}, nil, certificates{signer}, now, trust.ErrUnknownIssuer, []string{"root"}, nil},
		"another root":      {certificates{other}, certificates{intermediate}, nil, now, trust.ErrUnknownIssuer, []string{"root-other"}, []string{"intermediate"}},
		"a carried root":    {certificates{other}, nil, certificates{signer, intermediate, root}, now, trust.ErrUnknownIssuer, []string{"root-other"}, []string{"intermediate", "root"}},
		"before":            {certificates{root}, certificates{intermediate}, nil, now.AddDate(0, 0, -1), trust.ErrNotYetValid, []string{"root"}, []string{"intermediate"}},
		"after":             {certificates{root}, certificates{intermediate}, nil, now.AddDate(2, 0, 0), trust.ErrExpired, []string{"root"}, []string{"intermediate"}},
	} {
		v, err := newStore(t, c.roots, c.configured).Judge(signer, c.carried, c.at)
		require.Equal(t, err == nil, a.accepts("signer", c.at, c.trusted, c.untrusted, nil), name)
		if c.err != nil {
			require.ErrorIs(t, err, c.err, name)
			continue
		}
		require.NoError(t, err, name)
		require.Equal(t, certificates{signer, intermediate, root}, v.Chain, name)
		require.False(t, v.RevocationChecked, "there are no lists")
	}
}

// Who may not issue, or not sign documents, is refused, as by OpenSSL.
func TestIssuersAndUsage(t *testing.T) {
	t.Parallel()
	a := newAuthorities(t)
	root, intermediate := a.certificate("root"), a.certificate("intermediate")
	now := time.Now().Add(time.Minute)
	signer := a.issue("signer", "intermediate", "signer")
	bySigner := a.issue("by-signer", "signer", "signer")
	tooDeep := a.issue("too-deep", "intermediate", "issuer")
	byTooDeep := a.issue("by-too-deep", "too-deep", "signer")
	short := a.issue("short", "root", "issuer", "-days", "1")
	byShort := a.issue("by-short", "short", "signer")
	s := newStore(t, certificates{root}, certificates{intermediate, short})

	for name, c := range map[string]struct {
		certificate *x509.Certificate
		carried     certificates
		at          time.Time
		err         error
		untrusted   []string
	}{
		"issued by a signer":         {bySigner, certificates{signer}, now, trust.ErrUnknownIssuer, []string{"signer", "intermediate"}},
		"more issuers than allowed":  {byTooDeep, certificates{tooDeep}, now, trust.ErrIssuer, []string{"too-deep", "intermediate"}},
		"issuer's term has ended":    {byShort, nil, now.AddDate(0, 0, 3), trust.ErrIssuer, []string{"short"}},
		"issuer's term has not":      {byShort, nil, now, nil, []string{"short"}},
		"an unknown critical clause": {a.issue("unknown", "intermediate", "unknown"), nil, now, trust.ErrUsage, []string{"intermediate"}},
	} {
		_, err := s.Judge(c.certificate, c.carried, c.at)
		require.Equal(t, err == nil, a.accepts(c.certificate.Subject.CommonName, c.at, []string{"root"}, c.untrusted, nil), name)
		require.ErrorIs(t, err, c.err, name)
	}
	// Nor if an operator configured him as an issuer.
	_, err := newStore(t, certificates{root}, certificates{intermediate, signer}).Judge(bySigner, nil, now)
	require.ErrorIs(t, err, trust.ErrIssuer)
	pretender := a.issue("pretender", "root", "pretender")
	byPretender := a.issue("by-pretender", "pretender", "signer")
	_, err = newStore(t, certificates{root}, certificates{intermediate, pretender}).Judge(byPretender, nil, now)
	require.ErrorIs(t, err, trust.ErrIssuer)
	// For OpenSSL the purpose is a matter of its caller.
	_, err = s.Judge(a.issue("encipherer", "intermediate", "encipherer"), nil, now)
	require.ErrorIs(t, err, trust.ErrUsage)
}

// A revoked certificate is refused from that moment on, also that of an issuer, and by a list that is
// out of date; without a fresh list of every issuer the verdict says that it was not checked.
func TestRevocations(t *testing.T) {
	t.Parallel()
	a := newAuthorities(t)
	root, intermediate := a.certificate("root"), a.certificate("intermediate")
	good, bad := a.issue("good", "intermediate", "signer"), a.issue("bad", "intermediate", "signer")
	now := time.Now()
	moment := now.Add(time.Hour)
	ofRoot, own := a.revocations("root", 30, now), a.revocations("intermediate", 30, moment, bad)
	s := newStore(t, certificates{root}, certificates{intermediate}, ofRoot, own)
	judge := func(s *trust.Store, c *x509.Certificate, at time.Time) (trust.Verdict, error) {
		return s.Judge(c, nil, at)
	}

	v, err := judge(s, good, now)
	require.NoError(t, err)
	require.True(t, v.RevocationChecked)
	require.Len(t, v.Lists, 2)
	require.True(t, a.accepts("good", now.Add(time.Minute), []string{"root"}, []string{"intermediate"}, []string{"root", "intermediate"}))

	v, err = judge(s, bad, now)
	require.NoError(t, err, "it was revoked later")
	require.True(t, v.RevocationChecked)
	_, err = judge(s, bad, moment.Add(time.Minute))
	require.ErrorIs(t, err, trust.ErrRevoked)
	require.False(t, a.accepts("bad", moment.Add(time.Minute), []string{"root"}, []string{"intermediate"}, []string{"root", "intermediate"}))

	v, err = judge(s, good, now.AddDate(0, 0, 31))
	require.NoError(t, err)
	require.False(t, v.RevocationChecked, "the lists are out of date")
	_, err = judge(s, bad, now.AddDate(0, 0, 31))
	require.ErrorIs(t, err, trust.ErrRevoked)

	v, err = judge(newStore(t, certificates{root}, certificates{intermediate}, own), good, now)
	require.NoError(t, err)
	require.False(t, v.RevocationChecked, "the root's list is missing")

	_, err = judge(newStore(t, certificates{root}, certificates{intermediate}, a.revocations("root", 30, now, intermediate)), good, moment)
	require.ErrorIs(t, err, trust.ErrRevoked, "that of the issuer is revoked")

	_, err = trust.New(trust.Authorities{Roots: certificates{root}, Revocations: []*x509.RevocationList{own}})
	require.Error(t, err, "a list of an unknown issuer")
}

// A store is read from folders in DER or PEM; damaged files are named.
func TestLoad(t *testing.T) {
	t.Parallel()
	a := newAuthorities(t)
	list := a.revocations("root", 30, time.Now())
	folders := fstest.MapFS{
		"roots/root.crt":           {Data: a.Read(t, "root.crt")},
		"intermediates/issuer.cer": {Data: a.certificate("intermediate").Raw},
		"revocations/root.crl":     {Data: list.Raw},
		"roots/..data":             {Data: []byte("hidden files are not read")},
	}
	s, err := trust.Load(folders)
	require.NoError(t, err)
	v, err := s.Judge(a.issue("signer", "intermediate", "signer"), nil, time.Now())
	require.NoError(t, err)
	require.Len(t, v.Chain, 3)
	require.Len(t, v.Lists, 1)

	folders["roots/broken.crt"] = &fstest.MapFile{Data: []byte("нет")}
	_, err = trust.Load(folders)
	require.ErrorContains(t, err, "roots/broken.crt")
	_, err = trust.Load(fstest.MapFS{})
	require.ErrorIs(t, err, os.ErrNotExist)
}

// The holder is read from the attributes of the qualified certificates of persons, of organisations,
// and of organisations before 2022.
func TestHolders(t *testing.T) {
	t.Parallel()
	o := openssl.New(t, configuration)
	for subject, want := range map[string]trust.Holder{
		"/CN=Кузнецов Пётр/SN=Кузнецов/GN=Пётр Ильич/1.2.643.100.3=08765430300/1.2.643.3.131.1.1=500100732259": {
			Name: "Кузнецов Пётр Ильич", SNILS: "08765430300", INN: "500100732259",
		},
		"/CN=ООО «Межа»/O=ООО «Межа»/SN=Кузнецов/GN=Пётр Ильич/title=Директор/1.2.643.100.1=1027700132195/1.2.643.100.3=08765430300/1.2.643.100.4=7707083893/1.2.643.3.131.1.1=500100732259": {
			Name: "Кузнецов Пётр Ильич", Position: "Директор", Organisation: "ООО «Межа»", SNILS: "08765430300", INN: "500100732259",
			OrganisationINN: "7707083893", OGRN: "1027700132195",
		},
		"/CN=ООО «Межа»/O=ООО «Межа»/1.2.643.3.131.1.1=007707083893/1.2.643.100.1=1027700132195": {
			Name: "ООО «Межа»", Organisation: "ООО «Межа»", OrganisationINN: "7707083893", OGRN: "1027700132195",
		},
		"/CN=ИП/SN=Кузнецов/GN=Пётр/1.2.643.100.5=304500116000157": {Name: "Кузнецов Пётр", OGRNIP: "304500116000157"},
	} {
		o.Must(t, "req", "-x509", "-nodes", "-utf8", "-subj", subject, "-newkey", "gost2012_256", "-pkeyopt", "paramset:A", "-md_gost12_256", "-keyout", "k", "-out", "c")
		block, _ := pem.Decode(o.Read(t, "c"))
		c, err := x509.ParseCertificate(block.Bytes)
		require.NoError(t, err)
		require.Equal(t, want, trust.HolderOf(c))
	}
}
