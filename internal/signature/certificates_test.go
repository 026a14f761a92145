package signature_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/cms"
	"epkr/internal/signature"
	"epkr/internal/testenv/pki"
)

// ofCertificates are faults of the certificate, its chain and its term.
func (k *kit) ofCertificates(t *testing.T) []agreement {
	by := func(name string) []byte { return k.sign(t, name, contract) }
	engineer := by("engineer")
	withIssuer := k.sign(t, "engineer", contract, "-certfile", "issuer.crt")
	return []agreement{
		{name: "two years later", signature: engineer, at: k.now().AddDate(2, 0, 0), store: noLists, refused: refusals{signature.Expired}, warned: refusals{signature.SigningTimeBehind}},
		{name: "the day before", signature: engineer, at: k.now().AddDate(0, 0, -1), store: noLists, refused: refusals{signature.NotYetValid}, warned: refusals{signature.SigningTimeAhead}},
		{name: "expired", signature: by("expired"), refused: refusals{signature.Expired}},
		{name: "expired, while it was valid", signature: by("expired"), at: k.now().AddDate(0, 0, -5), store: noLists, warned: refusals{signature.SigningTimeAhead, signature.RevocationNotChecked}},
		{name: "not valid yet", signature: by("future"), refused: refusals{signature.NotYetValid}},
		{name: "the key has ended", signature: by("ended-key"), refused: refusals{signature.Expired}, differs: noKeyTerms},
		{name: "revoked", signature: by("revoked"), refused: refusals{signature.Revoked}},
		{name: "revoked, without lists", signature: by("revoked"), store: noLists, warned: refusals{signature.RevocationNotChecked}},
		{name: "revoked later", signature: engineer, store: laterList, differs: noMoments},
		{name: "revoked before", signature: engineer, at: k.now().Add(2 * time.Hour), store: laterList, refused: refusals{signature.Revoked}},
		{name: "lists out of date", signature: engineer, at: k.now().AddDate(0, 2, 0), warned: refusals{signature.RevocationNotChecked}, differs: oldLists},
		{name: "no lists", signature: engineer, store: noLists, warned: refusals{signature.RevocationNotChecked}},
		{name: "an unknown authority", signature: by("by-foreign"), refused: refusals{signature.UnknownIssuer}},
		{name: "an unknown authority with its certificate", signature: k.sign(t, "by-foreign", contract, "-certfile", "foreign.crt"), refused: refusals{signature.UnknownIssuer}},
		{name: "self-signed", signature: by("self-signed"), refused: refusals{signature.UnknownIssuer}},
		{name: "an unknown issuer", signature: engineer, store: rootOnly, refused: refusals{signature.UnknownIssuer}},
		{name: "a carried issuer", signature: withIssuer, store: rootOnly},
		{name: "issued by a signer", signature: k.sign(t, "by-engineer", contract, "-certfile", "engineer.crt"), store: noLists, refused: refusals{signature.UnknownIssuer}},
		{name: "an issuer whose term has ended", signature: by("by-short-issuer"), refused: refusals{signature.BadIssuer}},
		{name: "not for signatures", signature: by("encipherer"), refused: refusals{signature.BadUsage}},
		{name: "an unknown critical clause", signature: by("unknown"), refused: refusals{signature.BadUsage}},
		{name: "unqualified", signature: by("by-unqualified"), store: noLists, refused: refusals{signature.Unqualified}, differs: noClasses},
		{name: "unqualified, another document", signature: by("by-unqualified"), store: noLists, document: changed, refused: refusals{signature.OtherDocument}},
		{name: "expired and of another person", signature: engineer, at: k.now().AddDate(2, 0, 0), store: noLists, signer: &theOrganisation, refused: refusals{signature.Expired, signature.NoOrganisation}},
	}
}

// ofParties are signatures by others than the party, and by each who may sign for it.
func (k *kit) ofParties(t *testing.T) (all []agreement) {
	t.Helper()
	headless, byINN := theOrganisation, theOrganisation
	headless.SNILS = ""
	byINN.SNILS, byINN.PersonINN = "", head.INN
	punctuated := theEngineer
	punctuated.SNILS = engineer.SNILS[:3] + "-" + engineer.SNILS[3:6] + "-" + engineer.SNILS[6:9] + " " + engineer.SNILS[9:]
	someone := signature.Party{Kind: signature.Anyone}
	nobody := signature.Party{}
	byNumber := signature.Party{Kind: signature.Organisation, OGRN: organisation.OGRN, SNILS: head.SNILS}
	for _, c := range []struct {
		name, by string
		signer   *signature.Party
		refused  refusals
		warned   refusals
	}{
		{"the person", "engineer", &theEngineer, nil, nil},
		{"СНИЛС with punctuation", "engineer", &punctuated, nil, nil},
		{"the person without ИНН in the certificate", "without-inn", &theEngineer, nil, nil},
		{"the person as the head of an organisation", "engineer-of-organisation", &theEngineer, nil, refusals{signature.OfOrganisation}},
		{"another person", "stranger", &theEngineer, refusals{signature.WrongPerson}, nil},
		{"an organisation in place of a person", "organisation", &theEngineer, refusals{signature.WrongPerson}, nil},
		{"a person without numbers", "engineer", &nobody, refusals{signature.WrongPerson}, nil},
		{"anyone", "stranger", &someone, nil, nil},
		{"the entrepreneur", "entrepreneur", &theEntrepreneur, nil, nil},
		{"the entrepreneur as a person", "engineer", &theEntrepreneur, nil, refusals{signature.OfPerson}},
		{"the entrepreneur under another ОГРНИП", "other-entrepreneur", &theEntrepreneur, refusals{signature.WrongEntrepreneur}, nil},
		{"another person in place of the entrepreneur", "stranger", &theEntrepreneur, refusals{signature.WrongPerson}, nil},
		{"the head", "head", &theOrganisation, nil, nil},
		{"the head by ИНН", "head", &byINN, nil, nil},
		{"the organisation by ОГРН", "head", &byNumber, nil, nil},
		{"the organisation's own certificate", "organisation", &theOrganisation, nil, nil},
		{"an unknown head", "head", &headless, nil, refusals{signature.HeadUnknown}},
		{"a former head", "former-head", &theOrganisation, refusals{signature.NotHead}, nil},
		{"the head of another organisation", "other-head", &theOrganisation, refusals{signature.WrongOrganisation}, nil},
		{"an organisation with another ОГРН", "other-ogrn", &theOrganisation, refusals{signature.WrongOrganisation}, nil},
		{"an organisation with another ИНН", "other-inn", &theOrganisation, refusals{signature.WrongOrganisation}, nil},
		{"the head as a person", "head-as-person", &theOrganisation, refusals{signature.NoOrganisation}, nil},
		{"a representative without authority", "agent", &theOrganisation, refusals{signature.NoOrganisation}, nil},
	} {
		one := agreement{name: c.name, signature: k.sign(t, c.by, contract, "-cades"), signer: c.signer, refused: c.refused, warned: c.warned}
		if c.refused != nil {
			one.differs = noParties
		}
		all = append(all, one)
	}
	return all
}

// stamped returns a signature with the time stamp of an authority at a time.
func (k *kit) stamped(t *testing.T, by, authority string, at time.Time) []byte {
	t.Helper()
	plain := k.sign(t, by, contract, "-cades")
	value, err := pki.Value(plain)
	require.NoError(t, err)
	token, err := k.TokenAt(value, authority, at)
	require.NoError(t, err)
	s, err := pki.AddToken(plain, token)
	require.NoError(t, err)
	return s
}

// ofTimeStamps are signatures whose moment a time stamp proves, or does not prove.
func (k *kit) ofTimeStamps(t *testing.T) []agreement {
	longAgo := k.now().AddDate(0, 0, -5) // the expired certificate was valid
	stamped, err := k.Stamp(k.sign(t, "engineer", contract, "-cades"), pki.TimeStamper)
	require.NoError(t, err)
	plain := k.sign(t, "expired", contract, "-cades")
	foreign, err := k.TokenAt([]byte("another signature"), "tsa-old", longAgo)
	require.NoError(t, err)
	ofAnother, err := pki.AddToken(plain, foreign)
	require.NoError(t, err)
	untrusted := refusals{signature.TimeStampUntrusted}
	expired := refusals{signature.Expired}
	return []agreement{
		{name: "a time stamp", signature: stamped},
		{name: "a time stamp, another document", signature: stamped, document: changed, refused: refusals{signature.OtherDocument}},
		{name: "a time stamp of the term of the certificate", signature: k.stamped(t, "expired", "tsa-old", longAgo), warned: refusals{signature.SigningTimeAhead}, differs: noStamps},
		{name: "a time stamp of an unknown authority", signature: k.stamped(t, "expired", "tsa-foreign", longAgo), refused: expired, warned: untrusted},
		{name: "a time stamp of an unqualified authority", signature: k.stamped(t, "expired", "tsa-unqualified", longAgo), refused: expired, warned: untrusted},
		{name: "a time stamp of an authority that has expired", signature: k.stamped(t, "expired", "tsa-expired", longAgo), refused: expired, warned: untrusted},
		{name: "a time stamp before the term of its authority", signature: k.stamped(t, "expired", "tsa-new", longAgo), refused: expired, warned: untrusted},
		{name: "a time stamp by the signer", signature: k.stamped(t, "expired", "expired", longAgo), refused: expired, warned: untrusted},
		{name: "a time stamp on another signature", signature: ofAnother, refused: expired, warned: untrusted},
		{name: "a time stamp of the future", signature: k.stamped(t, "future", "tsa-old", k.now().AddDate(0, 0, 3)), refused: refusals{signature.NotYetValid}, warned: untrusted},
		{name: "a time stamp before the revocation", signature: k.stamped(t, "engineer", "tsa-old", k.now()), store: laterList, at: k.now().Add(2 * time.Hour), differs: noStamps},
		{name: "a time stamp after the revocation", signature: k.stamped(t, "engineer", "tsa-old", k.now().Add(90*time.Minute)), store: laterList, at: k.now().Add(2 * time.Hour), refused: refusals{signature.Revoked}},
	}
}

// A trusted time stamp is the moment of a signature, and makes it CAdES-T; `openssl ts` accepts the
// same time stamps.
func TestMoment(t *testing.T) {
	t.Parallel()
	k := theKit(t)
	at := k.now().Add(time.Hour).Truncate(time.Second)
	acceptedAt := k.now().Add(3 * time.Hour)
	for name, c := range map[string]struct {
		by      string
		trusted bool
	}{
		"its authority": {"tsa-old", true}, "unknown": {"tsa-foreign", false}, "expired": {"tsa-expired", false}, "a signer": {"engineer", false},
	} {
		signed := k.stamped(t, "engineer", c.by, at)
		r, _, err := k.checker(noLists).Check(t.Context(), signature.Request{
			Document: signature.Bytes(contract), Signature: signed, AcceptedAt: acceptedAt, Signer: theEngineer,
		})
		require.NoError(t, err)
		require.True(t, r.Valid, name)
		s, err := cms.Read(signed)
		require.NoError(t, err)
		value, err := pki.Value(signed)
		require.NoError(t, err)
		_, err = k.Run("ts", "-verify", "-data", save(t, value), "-token_in", "-in", save(t, s.TimeStamp), "-CAfile", k.stores[noLists].file)
		require.Equal(t, c.trusted, err == nil, "%s: openssl ts", name)
		require.Equal(t, acceptedAt.UTC(), r.AcceptedAt)
		if !c.trusted {
			require.Equal(t, signature.ByAcceptance, r.Moment.Source, name)
			require.Equal(t, acceptedAt.UTC(), r.Moment.At)
			require.Equal(t, signature.CAdESBES, r.Form)
			require.Contains(t, codes(r.Warnings), signature.TimeStampUntrusted)
			continue
		}
		require.Equal(t, signature.ByTimeStamp, r.Moment.Source)
		require.Equal(t, at.UTC(), r.Moment.At)
		require.Equal(t, signature.CAdEST, r.Form)
		require.Len(t, r.Moment.TimeStampChain, 3)
	}
}

// Of a signature that is only looked at, nobody knows when it was made if no time stamp tells: an
// expired certificate is refused with that said, and an earlier time of the signer is no surprise.
func TestMomentOfALaterCheck(t *testing.T) {
	t.Parallel()
	k := theKit(t)
	check := func(signed []byte, at time.Time) signature.Result {
		r, _, err := k.checker(noLists).Check(t.Context(), signature.Request{
			Document: signature.Bytes(contract), Signature: signed, AcceptedAt: at, Since: signature.ByCheck, Signer: signature.Party{Kind: signature.Anyone},
		})
		require.NoError(t, err)
		return r
	}
	later := k.now().AddDate(0, 0, 3)
	r := check(k.sign(t, "engineer", contract), later)
	require.True(t, r.Valid)
	require.Equal(t, signature.ByCheck, r.Moment.Source)
	require.Equal(t, later.UTC(), r.Moment.At)
	require.NotContains(t, codes(r.Warnings), signature.SigningTimeBehind)

	r = check(k.sign(t, "expired", contract), k.now())
	require.Equal(t, refusals{signature.Expired}, codes(r.Refusals))
	require.Contains(t, r.Refusals[0].Detail, "когда она создана, не доказано")

	stamped := k.stamped(t, "expired", "tsa-old", k.now().AddDate(0, 0, -5))
	require.True(t, check(stamped, k.now()).Valid)
	require.Equal(t, signature.ByTimeStamp, check(stamped, k.now()).Moment.Source)
}
