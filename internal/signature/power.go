package signature

import (
	"context"
	"fmt"

	"epkr/internal/mchd"
)

// checkPower checks that the signer acts for the party by the power of attorney of the request.
func (j *judgement) checkPower(ctx context.Context, party Party, s Signer) {
	power, principal := j.readPower(ctx, j.request.Power, party)
	if power == nil {
		return
	}
	j.result.PowerOfAttorney = power
	if _, err := power.RepresentativeOf(s.SNILS, s.INN); err != nil {
		j.refuseFor(err, "Документ подписал: "+s.String()+".")
	}
	if known, err := power.CheckPowers(j.Powers); err != nil {
		j.refuseFor(err, "")
	} else if !known {
		j.warn(PowersNotJudged, "")
	}
	if len(power.Representatives) > 1 {
		j.warn(SeveralAgents, "")
	}
	if party.Kind == Organisation && differ(party.SNILS, principal.Signer.SNILS) {
		j.warn(OtherHead, "Доверенность подписал: "+principal.Signer.Name+".")
	}
}

// readPower reads and judges a power of attorney of a party, or of anyone: its principal, its term, its
// signature and its state. The principal of one that delegates authority is that of the other one. It
// returns nil if it cannot be read.
func (j *judgement) readPower(ctx context.Context, files *Power, party Party) (*PowerOfAttorney, mchd.Principal) {
	read, err := mchd.Read(files.XML)
	if err != nil {
		j.refuseFor(err, "")
		return nil, mchd.Principal{}
	}
	power := &PowerOfAttorney{PowerOfAttorney: *read, SHA256: sha(files.XML)}
	if err := read.CheckTerm(day(j.result.Moment.At)); err != nil {
		j.refuseFor(err, "Срок доверенности: с "+read.IssuedOn+" по "+read.ExpiresOn+".")
	}
	j.checkState(ctx, power)
	signer := read.Principals[0]
	principal := signer
	switch {
	case read.Parent != "":
		power.Delegates, principal = j.readDelegated(ctx, read, files.Delegates, party)
	case party.Kind != Anyone:
		if signer, err = principalOf(read, party); err != nil {
			j.refuseFor(err, "Доверитель: "+principal.Name+".")
			return power, principal
		}
		principal = signer
	}
	j.checkPowerSignature(ctx, power, files, signer)
	return power, principal
}

// principalOf returns the principal that is the party.
func principalOf(p *mchd.PowerOfAttorney, party Party) (mchd.Principal, error) {
	if party.Kind == Organisation {
		return p.PrincipalOf(party.INN, party.OGRN, "")
	}
	return p.PrincipalOf(party.INN, party.OGRN, party.SNILS)
}

// readDelegated judges the power of attorney whose authority another one delegates. One that delegates
// authority itself is refused.
func (j *judgement) readDelegated(ctx context.Context, child *mchd.PowerOfAttorney, files *Power, party Party) (*PowerOfAttorney, mchd.Principal) {
	if files == nil {
		j.refuseFor(child.CheckParent(nil), "")
		return nil, mchd.Principal{}
	}
	parent, principal := j.readPower(ctx, &Power{XML: files.XML, Signature: files.Signature}, party)
	if parent == nil {
		return nil, mchd.Principal{}
	}
	if err := child.CheckParent(&parent.PowerOfAttorney); err != nil {
		j.refuseFor(err, "")
	}
	return parent, principal
}

// checkState asks the registry.
func (j *judgement) checkState(ctx context.Context, power *PowerOfAttorney) {
	state, err := j.Registry.State(ctx, power.Number)
	if err != nil {
		j.err = fmt.Errorf("signature: asking the registry of powers of attorney: %w", err)
		return
	}
	power.State = state
	switch state {
	case mchd.Revoked:
		j.refuse(PowerRevoked, "")
	case mchd.NotChecked:
		j.warn(PowerNotInRegistry, "")
	}
}

// checkPowerSignature checks that a principal signed a power of attorney.
func (j *judgement) checkPowerSignature(ctx context.Context, power *PowerOfAttorney, files *Power, principal mchd.Principal) {
	result, evidence, err := j.Check(ctx, Request{
		Document: Bytes(files.XML), Signature: files.Signature, AcceptedAt: j.request.AcceptedAt, Since: j.request.Since, Signer: partyOf(principal),
	})
	if err != nil {
		j.err = err
		return
	}
	power.Signature = result
	j.evidence.join(evidence)
	for _, f := range result.Refusals {
		j.refuse(PowerSignature, f.Text)
	}
}

// partyOf returns who has to sign for a principal.
func partyOf(p mchd.Principal) Party {
	kinds := map[mchd.PrincipalKind]PartyKind{mchd.Organisation: Organisation, mchd.Entrepreneur: Entrepreneur, mchd.NaturalPerson: Person}
	return Party{Kind: kinds[p.Kind], SNILS: p.Signer.SNILS, PersonINN: p.Signer.INN, INN: p.INN, OGRN: p.OGRN}
}
