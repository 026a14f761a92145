package mchd

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

var (
	// ErrNotYetValid means that a power of attorney is dated after the day.
	ErrNotYetValid = errors.New("mchd: the power of attorney is not valid yet")
	// ErrExpired means that its term had ended before the day.
	ErrExpired = errors.New("mchd: the power of attorney has expired")
	// ErrPrincipal means that it was given by another party.
	ErrPrincipal = errors.New("mchd: the power of attorney is of another principal")
	// ErrRepresentative means that it was given to another person.
	ErrRepresentative = errors.New("mchd: the power of attorney is for another representative")
	// ErrPowers means that its powers are others than those that suffice.
	ErrPowers = errors.New("mchd: the powers do not suffice")
	// ErrDelegated means that it delegates the authority of another one, which is missing.
	ErrDelegated = errors.New("mchd: the power of attorney that is delegated is missing")
	// ErrParent means that it delegates more than the authority of the other one, or that of a third
	// one.
	ErrParent = errors.New("mchd: the authority was not to be delegated so")
)

// CheckTerm checks that a power of attorney is valid on a day, yyyy-mm-dd in Moscow. The errors are
// ErrNotYetValid and ErrExpired.
func (p *PowerOfAttorney) CheckTerm(day string) error {
	switch {
	case day < p.IssuedOn:
		return fmt.Errorf("%w: it is from %s", ErrNotYetValid, p.IssuedOn)
	case day > p.ExpiresOn:
		return fmt.Errorf("%w: it was until %s", ErrExpired, p.ExpiresOn)
	}
	return nil
}

// PrincipalOf returns the principal with these numbers. Those that both have must be equal, and there
// must be one: ИНН or ОГРН (ОГРНИП), or СНИЛС of a natural person. The error is ErrPrincipal.
func (p *PowerOfAttorney) PrincipalOf(inn, ogrn, snils string) (Principal, error) {
	for _, one := range p.Principals {
		equal := one.INN != "" && one.INN == inn || one.OGRN != "" && one.OGRN == ogrn
		equal = equal || one.Kind != Organisation && one.Signer.SNILS != "" && one.Signer.SNILS == snils
		if equal && !differ(one.INN, inn) && !differ(one.OGRN, ogrn) {
			return one, nil
		}
	}
	return Principal{}, ErrPrincipal
}

// RepresentativeOf returns the representative with these numbers. The error is ErrRepresentative.
func (p *PowerOfAttorney) RepresentativeOf(snils, inn string) (Person, error) {
	for _, one := range p.Representatives {
		if one.same(snils, inn) {
			return one, nil
		}
	}
	return Person{}, ErrRepresentative
}

// CheckPowers reports whether one of the codes suffices without limits. If none does, words that only
// a person can judge may, and so may a code with limits; otherwise the error is ErrPowers.
func (p *PowerOfAttorney) CheckPowers(sufficient []string) (known bool, err error) {
	for _, power := range p.Powers.Codes {
		if slices.Contains(sufficient, power.Code) {
			if len(power.Limits) == 0 {
				return true, nil
			}
			known = true
		}
	}
	if !known && p.Powers.Text == "" && len(sufficient) > 0 {
		return false, ErrPowers
	}
	return false, nil
}

// CheckParent checks that a power of attorney delegates authority that the parent lets delegate, by
// its representative, within its term and its powers. The errors are ErrDelegated and ErrParent.
func (p *PowerOfAttorney) CheckParent(parent *PowerOfAttorney) error {
	switch {
	case parent == nil:
		return ErrDelegated
	case parent.Number != p.Parent:
		return fmt.Errorf("%w: it delegates %s", ErrParent, p.Parent)
	case parent.Parent != "":
		return fmt.Errorf("%w: the other one is delegated too", ErrParent)
	case !parent.Delegable:
		return fmt.Errorf("%w: the other one forbids it", ErrParent)
	case p.IssuedOn < parent.IssuedOn || p.ExpiresOn > parent.ExpiresOn:
		return fmt.Errorf("%w: its term exceeds that of the other one", ErrParent)
	}
	for _, delegator := range p.Principals {
		if _, err := parent.RepresentativeOf(delegator.Signer.SNILS, delegator.Signer.INN); err != nil {
			return fmt.Errorf("%w: %s is no representative", ErrParent, delegator.Name)
		}
	}
	for _, power := range p.Powers.Codes {
		if !slices.ContainsFunc(parent.Powers.Codes, func(own Power) bool { return own.Code == power.Code }) && parent.Powers.Text == "" {
			return fmt.Errorf("%w: the other one does not have the power %s", ErrParent, power.Code)
		}
	}
	return nil
}

// State is what a registry says about a power of attorney.
type State string

// The states.
const (
	NotChecked State = "not_checked"
	Active     State = "active"
	Revoked    State = "revoked"
)

// Registry tells whether powers of attorney were revoked, which only the register of the ФНС knows.
type Registry interface {
	// State returns the state of a power of attorney by its number.
	State(ctx context.Context, number string) (State, error)
}

// NoRegistry stands for the registry where none is connected.
type NoRegistry struct{}

// State returns NotChecked.
func (NoRegistry) State(context.Context, string) (State, error) { return NotChecked, nil }
