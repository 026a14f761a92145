package pki_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"epkr/internal/mchd"
	"epkr/internal/signature"
	"epkr/internal/testenv/pki"
	"epkr/internal/trust"
)

// Certificates, lists, signatures and time stamps of the kit are accepted by OpenSSL, and what is
// expired or revoked is not.
func TestKitAgreesWithOpenSSL(t *testing.T) {
	t.Parallel()
	p, err := pki.New(t.TempDir())
	require.NoError(t, err)
	engineer := pki.Person("Межевой", "Пётр Ильич", "087654303")
	for _, c := range []pki.Certificate{
		{Name: "engineer", Subject: engineer},
		{Name: "revoked", Subject: engineer},
		{Name: "expired", Subject: engineer, From: time.Now().AddDate(-2, 0, 0), To: time.Now().AddDate(-1, 0, 0)},
	} {
		require.NoError(t, p.Issue(c))
	}
	require.NoError(t, p.Revoke("revoked", pki.Issuer, time.Now().Add(-time.Hour)))
	require.NoError(t, p.List(pki.Issuer, time.Now().Add(-time.Minute), time.Now().Add(time.Hour)))

	var trusted []byte
	for _, name := range []string{"root.crt", "issuer.crt", "issuer.crl", "root.crl"} {
		trusted = append(trusted, p.Read(t, name)...)
	}
	p.Write(t, "trusted.pem", trusted)
	p.Write(t, "document", []byte("договор"))
	for name, accepted := range map[string]bool{"engineer": true, "revoked": false, "expired": false} {
		signature, err := p.Sign(name, []byte("договор"), "-cades")
		require.NoError(t, err)
		signature, err = p.Stamp(signature, pki.TimeStamper)
		require.NoError(t, err)
		p.Write(t, "signature", signature)
		_, err = p.Run("cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", "signature", "-content", "document",
			"-CAfile", "trusted.pem", "-crl_check", "-out", os.DevNull, "-attime", strconv.FormatInt(time.Now().Unix(), 10))
		require.Equal(t, accepted, err == nil, name)
		p.Must(t, "ts", "-verify", "-data", "stamped", "-token_in", "-in", "stamp.der", "-CAfile", "trusted.pem")
	}
}

// A directory keeps its authorities, certificates and lists; what is revoked stays revoked, and other
// names with signs of their own are named.
func TestOpenKeeps(t *testing.T) {
	t.Parallel()
	dir, document := t.TempDir(), []byte("договор")
	person := pki.Named(`Межевой-О'Нил Пётр Ильич`, "087-654-303 00", "500100732259")
	organisation := pki.Organisation(`ООО "А/Б + В\Г"`, "770708389")
	first, err := pki.Open(dir)
	require.NoError(t, err)
	_, err = first.SignAs(person, document)
	require.NoError(t, err)
	revoked, err := first.Ensure(pki.Certificate{Name: "revoked", Subject: person})
	require.NoError(t, err)
	require.NoError(t, first.Revoke(revoked, pki.Issuer, time.Now().Add(-time.Hour)))
	require.NoError(t, first.List(pki.Issuer, time.Now().Add(-time.Minute), time.Now().Add(time.Hour)))

	second, err := pki.Open(dir)
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, second.Export(folder))
	for _, p := range []*pki.PKI{first, second} {
		signed, err := p.SignAs(person, document)
		require.NoError(t, err)
		store, err := trust.Load(os.DirFS(folder))
		require.NoError(t, err)
		r, _, err := (&signature.Checker{Trust: store, Registry: mchd.NoRegistry{}}).Check(t.Context(), signature.Request{
			Document: signature.Bytes(document), Signature: signed, AcceptedAt: time.Now(),
			Signer: signature.Party{Kind: signature.Person, SNILS: person.SNILS},
		})
		require.NoError(t, err)
		require.True(t, r.Valid, r.Refusals)
		require.True(t, r.RevocationChecked)
	}
	name, err := second.Ensure(pki.Certificate{Name: "revoked", Subject: person})
	require.NoError(t, err)
	require.Equal(t, revoked, name)
	store, err := second.Store()
	require.NoError(t, err)
	c, err := second.Certificate(name)
	require.NoError(t, err)
	_, err = store.Judge(c, nil, time.Now())
	require.ErrorIs(t, err, trust.ErrRevoked)

	name, err = second.Ensure(pki.Certificate{Name: "organisation", Subject: person.HeadOf(organisation)})
	require.NoError(t, err)
	c, err = second.Certificate(name)
	require.NoError(t, err)
	require.Equal(t, organisation.Organisation, trust.HolderOf(c).Organisation)
	require.Equal(t, person.Surname+" "+person.GivenName, trust.HolderOf(c).Name)
}

// Programs that open the same directory at once get the same PKI, and issue each certificate once.
func TestOpenAtOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	person := pki.Person("Межевой", "Пётр Ильич", "087654303")
	var all [4][]byte
	var running errgroup.Group
	for i := range all {
		running.Go(func() error {
			p, err := pki.Open(dir)
			if err != nil {
				return err
			}
			name, err := p.Ensure(pki.Certificate{Name: "signer", Subject: person})
			if err != nil {
				return err
			}
			c, err := p.Certificate(name)
			if err != nil {
				return err
			}
			all[i] = c.Raw
			_, err = p.SignAs(person, []byte("договор"))
			return err
		})
	}
	require.NoError(t, running.Wait())
	for _, raw := range all {
		require.Equal(t, all[0], raw)
	}
}
