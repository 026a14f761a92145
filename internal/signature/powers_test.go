package signature_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/mchd"
	"epkr/internal/signature"
	"epkr/internal/testenv/pki"
)

const (
	number = "4f1c2d3e-5a6b-4c7d-8e9f-0a1b2c3d4e5f"
	parent = "11111111-2222-3333-4444-555555555555"
)

// given is a power of attorney of the organisation for the agent.
func (k *kit) given() pki.PowerOfAttorney {
	return pki.PowerOfAttorney{
		Number: number, IssuedOn: k.made.AddDate(0, -1, 0).Format("2006-01-02"), ExpiresOn: k.made.AddDate(1, 0, 0).Format("2006-01-02"),
		Principal: head.HeadOf(organisation), Representatives: []pki.Subject{agent}, Codes: []string{"02.114"},
	}
}

// power signs a power of attorney.
func (k *kit) power(t *testing.T, p pki.PowerOfAttorney, by string) *signature.Power {
	t.Helper()
	return &signature.Power{XML: p.XML(), Signature: k.sign(t, by, p.XML(), "-cades")}
}

// delegated is a power of attorney of the agent for the delegate, with the one that it delegates.
func (k *kit) delegated(t *testing.T) (original, delegated pki.PowerOfAttorney) {
	t.Helper()
	original, delegated = k.given(), k.given()
	original.Number, original.Delegable = parent, true
	delegated.Parent, delegated.Principal, delegated.Representatives = parent, agent, []pki.Subject{delegate}
	return original, delegated
}

// ofPowers are signatures of representatives.
func (k *kit) ofPowers(t *testing.T) (all []agreement) {
	byAgent := k.sign(t, "agent", contract, "-cades")
	change := func(how func(*pki.PowerOfAttorney)) *signature.Power {
		p := k.given()
		how(&p)
		return k.power(t, p, "head")
	}
	good := k.power(t, k.given(), "head")
	tampered := &signature.Power{XML: bytes.ReplaceAll(good.XML, []byte("02.114"), []byte("02.115")), Signature: good.Signature}
	file := func(xml string) *signature.Power {
		return &signature.Power{XML: []byte(xml), Signature: k.sign(t, "head", []byte(xml))}
	}
	replace := func(old, with string) *signature.Power {
		return file(string(bytes.ReplaceAll(good.XML, []byte(old), []byte(with))))
	}
	original, delegated := k.delegated(t)
	withParent := k.power(t, delegated, "agent")
	withParent.Delegates = k.power(t, original, "head")
	byDelegate := k.sign(t, "delegate", contract, "-cades")
	withOtherParent := k.power(t, delegated, "agent")
	withOtherParent.Delegates = good
	anyone := signature.Party{Kind: signature.Anyone}

	for _, c := range []agreement{
		{name: "a power of attorney", power: good, warned: refusals{signature.PowersNotJudged, signature.PowerNotInRegistry}},
		{name: "for anyone", power: good, signer: &anyone, warned: refusals{signature.PowersNotJudged}},
		{name: "in words", power: change(func(p *pki.PowerOfAttorney) { p.Codes, p.Text = nil, "подписывать договоры" }), warned: refusals{signature.PowersNotJudged}},
		{name: "for several", power: change(func(p *pki.PowerOfAttorney) { p.Representatives = append(p.Representatives, delegate) }), warned: refusals{signature.SeveralAgents}},
		{name: "by a former head", power: k.power(t, formerHead(k.given()), "former-head"), warned: refusals{signature.OtherHead}},
		{name: "not needed", signature: k.sign(t, "head", contract), power: good, warned: refusals{signature.PowerNotNeeded}},
		{
			name: "of an entrepreneur", signer: &signature.Party{Kind: signature.Entrepreneur, SNILS: head.SNILS, INN: head.INN, OGRN: head.Entrepreneur().OGRNIP},
			power: k.power(t, of(k.given(), head.Entrepreneur()), "head-as-entrepreneur"),
		},
		{name: "of a person", signer: &signature.Party{Kind: signature.Person, SNILS: head.SNILS}, power: k.power(t, of(k.given(), head), "head-as-person")},
		{name: "delegated", signature: byDelegate, power: withParent},

		{name: "another text", power: tampered, refused: refusals{signature.PowerSignature}},
		{name: "signed by a stranger", power: k.power(t, k.given(), "stranger"), refused: refusals{signature.PowerSignature}},
		{name: "signed by the representative", power: k.power(t, k.given(), "agent"), refused: refusals{signature.PowerSignature}},
		{name: "signed by the head as a person", power: k.power(t, k.given(), "head-as-person"), refused: refusals{signature.PowerSignature}},
		{name: "signed by the head of another organisation", power: k.power(t, k.given(), "other-head"), refused: refusals{signature.PowerSignature}},
		{name: "signed by another certificate of the organisation", power: k.power(t, k.given(), "former-head"), refused: refusals{signature.PowerSignature}},
		{name: "without a signature", power: &signature.Power{XML: good.XML}, refused: refusals{signature.PowerSignature}},
		{name: "of another organisation", power: change(func(p *pki.PowerOfAttorney) { p.Principal = head.HeadOf(other) }), refused: refusals{signature.PowerOfOther}},
		{name: "for another representative", power: change(func(p *pki.PowerOfAttorney) { p.Representatives = []pki.Subject{stranger} }), refused: refusals{signature.PowerForOther}},
		{name: "for the head himself", power: change(func(p *pki.PowerOfAttorney) { p.Representatives = []pki.Subject{head} }), refused: refusals{signature.PowerForOther}},
		{name: "from tomorrow", power: change(func(p *pki.PowerOfAttorney) { p.IssuedOn = k.made.AddDate(0, 0, 2).Format("2006-01-02") }), refused: refusals{signature.PowerNotYetValid}},
		{name: "until yesterday", power: change(func(p *pki.PowerOfAttorney) { p.ExpiresOn = k.made.AddDate(0, 0, -2).Format("2006-01-02") }), refused: refusals{signature.PowerExpired}},
		{name: "002", power: file(`<Доверенность ВерсФорм="002" ИдФайл="ON_DOVBB_1"><Документ/></Доверенность>`), refused: refusals{signature.PowerFormat002}},
		{name: "004", power: replace(`"EMCHD_1"`, `"EMCHD_2"`), refused: refusals{signature.PowerFormat}},
		{name: "no XML", power: file("доверенность"), refused: refusals{signature.NotPower}},
		{name: "too large a power", power: file(string(make([]byte, mchd.MaxSize+1))), refused: refusals{signature.PowerTooLarge}},
		{name: "without a date", power: replace(`ДатаВыдДовер`, `ДатаВыд`), refused: refusals{signature.PowerIncomplete}},
		{name: "of a foreign organisation", power: replace(`РосОргДовер`, `ИнОргДовер`), refused: refusals{signature.PowerPrincipalKind}},
		{name: "for an organisation", power: replace(`СведФизЛ`, `СведОрг`), refused: refusals{signature.PowerAgentKind}},
		{name: "delegated, without the original", signature: byDelegate, power: k.power(t, delegated, "agent"), refused: refusals{signature.PowerDelegated}},
		{name: "delegated from another one", signature: byDelegate, power: withOtherParent, refused: refusals{signature.PowerWronglyDelegated}},
	} {
		if c.name = "power: " + c.name; c.signature == nil {
			c.signature = byAgent
		}
		if c.signer == nil {
			c.signer = &theOrganisation
		}
		if c.refused != nil {
			c.differs = noPowers
		}
		all = append(all, c)
	}
	return all
}

func formerHead(p pki.PowerOfAttorney) pki.PowerOfAttorney {
	return of(p, stranger.HeadOf(organisation))
}

func of(p pki.PowerOfAttorney, principal pki.Subject) pki.PowerOfAttorney {
	p.Principal = principal
	return p
}

// registry answers for all powers of attorney.
type registry struct {
	state mchd.State
	err   error
}

func (r registry) State(context.Context, string) (mchd.State, error) { return r.state, r.err }

// A power of attorney that the registry calls revoked is refused; codes are compared with the list of
// those that suffice; a registry that does not answer leaves the check undecided.
func TestRegistryAndPowers(t *testing.T) {
	t.Parallel()
	k := theKit(t)
	request := signature.Request{
		Document: signature.Bytes(contract), Signature: k.sign(t, "agent", contract), AcceptedAt: k.now(), Signer: theOrganisation,
		Power: k.power(t, k.given(), "head"),
	}
	check := func(r registry, powers ...string) (signature.Result, error) {
		c := k.checker(all)
		c.Registry, c.Powers = r, powers
		result, _, err := c.Check(t.Context(), request)
		return result, err
	}
	r, err := check(registry{state: mchd.Active}, "02.114")
	require.NoError(t, err)
	require.True(t, r.Valid)
	require.Empty(t, r.Warnings)
	require.Equal(t, mchd.Active, r.PowerOfAttorney.State)
	require.Equal(t, number, r.PowerOfAttorney.Number)
	require.True(t, r.PowerOfAttorney.Signature.Valid)
	require.Equal(t, head.SNILS, r.PowerOfAttorney.Signature.Signer.SNILS)
	require.Equal(t, agent.SNILS, r.Signer.SNILS)

	r, err = check(registry{state: mchd.Revoked}, "02.114")
	require.NoError(t, err)
	require.Equal(t, refusals{signature.PowerRevoked}, codes(r.Refusals))
	r, err = check(registry{state: mchd.Active}, "01.001")
	require.NoError(t, err)
	require.Equal(t, refusals{signature.PowerInsufficient}, codes(r.Refusals))

	down := errors.New("the registry is down")
	_, err = check(registry{err: down})
	require.ErrorIs(t, err, down)
}

// The result has both powers of attorney of a delegation with their signatures, and the evidence the
// certificates of all signers.
func TestDelegation(t *testing.T) {
	t.Parallel()
	k := theKit(t)
	original, delegated := k.delegated(t)
	power := k.power(t, delegated, "agent")
	power.Delegates = k.power(t, original, "head")
	r, evidence, err := k.checker(all).Check(t.Context(), signature.Request{
		Document: signature.Bytes(contract), Signature: k.sign(t, "delegate", contract), AcceptedAt: k.now(), Signer: theOrganisation, Power: power,
	})
	require.NoError(t, err)
	require.True(t, r.Valid, r.Refusals)
	require.Equal(t, agent.SNILS, r.PowerOfAttorney.Signature.Signer.SNILS)
	require.Equal(t, head.SNILS, r.PowerOfAttorney.Delegates.Signature.Signer.SNILS)
	require.Len(t, evidence.Certificates, 5, "three signers, the issuer and the root")
	require.Len(t, evidence.RevocationLists, 2)

	// The original's own faults count.
	power.Delegates = k.power(t, original, "stranger")
	r, _, err = k.checker(all).Check(t.Context(), signature.Request{
		Document: signature.Bytes(contract), Signature: k.sign(t, "delegate", contract), AcceptedAt: k.now(), Signer: theOrganisation, Power: power,
	})
	require.NoError(t, err)
	require.Equal(t, refusals{signature.PowerSignature}, codes(r.Refusals))
}
