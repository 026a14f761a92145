package signature

import (
	"context"
	"strings"
)

// PartyKind is what a party is.
type PartyKind string

// The kinds of parties.
const (
	// Anyone is for signatures whose signer is shown, and compared with nobody.
	Anyone       PartyKind = "anyone"
	Person       PartyKind = "person"
	Entrepreneur PartyKind = "entrepreneur"
	Organisation PartyKind = "organisation"
)

// Party is who has to sign. Numbers may have punctuation.
type Party struct {
	Kind PartyKind
	// SNILS is that of the person, the entrepreneur, or the head of the organisation, who may be
	// unknown.
	SNILS string
	// PersonINN, 12 digits, tells them if the СНИЛС is missing on one side.
	PersonINN string
	// INN is that of the organisation (10 digits) or the entrepreneur (12 digits).
	INN string
	// OGRN is that of the organisation (13 digits), or the ОГРНИП of the entrepreneur (15 digits).
	OGRN string
}

// normal returns the party with the digits of its numbers.
func (p Party) normal() Party {
	return Party{p.Kind, digits(p.SNILS), digits(p.PersonINN), digits(p.INN), digits(p.OGRN)}
}

// checkSigner checks that the signer is the party or acts for it.
func (j *judgement) checkSigner(ctx context.Context, s Signer) {
	party := j.request.Signer.normal()
	refused, noted := party.match(s)
	switch {
	case j.request.Power != nil && (refused != "" || party.Kind == Anyone):
		j.checkPower(ctx, party, s)
		return
	case refused != "":
		j.refuse(refused, "Сертификат выдан: "+s.String()+".")
	case j.request.Power != nil:
		noted = append(noted, PowerNotNeeded)
	}
	for _, code := range noted {
		j.warn(code, "")
	}
}

// match compares whom a certificate names with the party, and returns why it is another one; an empty
// code if it is not.
func (p Party) match(s Signer) (refused Code, noted []Code) {
	switch p.Kind {
	case Anyone:
		return "", nil
	case Entrepreneur:
		return p.matchEntrepreneur(s)
	case Organisation:
		return p.matchOrganisation(s)
	default: // a party without a kind is nobody
		return p.matchPerson(s)
	}
}

func (p Party) matchPerson(s Signer) (refused Code, noted []Code) {
	if !p.isPerson(s) {
		return WrongPerson, nil
	}
	if s.ofOrganisation() {
		noted = append(noted, OfOrganisation)
	}
	return "", noted
}

func (p Party) matchEntrepreneur(s Signer) (refused Code, noted []Code) {
	switch {
	case !p.isPerson(s):
		return WrongPerson, nil
	case differ(s.INN, p.INN) || differ(s.OGRNIP, p.OGRN):
		return WrongEntrepreneur, nil
	case s.OGRNIP == "":
		noted = append(noted, OfPerson)
	}
	return "", noted
}

// matchOrganisation accepts the certificate of the organisation without a person, or that of its head.
func (p Party) matchOrganisation(s Signer) (refused Code, noted []Code) {
	same := equal(s.OrganisationINN, p.INN) || equal(s.OGRN, p.OGRN)
	switch {
	case !s.ofOrganisation():
		return NoOrganisation, nil
	case !same || differ(s.OrganisationINN, p.INN) || differ(s.OGRN, p.OGRN):
		return WrongOrganisation, nil
	case s.SNILS == "" && s.INN == "":
		return "", nil
	case p.SNILS == "" && p.PersonINN == "":
		return "", []Code{HeadUnknown}
	case !p.isPerson(s):
		return NotHead, nil
	default:
		return "", nil
	}
}

// isPerson compares the signer with the person or the head: by СНИЛС, or by ИНН if one side lacks it.
func (p Party) isPerson(s Signer) bool {
	if s.SNILS != "" && p.SNILS != "" {
		return s.SNILS == p.SNILS
	}
	return equal(s.INN, p.PersonINN)
}

func (s Signer) ofOrganisation() bool { return s.OrganisationINN != "" || s.OGRN != "" }

// equal reports whether two numbers are known and equal.
func equal(a, b string) bool { return a != "" && a == b }

// differ reports whether two numbers are known and differ.
func differ(a, b string) bool { return a != "" && b != "" && a != b }

// digits returns the digits of a number.
func digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}
