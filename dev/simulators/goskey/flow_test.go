package goskey_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	goskeysim "epkr/dev/simulators/goskey"
	"epkr/dev/synthetic"
	"epkr/internal/cms"
	"epkr/internal/esia"
	"epkr/internal/goskey"
	"epkr/internal/signature"
)

// The signature of a natural person, an entrepreneur and the head of an organisation comes back as
// «Госключ» makes it, and the platform's check of signatures accepts it as that of the party.
func TestSignature(t *testing.T) {
	k := start(t)
	natural, entrepreneur, head := k.person(synthetic.LoginCustomer), k.person(synthetic.LoginCustomerEntrepreneur), k.person(synthetic.LoginCustomerHead)
	business, office := k.organisation(entrepreneur), k.organisation(head)
	for name, c := range map[string]struct {
		signatory goskey.Signatory
		party     signature.Party
	}{
		"ФЛ": {goskey.Signatory{SNILS: natural.SNILS}, signature.Party{Kind: signature.Person, SNILS: natural.SNILS}},
		"ИП": {
			goskey.Signatory{SNILS: entrepreneur.SNILS, OGRN: business.OGRN},
			signature.Party{Kind: signature.Entrepreneur, SNILS: entrepreneur.SNILS, INN: entrepreneur.INN, OGRN: business.OGRN},
		},
		"ЮЛ": {
			goskey.Signatory{SNILS: head.SNILS, OGRN: office.OGRN},
			signature.Party{Kind: signature.Organisation, SNILS: head.SNILS, INN: office.INN, OGRN: office.OGRN},
		},
	} {
		k.run(name, func(k *kit) {
			id, err := k.client.Reserve(k.t.Context(), c.signatory)
			require.NoError(k.t, err)
			k.requireState(goskey.Reserved, id)
			require.NoError(k.t, k.client.Submit(k.t.Context(), id, k.request(c.signatory)))
			k.requireState(goskey.Checking, id)
			k.pass(4 * step)
			k.requireState(goskey.Waiting, id)
			_, err = k.client.Signature(k.t.Context(), id, "doc.pdf")
			require.Equal(k.t, goskey.CodeNoSignature, goskey.CodeOf(err), "before he has signed")

			require.NoError(k.t, k.server.Sign(int64(id)))
			k.requireState(goskey.Signed, id)
			signed, err := k.client.Signature(k.t.Context(), id, "doc.pdf")
			require.NoError(k.t, err)
			read, err := cms.Read(signed)
			require.NoError(k.t, err)
			require.False(k.t, read.NamesCertificate, "plain CMS")
			require.Len(k.t, read.Certificates, 1)
			result := k.check(signed, c.party)
			require.True(k.t, result.Valid, "%v", result.Refusals)
		})
	}
}

// Other signatures than the person's qualified one of this document come back too, and the check
// refuses them.
func TestOtherSignatures(t *testing.T) {
	k := start(t)
	natural := k.person(synthetic.LoginCustomer)
	for making, code := range map[goskeysim.Making]signature.Code{
		goskeysim.Unqualified: signature.Unqualified, goskeysim.WrongSigner: signature.WrongPerson, goskeysim.OtherDocument: signature.OtherDocument,
	} {
		k.server.Behave(goskeysim.Behaviour{Signature: making})
		id := k.submit(goskey.Signatory{SNILS: natural.SNILS})
		k.pass(4 * step)
		require.NoError(t, k.server.Sign(int64(id)))
		signed, err := k.client.Signature(t.Context(), id, "doc.pdf")
		require.NoError(t, err)
		result := k.check(signed, signature.Party{Kind: signature.Person, SNILS: natural.SNILS})
		require.False(t, result.Valid, making)
		require.Equal(t, code, result.Refusals[0].Code, making)
	}
}

// Every end of a request is told from the others.
func TestEnds(t *testing.T) {
	k := start(t)
	known := goskey.Signatory{SNILS: k.person(synthetic.LoginCustomer).SNILS}
	for name, c := range map[string]struct {
		behaviour goskeysim.Behaviour
		signatory goskey.Signatory
		then      func(id int64) error
		want      goskey.State
	}{
		"отказ":            {then: k.server.Refuse, want: goskey.Refused},
		"истёк срок":       {then: func(int64) error { k.pass(time.Hour); return nil }, want: goskey.Expired},
		"нет записи":       {signatory: goskey.Signatory{SNILS: "000-000-600 15"}, want: goskey.NoAccount},
		"подпись не та":    {behaviour: goskeysim.Behaviour{Check: "FILES_VERIFICATION_FAILED"}, want: goskey.NotAccepted},
		"ошибка платформы": {behaviour: goskeysim.Behaviour{Check: "VALIDATION_ERROR"}, want: goskey.SenderFault},
		"слишком много":    {behaviour: goskeysim.Behaviour{Check: "LIMITATION_EXCEPTION"}, want: goskey.TooMany},
		"сбой":             {behaviour: goskeysim.Behaviour{Check: "INTERNAL_ERROR"}, want: goskey.Failed},
		"ещё ждёт":         {want: goskey.Waiting},
	} {
		k.run(name, func(k *kit) {
			k.server.Behave(c.behaviour)
			signatory := known
			if c.signatory.SNILS != "" {
				signatory = c.signatory
			}
			id := k.submit(signatory)
			k.pass(4 * step)
			if c.then != nil {
				require.NoError(k.t, c.then(int64(id)))
			}
			k.requireState(c.want, id)
			require.Equal(k.t, c.want != goskey.Waiting, c.want.IsFinal())
			require.NotEmpty(k.t, c.want.Message())
		})
	}
}

// A technical pause of ЕПГУ is not an end, and an answer may come after the term.
func TestRetryAndLateAnswer(t *testing.T) {
	k := start(t)
	k.server.Behave(goskeysim.Behaviour{Retry: true, Late: 2 * time.Hour})
	id := k.submit(goskey.Signatory{SNILS: k.person(synthetic.LoginCustomer).SNILS})
	k.pass(3 * step)
	require.Equal(t, "RETRY", k.requireState(goskey.Checking, id).Detail)
	k.pass(3 * step)
	require.NoError(t, k.server.Sign(int64(id)))
	require.Error(t, k.server.Sign(int64(id)), "once")
	k.pass(time.Hour)
	k.requireState(goskey.Waiting, id)
	k.pass(time.Hour)
	k.requireState(goskey.Signed, id)
}

// One call tells of all orders that have changed, over several pages.
func TestChanged(t *testing.T) {
	k := start(t)
	signatory := goskey.Signatory{SNILS: k.person(synthetic.LoginCustomer).SNILS}
	var all []goskey.OrderID
	for range 3 {
		all = append(all, k.submit(signatory))
	}
	begun := k.Now()
	changed := func(since time.Time) (ids []goskey.OrderID) {
		changes, err := k.client.Changed(t.Context(), since)
		require.NoError(t, err)
		for _, c := range changes {
			require.WithinDuration(t, k.Now(), c.At, 24*time.Hour)
			ids = append(ids, c.Order)
		}
		return ids
	}
	require.Empty(t, changed(begun.Add(-time.Hour)), "ЕПГУ still checks them")
	k.pass(4 * step)
	require.Equal(t, all, changed(begun))
	k.pass(step)
	require.NoError(t, k.server.Refuse(int64(all[1])))
	require.Equal(t, all[1:2], changed(begun.Add(4*step)))

	for range 100 {
		id, err := k.client.Reserve(t.Context(), signatory)
		require.NoError(t, err)
		k.server.Pretend(int64(id))
	}
	k.pass(4 * step)
	require.Len(t, changed(begun), 103)
}

// A token that is no longer accepted is renewed; a second Submit reaches nobody.
func TestTokenAndRepetition(t *testing.T) {
	k := start(t)
	signatory := goskey.Signatory{SNILS: k.person(synthetic.LoginCustomer).SNILS}
	id := k.submit(signatory)
	k.server.Forget()
	k.requireState(goskey.Checking, id)
	err := k.client.Submit(t.Context(), id, k.request(signatory))
	require.Equal(t, goskey.CodeRefused, goskey.CodeOf(err))
	require.Equal(t, []int64{int64(id)}, k.server.Sent())
}

// An archive of more than one part arrives whole.
func TestParts(t *testing.T) {
	k := start(t)
	signatory := goskey.Signatory{SNILS: k.person(synthetic.LoginCustomer).SNILS}
	id, err := k.client.Reserve(t.Context(), signatory)
	require.NoError(t, err)
	request := k.request(signatory)
	request.Document = append([]byte("%PDF-1.4"), make([]byte, 11_000_000)...)
	require.NoError(t, k.client.Submit(t.Context(), id, request))
	k.pass(4 * step)
	k.requireState(goskey.Waiting, id)
}

// A stranger's signature of the API key gets no token, and one that does not name the certificate of
// its signer no check.
func TestPlatformsSignature(t *testing.T) {
	k := start(t)
	signatory := goskey.Signatory{SNILS: k.person(synthetic.LoginCustomer).SNILS}
	own := esia.OpenSSL{Form: esia.PKCS7, Kind: esia.GOST, KeyFile: k.pki.Path("platform.key"), CertificateFile: k.pki.Path("platform.crt"), Timeout: time.Minute}
	other := own
	other.Form, other.KeyFile, other.CertificateFile = esia.CAdES, k.pki.Path("issuer.key"), k.pki.Path("issuer.crt")
	for name, signer := range map[string]goskey.Signer{"plain": own, "stranger": other} {
		_, err := k.newClient(signer).Reserve(t.Context(), signatory)
		require.Equal(t, goskey.CodeNotPermitted, goskey.CodeOf(err), name)
	}
	_, err := k.newClient(failing{}).Reserve(t.Context(), signatory)
	require.Equal(t, goskey.CodeSigning, goskey.CodeOf(err))
}

type failing struct{}

func (failing) Sign(context.Context, []byte) ([]byte, error) { return nil, context.DeadlineExceeded }

// A person signs and refuses on the page.
func TestPage(t *testing.T) {
	k := start(t)
	signatory := goskey.Signatory{SNILS: k.person(synthetic.LoginCustomer).SNILS}
	signed, refused := k.submit(signatory), k.submit(signatory)
	k.pass(4 * step)
	page := k.get("/")
	require.Equal(t, 2, strings.Count(page, ">Подписать<"))
	require.Contains(t, page, "Договор по заказу № 7")
	require.Contains(t, page, "Электронная платформа кадастровых работ")
	for id, action := range map[goskey.OrderID]string{signed: "sign", refused: "refuse"} {
		response, err := http.PostForm(k.url+"/", url.Values{"order": {strconv.FormatInt(int64(id), 10)}, "action": {action}})
		require.NoError(t, err)
		response.Body.Close()
		require.Equal(t, http.StatusOK, response.StatusCode)
	}
	k.requireState(goskey.Signed, signed)
	k.requireState(goskey.Refused, refused)
	require.NotContains(t, k.get("/"), ">Подписать<")
}
