package signature_test

import (
	"bytes"
	"encoding/pem"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/signature"
)

// The document of the tests, and another one.
var (
	contract = []byte("Договор подряда № 2026-000001\r\nна выполнение кадастровых работ\n\x00\x01\x02")
	changed  = append(bytes.Clone(contract), ' ')
)

// agreement is a signature on which our verdict is compared with that of OpenSSL. The zero values are
// the contract, the engineer as the party, now, and everything trusted.
type agreement struct {
	name      string
	signature []byte
	document  []byte
	signer    *signature.Party
	power     *signature.Power
	at        time.Time
	store     string

	// refused are the codes of the refusals; none if the signature is accepted.
	refused []signature.Code
	// warned are the codes of the warnings.
	warned []signature.Code
	// differs says why OpenSSL decides the opposite.
	differs string
}

// Why OpenSSL decides the opposite.
const (
	noParties   = "OpenSSL knows no parties: it asks nobody who had to sign"
	noPowers    = "OpenSSL knows no powers of attorney"
	noClasses   = "for OpenSSL every configured authority is alike"
	noForm      = "we demand one detached signature with signed attributes, OpenSSL takes other forms too"
	oldLists    = "OpenSSL refuses lists that are out of date, we say that the revocation was not checked"
	noMoments   = "for OpenSSL a revoked certificate was never valid, for us until the moment of the revocation"
	noKeyTerms  = "OpenSSL ignores the term of a key"
	noAlgorithm = "we accept GOST and RSA by PKCS #1 v1.5 with SHA-2, OpenSSL more"
	noStamps    = "OpenSSL judges by the present, not by a time stamp"
)

// judge compares the verdicts on a case.
func (k *kit) judge(t *testing.T, c agreement) signature.Result {
	t.Helper()
	if c.document == nil {
		c.document = contract
	}
	if c.signer == nil {
		c.signer = &theEngineer
	}
	if c.at.IsZero() {
		c.at = k.now()
	}
	if c.store == "" {
		c.store = all
	}
	result, evidence, err := k.checker(c.store).Check(t.Context(), signature.Request{
		Document: signature.Bytes(c.document), Signature: c.signature, AcceptedAt: c.at, Signer: *c.signer, Power: c.power,
	})
	require.NoError(t, err)
	require.Equal(t, c.refused, codes(result.Refusals), "refusals: %v", result.Refusals)
	require.Equal(t, len(c.refused) == 0, result.Valid)
	require.Subset(t, codes(result.Warnings), c.warned, "warnings: %v", result.Warnings)
	requireComplete(t, result, evidence)
	byOpenSSL := k.accepts(t, c)
	require.Equal(t, c.differs == "", byOpenSSL == result.Valid, "OpenSSL accepts: %v; known difference: %q", byOpenSSL, c.differs)
	return result
}

func codes(findings []signature.Finding) (all []signature.Code) {
	for _, f := range findings {
		all = append(all, f.Code)
	}
	return all
}

// requireComplete checks that an accepted result has all that a protocol shows.
func requireComplete(t *testing.T, r signature.Result, e signature.Evidence) {
	t.Helper()
	require.Len(t, r.SignatureSHA256, 64)
	for _, f := range append(r.Refusals, r.Warnings...) {
		require.NotEmpty(t, f.Text, f.Code)
	}
	if !r.Valid {
		return
	}
	require.NotEmpty(t, r.Signer.Name)
	require.NotEmpty(t, r.Algorithm.Name)
	require.NotEmpty(t, r.Document.Digest)
	require.GreaterOrEqual(t, len(r.Chain), 2)
	require.Equal(t, *r.Certificate, r.Chain[0])
	require.GreaterOrEqual(t, len(e.Certificates), len(r.Chain))
	require.GreaterOrEqual(t, len(e.RevocationLists), len(r.RevocationLists))
	require.False(t, r.Moment.At.IsZero())
}

// accepts reports whether OpenSSL accepts a signature, of whomever, at the moment.
func (k *kit) accepts(t *testing.T, c agreement) bool {
	t.Helper()
	of := k.stores[c.store]
	args := []string{
		"cms", "-verify", "-binary", "-inform", "DER", "-in", save(t, k.toDER(t, c.signature)), "-content", save(t, c.document), "-CAfile", of.file,
		"-attime", strconv.FormatInt(c.at.Unix(), 10), "-out", os.DevNull,
	}
	if of.crl {
		args = append(args, "-crl_check")
	}
	_, err := k.Run(args...)
	return err == nil
}

// toDER decodes base64 for OpenSSL, which reads it with its own BEGIN lines only.
func (k *kit) toDER(t *testing.T, s []byte) []byte {
	t.Helper()
	if block, _ := pem.Decode(bytes.TrimPrefix(s, []byte("\xef\xbb\xbf"))); block != nil {
		return block.Bytes
	}
	text := strings.Join(strings.Fields(strings.TrimPrefix(string(s), "\xef\xbb\xbf")), "")
	if !strings.HasPrefix(text, "MI") {
		return s
	}
	der, err := k.Run("base64", "-d", "-A", "-in", save(t, []byte(text)))
	require.NoError(t, err)
	return der
}

// Our verdict on a signature is that of OpenSSL, except where the table says why not.
func TestAgreesWithOpenSSL(t *testing.T) {
	t.Parallel()
	k := theKit(t)
	names, accepted, refused, differing := map[string]bool{}, 0, 0, 0
	for _, c := range k.agreements(t) {
		require.False(t, names[c.name], "%s is there twice", c.name)
		names[c.name] = true
		switch {
		case c.differs != "":
			differing++
		case c.refused == nil:
			accepted++
		default:
			refused++
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			k.judge(t, c)
		})
	}
	t.Logf("%d cases: both accept %d, both refuse %d, known differences %d", len(names), accepted, refused, differing)
	require.GreaterOrEqual(t, accepted+refused, 60)
}

// agreements are all cases, made once.
func (k *kit) agreements(t *testing.T) []agreement {
	t.Helper()
	k.once.Do(func() {
		for _, some := range []func(*testing.T) []agreement{
			k.ofParameterSets, k.ofTampering, k.ofEncodings, k.ofForms, k.ofCertificates, k.ofParties, k.ofTimeStamps, k.ofPowers,
		} {
			k.cases = append(k.cases, some(t)...)
		}
	})
	return k.cases
}
