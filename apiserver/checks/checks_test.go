package checks_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/netip"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/checks"
	"epkr/apiserver/httpapi/problems"
	"epkr/internal/acceptance"
	"epkr/internal/ratelimit"
	"epkr/internal/signature"
	"epkr/internal/testenv"
	"epkr/internal/testenv/cost"
	"epkr/internal/testenv/pki"
)

const path = "/api/signature-checks"

// part is a file of a form.
type part struct {
	name, file string
	content    io.Reader
}

func file(name string, content []byte) part {
	return part{name, name + ".bin", bytes.NewReader(content)}
}

// post sends a form as a client of an address, part by part.
func post(p *apitest.Platform, address string, parts ...part) *http.Request {
	p.T.Helper()
	read, write := io.Pipe()
	form := multipart.NewWriter(write)
	request, err := http.NewRequestWithContext(p.T.Context(), http.MethodPost, p.URL+path, read)
	require.NoError(p.T, err)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("X-Forwarded-For", address)
	go func() {
		for _, one := range parts {
			to, err := form.CreateFormFile(one.name, one.file)
			if err == nil {
				_, err = io.Copy(to, one.content)
			}
			if err != nil {
				write.CloseWithError(err)
				return
			}
		}
		write.CloseWithError(form.Close())
	}()
	return request
}

func check(p *apitest.Platform, parts ...part) (r checks.SignatureCheck) {
	p.T.Helper()
	p.Browser().Exchange(post(p, "192.0.2.1", parts...)).OK().Into(&r)
	return r
}

// start starts a platform behind a proxy, so that its clients have addresses.
func start(t *testing.T, change ...func(*apitest.Setup)) *apitest.Platform {
	return apitest.Start(t, append(change, func(s *apitest.Setup) {
		s.Config.Limits.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})...)
}

var (
	signer  = pki.Person("Межевой", "Пётр Ильич", "876543030")
	head    = pki.Person("Директорова", "Анна Львовна", "876543040")
	company = pki.Organisation("ООО «Межа»", "770765430")
)

func sign(p *apitest.Platform, by pki.Subject, content []byte) []byte {
	p.T.Helper()
	made, err := pki.Shared(p.T).SignAs(by, content)
	require.NoError(p.T, err)
	return made
}

func codes(found []checks.SignatureFinding) (all []string) {
	for _, f := range found {
		all = append(all, f.Code)
	}
	return all
}

// Anybody gets the whole result of a check without signing in, and nothing of it is stored.
func TestAnybodyChecksASignature(t *testing.T) {
	acceptance.Covers(t, "B-8")
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	p := start(t)
	document := apitest.PDF("договор")
	signed := sign(p, signer, document)
	stored := func() int {
		return apitest.Value[int](p, `select (select count(*) from files) + (select count(*) from signature_checks) + (select count(*) from signature_evidence) + (select count(*) from security_events)`)
	}
	before := stored()
	for name, parts := range map[string][]part{
		"signature first": {file("signature", signed), file("document", document)},
		"document first":  {file("document", document), file("signature", signed)},
	} {
		t.Run(name, func(t *testing.T) {
			r := check(p, parts...)
			require.True(t, r.Valid, r.Refusals)
			require.Empty(t, r.Refusals)
			require.Equal(t, "Межевой Пётр Ильич", r.Signer.Name)
			require.NotEmpty(t, r.Certificate.Issuer)
			require.Equal(t, checks.CheckMomentSource(signature.ByCheck), r.Moment.Source)
			require.EqualValues(t, "checked", r.Revocation)
			require.Equal(t, apitest.HexSum(document), r.Document.SHA256)
			require.EqualValues(t, len(document), r.Document.Size)
			require.NotEmpty(t, r.Document.Digest)
			require.True(t, bytes.HasPrefix(r.Protocol, []byte("%PDF-")))
		})
	}
	require.Equal(t, before, stored())
	left, err := os.ReadDir(temporary)
	require.NoError(t, err)
	require.Empty(t, left)
}

// Every refusal has its code and its reason.
func TestRefusedSignaturesAreExplained(t *testing.T) {
	p := start(t)
	document := apitest.PDF("договор")
	signed := sign(p, signer, document)
	for name, test := range map[string]struct {
		signature, document []byte
		code                signature.Code
	}{
		"other bytes":     {signed, append(bytes.Clone(document), ' '), signature.OtherDocument},
		"garbage":         {[]byte("подпись"), document, signature.NotSignature},
		"nothing":         {[]byte{}, document, ""},
		"cut":             {signed[:len(signed)/2], document, signature.Damaged},
		"in place of it":  {signed, signed, signature.OtherDocument},
		"much of nothing": {make([]byte, 11<<20), document, signature.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			r := check(p, file("signature", test.signature), file("document", test.document))
			require.False(t, r.Valid)
			require.NotEmpty(t, r.Refusals)
			require.NotEmpty(t, r.Refusals[0].Text)
			if test.code != "" {
				require.Equal(t, []string{string(test.code)}, codes(r.Refusals))
			}
		})
	}
}

// A power of attorney is checked with the signature.
func TestPowerOfAttorneyIsCheckedToo(t *testing.T) {
	p := start(t)
	document, now := apitest.PDF("договор"), time.Now()
	power := pki.PowerOfAttorney{
		Number: uuid.NewString(), IssuedOn: now.AddDate(0, 0, -1).Format(time.DateOnly), ExpiresOn: now.AddDate(0, 1, 0).Format(time.DateOnly),
		Principal: head.HeadOf(company), Representatives: []pki.Subject{signer}, Codes: []string{"02.114"},
	}
	parts := func(power pki.PowerOfAttorney) []part {
		return []part{
			file("signature", sign(p, signer, document)), file("power", power.XML()), file("powerSignature", sign(p, head.HeadOf(company), power.XML())),
			file("document", document),
		}
	}
	r := check(p, parts(power)...)
	require.True(t, r.Valid, r.Refusals)
	require.Equal(t, power.Number, r.Power.Number)
	require.Equal(t, []string{"ООО «Межа»"}, r.Power.Principals)
	require.True(t, r.Power.SignatureValid)
	require.Contains(t, r.Power.SignedBy, "ООО «Межа»")

	power.Representatives = []pki.Subject{head}
	r = check(p, parts(power)...)
	require.False(t, r.Valid)
	require.Equal(t, []string{string(signature.PowerForOther)}, codes(r.Refusals))
}

// A form with missing or strange files is refused at the field.
func TestIncompleteFormsAreRefused(t *testing.T) {
	p := start(t)
	document, something := file("document", []byte("договор")), []byte("подпись")
	for name, test := range map[string]struct {
		parts  []part
		fields []string
	}{
		"no signature": {[]part{document}, []string{"signature"}},
		"no document":  {[]part{file("signature", something)}, []string{"document"}},
		"no signature of the power": {
			[]part{file("signature", something), file("power", something), file("document", something)}, []string{"powerSignature"},
		},
		"two documents": {[]part{file("document", something), file("document", something)}, []string{"document"}},
		"another file":  {[]part{file("passport", something)}, []string{"document"}},
	} {
		t.Run(name, func(t *testing.T) {
			problem := p.Browser().Exchange(post(p, "192.0.2.1", test.parts...)).Problem()
			require.Equal(t, problems.Validation, problem.Code)
			var fields []string
			for _, one := range problem.Errors {
				fields = append(fields, one.Field)
			}
			require.Equal(t, test.fields, fields)
		})
	}
	require.Equal(t, problems.UnsupportedType, p.Browser().Do(http.MethodPost, path, apitest.Object{}).Problem().Code)
	require.Equal(t, problems.Validation, p.Browser().Do(http.MethodPost, path, "договор", "Content-Type", "multipart/form-data; boundary=x").Problem().Code)
}

// stalled begins a check whose document does not come to its end until finish is called.
func stalled(p *apitest.Platform, address string) (finish func() apitest.Answer) {
	read, write := io.Pipe()
	begun, answered := make(chan struct{}), make(chan apitest.Answer, 1)
	request := post(p, address, file("signature", []byte("подпись")), part{"document", "договор.pdf", read})
	go func() { answered <- p.Browser().Exchange(request) }()
	go func() {
		_, _ = write.Write(make([]byte, 64<<10))
		close(begun)
	}()
	<-begun
	return func() apitest.Answer {
		_ = write.Close()
		return <-answered
	}
}

// Two people check at once, each address once; the next one is told when to come again.
func TestThirdCheckAtOnceIsRefused(t *testing.T) {
	p := start(t)
	ask := func(address string) apitest.Answer {
		return p.Browser().Exchange(post(p, address, file("signature", []byte("подпись")), file("document", []byte("договор"))))
	}
	first := stalled(p, "192.0.2.1")
	testenv.Eventually(t, "the first check has its place", func() bool { return ask("192.0.2.1").Status == http.StatusServiceUnavailable })
	ask("192.0.2.3").OK()
	second := stalled(p, "192.0.2.2")
	testenv.Eventually(t, "the second check has its place", func() bool { return ask("192.0.2.3").Status == http.StatusServiceUnavailable })
	refused := ask("192.0.2.3")
	require.Equal(t, problems.ChecksBusy, refused.Problem().Code)
	require.Equal(t, "10", refused.Header.Get("Retry-After"))
	require.True(t, refused.ConnectionClosed)
	first().OK()
	ask("192.0.2.3").OK()
	second().OK()
}

// A check that takes too long is ended, and keeps its place until it has really ended.
func TestCheckThatTakesTooLongIsEnded(t *testing.T) {
	checks.SetCheckTime(t, time.Nanosecond)
	p := start(t)
	refused := p.Browser().Exchange(post(p, "192.0.2.1", file("signature", []byte("подпись")), file("document", []byte("договор"))))
	require.Equal(t, problems.CheckTimeout, refused.Problem().Code)
	require.NotEmpty(t, refused.Header.Get("Retry-After"))
}

// A document is hashed while it comes: a large one takes no more memory than a small one.
func TestLargeDocumentTakesLittleMemory(t *testing.T) {
	p := start(t)
	const size = 100 << 20
	signed := sign(p, signer, apitest.PDF("договор"))
	var r checks.SignatureCheck
	spent := cost.Of(func() {
		r = check(p, file("signature", signed), part{"document", "съёмка.bin", io.LimitReader(zeros{}, size)})
	})
	require.EqualValues(t, size, r.Document.Size)
	require.Equal(t, []string{string(signature.OtherDocument)}, codes(r.Refusals))
	require.Less(t, spent.Allocated, uint64(size/2), "allocated in all, by the client too")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// Checks of one address are limited; those of another one are not.
func TestChecksOfAnAddressAreLimited(t *testing.T) {
	p := start(t, func(s *apitest.Setup) { s.Config.Limits.Check = ratelimit.Rate{PerSecond: 0.01, Burst: 3} })
	ask := func(address string) apitest.Answer {
		return p.Browser().Exchange(post(p, address, file("signature", []byte("подпись")), file("document", []byte("договор"))))
	}
	var refused apitest.Answer
	for range 10 {
		if refused = ask("192.0.2.1"); refused.Status == http.StatusTooManyRequests {
			break
		}
	}
	require.Equal(t, problems.TooManyRequests, refused.Problem().Code)
	require.NotEmpty(t, refused.Header.Get("Retry-After"))
	ask("192.0.2.2").OK()
}

// Without authorities nothing can be checked, and that is said.
func TestWithoutAuthoritiesNothingIsChecked(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Trust = nil })
	require.Equal(t, problems.SignaturesOff, p.Browser().Exchange(post(p, "192.0.2.1", file("signature", []byte("подпись")))).Problem().Code)
}

// The result is complete JSON: its lists are never null.
func TestResultHasItsLists(t *testing.T) {
	p := start(t)
	a := p.Browser().Exchange(post(p, "192.0.2.1", file("signature", []byte("подпись")), file("document", []byte("договор")))).OK()
	var raw map[string]json.RawMessage
	a.Into(&raw)
	require.Equal(t, "[]", string(raw["warnings"]))
	require.Contains(t, string(raw["refusals"]), `"code":"not_signature"`)
}
