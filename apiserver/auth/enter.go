package auth

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/esia"
	"epkr/internal/order"
)

// enter updates the person's records and opens a session in one transaction. Every sign-in reads
// again whom the person represents. A renewal must be by the same person and keeps his role.
func (s *Service) enter(ctx context.Context, login takenLogin, fetched identity) (token string, err error) {
	var previous Choice
	if login.Renews != nil {
		if previous, err = s.currentRole(ctx); err != nil {
			return "", err
		}
	}
	for {
		err = s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
			token, err = s.enterIn(ctx, q, login, fetched, previous)
			return err
		})
		if !errors.Is(err, db.ErrEmployerChanged) {
			return token, err
		}
	}
}

func (s *Service) enterIn(ctx context.Context, q *sqlcgen.Queries, login takenLogin, fetched identity, previous Choice) (token string, err error) {
	changed, err := lockOfSignIn(ctx, q, login, fetched)
	if err != nil {
		return "", err
	}
	person, err := s.updatePerson(ctx, q, fetched.person)
	if err != nil {
		return "", err
	}
	if err := checkRenewal(ctx, q, login, person); err != nil {
		return "", err
	}
	if err := s.updateParties(ctx, q, person, fetched); err != nil {
		return "", err
	}
	if err := s.updateOrganisation(ctx, q, login, person, fetched); err != nil {
		return "", err
	}
	if err := linkEngineer(ctx, q, person, fetched.person); err != nil {
		return "", err
	}
	if err := s.judgeEngineers(ctx, q, changed); err != nil {
		return "", err
	}
	return s.beginSession(ctx, q, login.state, person, previous)
}

// checkRenewal refuses a renewal by a person other than the one who asked for it.
func checkRenewal(ctx context.Context, q *sqlcgen.Queries, login takenLogin, person uuid.UUID) error {
	if login.Renews == nil || *login.Renews == person {
		return nil
	}
	human, err := q.CanonicalPerson(ctx, *login.Renews) // this sign-in may have merged his records
	if err != nil {
		return fmt.Errorf("finding the human behind a record: %w", err)
	}
	if human != person {
		return problems.New(problems.OtherPerson)
	}
	return nil
}

// updateParties stores the person's own account and the accounts of everybody for whom he may act,
// and ends all other representations.
func (s *Service) updateParties(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, fetched identity) error {
	if _, err := q.UpsertOwnParty(ctx, sqlcgen.UpsertOwnPartyParams{
		ID: uuid.New(), Kind: string(order.NaturalPerson), PersonID: &person, Inn: fetched.person.INN, Address: fetched.person.Address,
		Name: wire.FullName(fetched.person.LastName, fetched.person.FirstName, fetched.person.MiddleName),
	}); err != nil {
		return fmt.Errorf("storing the account of a person: %w", err)
	}
	before, err := q.ActsFor(ctx, person)
	if err != nil {
		return fmt.Errorf("reading whom a person acts for: %w", err)
	}
	now, kept := s.Now().UTC(), []uuid.UUID{}
	for _, role := range actingRoles(fetched.roles) {
		party, err := updateRepresented(ctx, q, person, fetched.person, role)
		if err != nil {
			return err
		}
		if err := q.UpsertRepresentative(ctx, sqlcgen.UpsertRepresentativeParams{
			PersonID: person, PartyID: party, Chief: role.Chief, ReadAt: now,
		}); err != nil {
			return fmt.Errorf("storing the organisations that a person represents: %w", err)
		}
		kept = append(kept, party)
	}
	if err := q.EndOtherRepresentations(ctx, sqlcgen.EndOtherRepresentationsParams{PersonID: person, Kept: kept, ReadAt: now}); err != nil {
		return fmt.Errorf("ending former representations: %w", err)
	}
	return s.recordEndedRights(ctx, q, person, before)
}

// recordEndedRights records in the security trail for which parties of before the person may no
// longer act.
func (s *Service) recordEndedRights(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, before []uuid.UUID) error {
	now, err := q.ActsFor(ctx, person)
	if err != nil {
		return fmt.Errorf("reading whom a person acts for: %w", err)
	}
	for _, party := range before {
		if slices.Contains(now, party) {
			continue
		}
		if err := s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{Kind: httpapi.EventRightEnded, Person: person, Subject: httpapi.SecuritySubject{Kind: "party", ID: party}}); err != nil {
			return err
		}
	}
	return nil
}

// esiaBusiness is the type of a sole proprietor among ЕСИА's organisations.
const esiaBusiness = "BUSINESS"

// actingRoles returns the roles that give an account: an organisation must have an ОГРН, and a sole
// proprietor's account belongs to its owner only. They are sorted by ОГРН, so that concurrent
// sign-ins lock the same rows in the same order.
func actingRoles(roles []esia.Role) []esia.Role {
	able := slices.DeleteFunc(slices.Clone(roles), func(r esia.Role) bool {
		return !r.MayAct() || r.OGRN == "" || (r.Type == esiaBusiness && !r.Chief)
	})
	slices.SortFunc(able, func(a, b esia.Role) int { return strings.Compare(a.OGRN, b.OGRN) })
	return able
}

func updateRepresented(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, p esia.Person, role esia.Role) (uuid.UUID, error) {
	kind, owner := string(order.OrganisationKind), (*uuid.UUID)(nil)
	if role.Type == esiaBusiness {
		kind, owner = string(order.SoleProprietor), &person
	}
	if err := q.ReleaseOrganisationNumber(ctx, sqlcgen.ReleaseOrganisationNumberParams{
		EsiaOid: &role.OrganisationOID, Kind: kind, Ogrn: role.OGRN, PersonID: owner,
	}); err != nil {
		return uuid.Nil, fmt.Errorf("freeing the ЕСИА number of an organisation: %w", err)
	}
	if role.Type == esiaBusiness {
		id, err := q.UpsertOwnParty(ctx, sqlcgen.UpsertOwnPartyParams{
			ID: uuid.New(), Kind: kind, PersonID: &person, EsiaOid: &role.OrganisationOID,
			Name: role.FullName, ShortName: role.ShortName, Ogrn: role.OGRN, Inn: p.INN, Address: p.Address,
		})
		if err != nil {
			return uuid.Nil, fmt.Errorf("storing the account of a sole proprietor: %w", err)
		}
		return id, nil
	}
	id, err := q.UpsertOrganisation(ctx, sqlcgen.UpsertOrganisationParams{
		ID: uuid.New(), EsiaOid: &role.OrganisationOID, Name: role.FullName, ShortName: role.ShortName, Ogrn: role.OGRN,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("storing the account of an organisation: %w", err)
	}
	return id, nil
}

// engineerSNILS returns the СНИЛС by which the registry knows the person; empty if ЕСИА gave none.
func engineerSNILS(p esia.Person) string {
	if snilsDigits(p) == "" {
		return ""
	}
	return normalSNILS(p)
}

// linkEngineer links the person to his entry in the registry, which it finds by СНИЛС.
func linkEngineer(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, p esia.Person) error {
	snils := engineerSNILS(p)
	if snils == "" { // ЕСИА returned none this time, which ends no link
		return nil
	}
	if err := q.UnlinkEngineer(ctx, sqlcgen.UnlinkEngineerParams{PersonID: &person, Snils: snils}); err != nil {
		return fmt.Errorf("unlinking a former entry of the registry: %w", err)
	}
	if err := q.LinkEngineer(ctx, sqlcgen.LinkEngineerParams{PersonID: &person, Snils: snils}); err != nil {
		return fmt.Errorf("linking a person to the registry: %w", err)
	}
	return nil
}

// currentRole returns the role of the browser's open session, or an empty one.
func (s *Service) currentRole(ctx context.Context) (Choice, error) {
	current, _, err := s.HTTP.ReadSession(ctx, httpapi.HashToken(s.HTTP.CookieValue(ctx, httpapi.SessionCookie)))
	if expired := (*problems.Problem)(nil); errors.As(err, &expired) {
		return Choice{}, nil
	}
	return Choice{Role: current.Role, Party: wire.Optional(current.Party)}, err
}

// beginSession opens a session in the previous role if the person still has it. If the person has
// only one role, it is chosen.
func (s *Service) beginSession(ctx context.Context, q *sqlcgen.Queries, state, person uuid.UUID, previous Choice) (string, error) {
	id := uuid.New()
	if old := s.HTTP.CookieValue(ctx, httpapi.SessionCookie); old != "" {
		if err := q.InheritLogins(ctx, sqlcgen.InheritLoginsParams{SessionID: &id, TokenHash: httpapi.HashToken(old), PersonID: person}); err != nil {
			return "", fmt.Errorf("moving the logins of the browser's former session: %w", err)
		}
		if err := q.DeleteSession(ctx, httpapi.HashToken(old)); err != nil {
			return "", fmt.Errorf("ending the browser's former session: %w", err)
		}
	}
	choices, err := s.choicesOf(ctx, q, person)
	if err != nil {
		return "", err
	}
	var chosen Choice
	if len(choices) == 1 {
		chosen = choices[0]
	}
	if at := slices.IndexFunc(choices, previous.same); at >= 0 {
		chosen = choices[at]
	}
	token, hash := httpapi.NewToken()
	now, from := s.Now().UTC(), httpapi.RequestFrom(ctx)
	if err := q.InsertSession(ctx, sqlcgen.InsertSessionParams{
		TokenHash: hash, ID: id, PersonID: person, Role: string(chosen.Role), PartyID: chosen.Party,
		Address: from.Address, UserAgent: from.UserAgent, CreatedAt: now, ExpiresAt: now.Add(s.SessionMax),
	}); err != nil {
		return "", fmt.Errorf("opening a session: %w", err)
	}
	if err := s.endOldestSessions(ctx, q, person); err != nil {
		return "", err
	}
	if err := q.FinishLogin(ctx, sqlcgen.FinishLoginParams{SessionID: &id, State: state}); err != nil {
		return "", fmt.Errorf("finishing a login: %w", err)
	}
	signedIn := httpapi.SecurityEvent{Kind: httpapi.EventSignedIn, Person: person, Session: id, Role: string(chosen.Role)}
	if chosen.Party != nil {
		signedIn.Party = *chosen.Party
	}
	return token, s.HTTP.RecordSecurityEvent(ctx, q, signedIn)
}

// endOldestSessions ends the oldest sessions above the limit. Sign-ins of one person run one after
// the other, because each locks his row.
func (s *Service) endOldestSessions(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID) error {
	kept := s.MaxSessions
	if kept == 0 {
		return nil
	}
	ended, err := q.EndOldestSessions(ctx, sqlcgen.EndOldestSessionsParams{PersonID: person, Kept: int32(kept)})
	if err != nil {
		return fmt.Errorf("ending the oldest sessions of a person: %w", err)
	}
	if ended > 0 {
		s.HTTP.CountThrottled("sessions", int(ended))
	}
	return nil
}
