package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/esia"
	"epkr/internal/requisites"
)

// A human is identified by his СНИЛС, which only a confirmed account of ЕСИА has. Without a СНИЛС
// he is identified by ЕСИА's own number, which may change. A sign-in under a new number with a
// known СНИЛС is the same person unless the name or date of birth differs. In that case the sign-in
// is refused.

// inactivePerson refuses a person whose account on the platform is closed.
type inactivePerson struct {
	*problems.Problem
	id uuid.UUID
}

// Unwrap returns the problem that the person sees.
func (i *inactivePerson) Unwrap() error { return i.Problem }

// record is a row of people that may belong to the human who signs in.
type record struct {
	ID        uuid.UUID
	CreatedAt time.Time
	SNILS     string // 11 digits, or empty
	// SameHuman reports that name and date of birth match.
	SameHuman bool
}

// identityConflict refuses a sign-in whose records contradict each other.
type identityConflict struct {
	*problems.Problem
	with uuid.UUID
	oid  string
}

// Unwrap returns the problem that the person sees.
func (c *identityConflict) Unwrap() error { return c.Problem }

// resolve returns the record to keep, the oldest one, and the records to merge into it. known is
// the record under this ЕСИА number, or nil; others have the same СНИЛС. snils is the СНИЛС from
// ЕСИА, 11 digits or empty.
func resolve(known *record, others []record, snils string) (kept *record, merged []record, conflict *record) {
	if known != nil && snils != "" && known.SNILS != "" && known.SNILS != snils && !known.SameHuman {
		return nil, nil, known
	}
	all := make([]record, 0, len(others)+1)
	if known != nil {
		all = append(all, *known)
	}
	for i, other := range others {
		switch {
		case known != nil && other.ID == known.ID:
		case !other.SameHuman:
			return nil, nil, &others[i]
		default:
			all = append(all, other)
		}
	}
	// The record under the number had no СНИЛС or another one: it joins the others only if it is
	// the same human.
	if known != nil && len(all) > 1 && !known.SameHuman {
		return nil, nil, known
	}
	oldest := 0
	for i := range all {
		if all[i].CreatedAt.Before(all[oldest].CreatedAt) {
			oldest = i
		}
	}
	for i := range all {
		if i == oldest {
			kept = &all[i]
		} else {
			merged = append(merged, all[i])
		}
	}
	return kept, merged, nil
}

// updatePerson updates or inserts the row of the human who signs in.
func (s *Service) updatePerson(ctx context.Context, q *sqlcgen.Queries, p esia.Person) (uuid.UUID, error) {
	for _, identity := range []string{"oid " + p.OID, "snils " + cmp.Or(snilsDigits(p), p.OID)} {
		if err := q.LockIdentity(ctx, identity); err != nil {
			return uuid.Nil, fmt.Errorf("locking an identity: %w", err)
		}
	}
	known, others, numberKnown, err := s.recordsOf(ctx, q, p)
	if err != nil {
		return uuid.Nil, err
	}
	kept, merged, conflict := resolve(known, others, snilsDigits(p))
	if conflict != nil {
		return uuid.Nil, &identityConflict{problems.New(problems.IdentityConflict), conflict.ID, p.OID}
	}
	id := uuid.New()
	if kept == nil {
		err = s.insertPerson(ctx, q, id, p)
	} else {
		id = kept.ID
		err = s.mergeAndUpdate(ctx, q, id, merged, p)
	}
	if err != nil {
		return uuid.Nil, err
	}
	if kept != nil && !numberKnown {
		if err := s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{Kind: httpapi.EventNumberChanged, Person: id, Details: map[string]any{"esiaOid": p.OID}}); err != nil {
			return uuid.Nil, err
		}
	}
	if err := q.UpsertESIANumber(ctx, sqlcgen.UpsertESIANumberParams{EsiaOid: p.OID, PersonID: id, SeenAt: s.Now().UTC()}); err != nil {
		return uuid.Nil, fmt.Errorf("storing the ЕСИА number of a person: %w", err)
	}
	return id, nil
}

// recordsOf reads the record under the person's ЕСИА number, if there is one, and the records with
// his СНИЛС.
func (s *Service) recordsOf(ctx context.Context, q *sqlcgen.Queries, p esia.Person) (known *record, others []record, numberKnown bool, err error) {
	row, err := q.PersonByNumber(ctx, sqlcgen.PersonByNumberParams{
		LastName: p.LastName, FirstName: p.FirstName, MiddleName: p.MiddleName, BirthDate: birthDate(p), EsiaOid: p.OID,
	})
	switch {
	case errors.Is(err, db.ErrNotFound):
	case err != nil:
		return nil, nil, false, fmt.Errorf("finding a person by ЕСИА's number: %w", err)
	default:
		known, numberKnown = &record{row.ID, row.CreatedAt, row.Snils, row.SameHuman}, row.NumberKnown
	}
	if snilsDigits(p) == "" {
		return known, nil, numberKnown, nil
	}
	rows, err := q.PeopleWithSNILS(ctx, sqlcgen.PeopleWithSNILSParams{
		LastName: p.LastName, FirstName: p.FirstName, MiddleName: p.MiddleName, BirthDate: birthDate(p), Snils: snilsDigits(p),
	})
	if err != nil {
		return nil, nil, false, fmt.Errorf("finding a person by СНИЛС: %w", err)
	}
	for _, row := range rows {
		others = append(others, record{row.ID, row.CreatedAt, row.Snils, row.SameHuman})
	}
	return known, others, numberKnown, nil
}

func (s *Service) insertPerson(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID, p esia.Person) error {
	err := q.InsertPerson(ctx, sqlcgen.InsertPersonParams{
		ID: id, EsiaOid: p.OID, Snils: normalSNILS(p), LastName: p.LastName, FirstName: p.FirstName, MiddleName: p.MiddleName,
		BirthDate: birthDate(p), Email: p.Email, Phone: p.Phone, Inn: p.INN, SeenAt: s.Now().UTC(),
	})
	if err != nil {
		return fmt.Errorf("storing a person: %w", err)
	}
	return nil
}

func (s *Service) mergeAndUpdate(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID, merged []record, p esia.Person) error {
	for _, duplicate := range merged {
		if err := q.MergePeople(ctx, sqlcgen.MergePeopleParams{Duplicate: duplicate.ID, Kept: id}); err != nil {
			return fmt.Errorf("merging two records of a person: %w", err)
		}
		if err := s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{
			Kind: httpapi.EventPeopleMerged, Person: id, Subject: httpapi.SecuritySubject{Kind: "person", ID: duplicate.ID},
		}); err != nil {
			return err
		}
	}
	row, err := q.UpdatePerson(ctx, sqlcgen.UpdatePersonParams{
		ID: id, EsiaOid: p.OID, Snils: normalSNILS(p), LastName: p.LastName, FirstName: p.FirstName, MiddleName: p.MiddleName,
		BirthDate: birthDate(p), Email: p.Email, Phone: p.Phone, Inn: p.INN, SeenAt: s.Now().UTC(),
	})
	if err != nil {
		return fmt.Errorf("bringing a person up to date: %w", err)
	}
	if !row.Active {
		return &inactivePerson{problems.New(problems.AccountInactive), id}
	}
	return nil
}

// noSNILS is the value that some records have instead of an empty СНИЛС.
const noSNILS = "00000000000"

// snilsDigits returns the СНИЛС that identifies a human: 11 digits, or empty. It must agree with
// the SQL function snils_digits.
func snilsDigits(p esia.Person) string {
	if len(p.SNILS) != len(noSNILS) || p.SNILS == noSNILS {
		return ""
	}
	return p.SNILS
}

// normalSNILS formats the number as the registry does. Numbers from ЕСИА are not validated: a
// number in another format is returned unchanged.
func normalSNILS(p esia.Person) string {
	if normal, err := requisites.SNILSWellFormed(p.SNILS); err == nil {
		return normal
	}
	return p.SNILS
}

func birthDate(p esia.Person) *time.Time {
	if p.BirthDate.IsZero() {
		return nil
	}
	return &p.BirthDate
}
