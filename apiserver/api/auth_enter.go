package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/esia"
	"epkr/internal/order"
	"epkr/internal/requisites"
)

// enter brings what the platform knows of a person up to date and opens a session for him, in one transaction. Whom he
// represents is re-read here, at every sign-in. Whoever renews (renews is not nil) must be the same person, and goes on in the
// role that he had.
func (s *Server) enter(ctx context.Context, known identity, renews *uuid.UUID) (token string, err error) {
	var kept choice
	if renews != nil {
		if kept, err = s.roleToKeep(ctx); err != nil {
			return "", err
		}
	}
	err = s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		person, err := s.updatePerson(ctx, q, known.person)
		if err != nil {
			return err
		}
		if renews != nil && *renews != person {
			return problem(codeOtherPerson)
		}
		if err := s.updateParties(ctx, q, person, known); err != nil {
			return err
		}
		if err := linkEngineer(ctx, q, person, known.person); err != nil {
			return err
		}
		token, err = s.beginSession(ctx, q, person, known.person.OID, kept)
		return err
	})
	return token, err
}

func (s *Server) updatePerson(ctx context.Context, q *sqlcgen.Queries, p esia.Person) (uuid.UUID, error) {
	row, err := q.UpsertPerson(ctx, sqlcgen.UpsertPersonParams{
		ID: uuid.New(), EsiaOid: p.OID, Snils: normalSNILS(p), LastName: p.LastName, FirstName: p.FirstName, MiddleName: p.MiddleName,
		Email: p.Email, Phone: p.Phone, Inn: p.INN, SeenAt: s.Now().UTC(),
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("keeping a person: %w", err)
	}
	if !row.Active {
		return uuid.Nil, problem(codeAccountInactive)
	}
	return row.ID, nil
}

// normalSNILS writes the number as the registry does. ЕСИА's numbers are never judged, so one of another form stays as it is.
func normalSNILS(p esia.Person) string {
	if normal, err := requisites.SNILSWellFormed(p.SNILS); err == nil {
		return normal
	}
	return p.SNILS
}

// updateParties keeps the person's own account, and those of everybody whom he may act for; the others he represents no more.
func (s *Server) updateParties(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, known identity) error {
	if _, err := q.UpsertOwnParty(ctx, sqlcgen.UpsertOwnPartyParams{
		ID: uuid.New(), Kind: string(order.NaturalPerson), PersonID: &person, Inn: known.person.INN,
		Name: fullName(known.person.LastName, known.person.FirstName, known.person.MiddleName),
	}); err != nil {
		return fmt.Errorf("keeping the account of a person: %w", err)
	}
	now, kept := s.Now().UTC(), []uuid.UUID{}
	for _, role := range actable(known.roles) {
		party, err := updateRepresented(ctx, q, person, known.person, role)
		if err != nil {
			return err
		}
		if err := q.UpsertRepresentative(ctx, sqlcgen.UpsertRepresentativeParams{
			PersonID: person, PartyID: party, Chief: role.Chief, ReadAt: now,
		}); err != nil {
			return fmt.Errorf("keeping whom a person represents: %w", err)
		}
		kept = append(kept, party)
	}
	if err := q.EndOtherRepresentations(ctx, sqlcgen.EndOtherRepresentationsParams{PersonID: person, Kept: kept, ReadAt: now}); err != nil {
		return fmt.Errorf("ending former representations: %w", err)
	}
	return nil
}

// esiaBusiness is the type of an ИП among ЕСИА's organisations.
const esiaBusiness = "BUSINESS"

// actable are the roles that make an account: an organisation is known by its ОГРН, and an ИП belongs to its owner only. They
// come in the order of ОГРН, so that two people who sign in at once lock the same rows in the same order.
func actable(roles []esia.Role) []esia.Role {
	able := slices.DeleteFunc(slices.Clone(roles), func(r esia.Role) bool {
		return !r.MayAct() || r.OGRN == "" || (r.Type == esiaBusiness && !r.Chief)
	})
	slices.SortFunc(able, func(a, b esia.Role) int { return strings.Compare(a.OGRN, b.OGRN) })
	return able
}

func updateRepresented(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, p esia.Person, role esia.Role) (uuid.UUID, error) {
	kind := string(order.OrganisationKind)
	if role.Type == esiaBusiness {
		kind = string(order.SoleProprietor)
	}
	if err := q.ReleaseOrganisationNumber(ctx, sqlcgen.ReleaseOrganisationNumberParams{
		EsiaOid: &role.OrganisationOID, Kind: kind, Ogrn: role.OGRN,
	}); err != nil {
		return uuid.Nil, fmt.Errorf("freeing the ЕСИА number of an organisation: %w", err)
	}
	if role.Type == esiaBusiness {
		id, err := q.UpsertOwnParty(ctx, sqlcgen.UpsertOwnPartyParams{
			ID: uuid.New(), Kind: kind, PersonID: &person, EsiaOid: &role.OrganisationOID,
			Name: role.FullName, ShortName: role.ShortName, Ogrn: role.OGRN, Inn: p.INN,
		})
		if err != nil {
			return uuid.Nil, fmt.Errorf("keeping the account of a sole proprietor: %w", err)
		}
		return id, nil
	}
	id, err := q.UpsertOrganisation(ctx, sqlcgen.UpsertOrganisationParams{
		ID: uuid.New(), EsiaOid: &role.OrganisationOID, Name: role.FullName, ShortName: role.ShortName, Ogrn: role.OGRN,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("keeping the account of an organisation: %w", err)
	}
	return id, nil
}

// linkEngineer gives the person his entry of the registry, which is found by СНИЛС.
func linkEngineer(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, p esia.Person) error {
	snils := normalSNILS(p)
	if err := q.UnlinkEngineer(ctx, sqlcgen.UnlinkEngineerParams{PersonID: &person, Snils: snils}); err != nil {
		return fmt.Errorf("unlinking a former entry of the registry: %w", err)
	}
	if snils == "" {
		return nil
	}
	if err := q.LinkEngineer(ctx, sqlcgen.LinkEngineerParams{PersonID: &person, Snils: snils}); err != nil {
		return fmt.Errorf("linking a person to the registry: %w", err)
	}
	return nil
}

// roleToKeep is the role of the browser's living session, empty without one.
func (s *Server) roleToKeep(ctx context.Context) (choice, error) {
	current, _, err := s.readSession(ctx, hashToken(s.cookieValue(ctx, sessionCookie)))
	if over := (*Problem)(nil); errors.As(err, &over) {
		return choice{}, nil
	}
	return choice{Role: current.Role, Party: optional(current.Party)}, err
}

// beginSession opens a session in the role to keep, if the person still has it; the only role that he has is chosen for him.
func (s *Server) beginSession(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, oid string, kept choice) (string, error) {
	if old := s.cookieValue(ctx, sessionCookie); old != "" {
		if err := q.DeleteSession(ctx, hashToken(old)); err != nil {
			return "", fmt.Errorf("ending the browser's former session: %w", err)
		}
	}
	choices, err := s.choicesOf(ctx, q, person, oid)
	if err != nil {
		return "", err
	}
	var chosen choice
	if len(choices) == 1 {
		chosen = choices[0]
	}
	if at := slices.IndexFunc(choices, kept.same); at >= 0 {
		chosen = choices[at]
	}
	token, hash := newToken()
	now := s.Now().UTC()
	if err := q.InsertSession(ctx, sqlcgen.InsertSessionParams{
		TokenHash: hash, ID: uuid.New(), PersonID: person, Role: string(chosen.Role), PartyID: chosen.Party,
		CreatedAt: now, ExpiresAt: now.Add(s.Config.SessionMax),
	}); err != nil {
		return "", fmt.Errorf("opening a session: %w", err)
	}
	return token, nil
}
