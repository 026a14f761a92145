package auth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/esia"
	"epkr/internal/order"
)

// The second pass through ЕСИА reads the organisation for which the person acts: the numbers and the
// address that contracts need. It is a renewal of the sign-in that also asks for the organisation, so
// the person's authority is read again. It never keeps anybody from working: if ЕСИА refuses it, the
// person goes on in his session.

// organisationEvery is how often the platform begins the second pass of an organisation by itself.
const organisationEvery = 24 * time.Hour

// The codes of readings that stored nothing, besides ЕСИА's.
const (
	codeOtherOrganisation = "organisation_differs" // ЕСИА answered with another ОГРН
	codeNoRight           = "role_unavailable"     // the person may no longer act for it
)

// organisationOf returns the organisation of the session to read, with its number in ЕСИА.
func (s *Service) organisationOf(ctx context.Context, current httpapi.Session) (id *uuid.UUID, oid string, err error) {
	if current.RoleProblem != "" || current.PartyKind != string(order.OrganisationKind) {
		return nil, "", problems.New(problems.WrongRole)
	}
	row, err := s.Store.OrganisationToRead(ctx, current.Party)
	if err != nil {
		return nil, "", fmt.Errorf("finding the organisation to read: %w", err)
	}
	if row.EsiaOid == "" {
		return nil, "", problems.New(problems.RoleUnavailable)
	}
	return &current.Party, row.EsiaOid, nil
}

// organisationIsDue reports whether the platform should read the organisation of a choice now.
func (s *Service) organisationIsDue(ctx context.Context, chosen Choice) (bool, error) {
	if chosen.Kind != string(order.OrganisationKind) {
		return false, nil
	}
	row, err := s.Store.OrganisationToRead(ctx, *chosen.Party)
	if err != nil {
		return false, fmt.Errorf("finding when an organisation was read: %w", err)
	}
	return row.EsiaOid != "" && (row.RequisitesTriedAt == nil || s.Now().Sub(*row.RequisitesTriedAt) >= organisationEvery), nil
}

// withoutOrganisation lets the person go on where a second pass cannot begin.
func (s *Service) withoutOrganisation(ctx context.Context, err error, returnTo string) (*redirect, error) {
	own := (*problems.Problem)(nil)
	if esia.CodeOf(err) == "" && !errors.As(err, &own) {
		return nil, err
	}
	if own == nil {
		httpapi.RequestFrom(ctx).Failure = err
	}
	return &redirect{Location: returnTo}, nil
}

// request returns the pass through ЕСИА that a login makes: authorisation and token need the same.
func (s *Service) request(state, organisationOID string) esia.Request {
	if organisationOID == "" {
		return s.ESIA.PersonRequest(state, s.Redirect)
	}
	return s.ESIA.OrganisationRequest(state, s.Redirect, organisationOID)
}

// organisationRefused lets the person go on in his session when ЕСИА refused the second pass. Only
// ЕСИА's own refusals are of this kind: a refusal by the platform, and of a closed or unconfirmed
// account, is one of the sign-in. It returns nil for those.
func (s *Service) organisationRefused(ctx context.Context, login takenLogin, refused error) (*redirect, error) {
	code := esia.CodeOf(refused)
	if login.OrganisationID == nil || code == "" || slices.Contains([]esia.Code{esia.CodeInactive, esia.CodeUnconfirmed, esia.CodeStateMismatch}, code) {
		return nil, nil
	}
	current, _, err := s.HTTP.ReadSession(ctx, httpapi.HashToken(s.HTTP.CookieValue(ctx, httpapi.SessionCookie)))
	if err != nil {
		return nil, nil //nolint:nilerr // without a session there is nothing to go on with
	}
	if login.Renews == nil || current.Person != *login.Renews {
		return nil, nil
	}
	if code != esia.CodeRefusedByUser {
		httpapi.RequestFrom(ctx).Failure = refused
	}
	err = s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := s.organisationNotRead(ctx, q, *login.OrganisationID, string(code), current); err != nil {
			return err
		}
		// A repeated callback leads on as this one does.
		return finishLoginIn(ctx, q, login.state, current.ID)
	})
	if err != nil {
		return nil, err
	}
	if err := s.endLogin(ctx); err != nil {
		return nil, err
	}
	if code == esia.CodeNotEmployee { // read whom he represents, which ends the role if that is so
		return &redirect{Location: "/api/auth/login?" + url.Values{"renew": {"true"}, "returnTo": {login.ReturnTo}}.Encode()}, nil
	}
	return &redirect{Location: login.ReturnTo}, nil
}

func finishLoginIn(ctx context.Context, q *sqlcgen.Queries, state, session uuid.UUID) error {
	if err := q.FinishLogin(ctx, sqlcgen.FinishLoginParams{SessionID: &session, State: state}); err != nil {
		return fmt.Errorf("finishing a login: %w", err)
	}
	return nil
}

// organisationNotRead records an attempt that stored nothing.
func (s *Service) organisationNotRead(ctx context.Context, q *sqlcgen.Queries, party uuid.UUID, code string, by httpapi.Session) error {
	now := s.Now().UTC()
	if err := q.OrganisationTried(ctx, sqlcgen.OrganisationTriedParams{ID: party, TriedAt: &now}); err != nil {
		return fmt.Errorf("recording that an organisation was not read: %w", err)
	}
	return s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{
		Kind: httpapi.EventOrganisationRead, Person: by.Person, Session: by.ID, Role: string(by.Role), Party: by.Party,
		Subject: httpapi.SecuritySubject{Kind: "party", ID: party}, Code: code,
	})
}

// updateOrganisation stores what ЕСИА reported of the organisation of a second pass, if the person
// may still act for it and it is the same organisation.
func (s *Service) updateOrganisation(ctx context.Context, q *sqlcgen.Queries, login takenLogin, person uuid.UUID, fetched identity) error {
	if login.OrganisationID == nil {
		return nil
	}
	party, by := *login.OrganisationID, httpapi.Session{Person: person}
	acts, err := q.ActsFor(ctx, person)
	if err != nil {
		return fmt.Errorf("reading whom a person acts for: %w", err)
	}
	if !slices.Contains(acts, party) {
		return s.organisationNotRead(ctx, q, party, codeNoRight, by)
	}
	if fetched.organisation == nil {
		httpapi.RequestFrom(ctx).Failure = fetched.organisationErr
		return s.organisationNotRead(ctx, q, party, string(esia.CodeOf(fetched.organisationErr)), by)
	}
	known, err := q.OrganisationToRead(ctx, party)
	if err != nil {
		return fmt.Errorf("finding the organisation that was read: %w", err)
	}
	o := *fetched.organisation
	if o.OGRN != known.Ogrn || known.EsiaOid != login.OrganisationOid {
		return s.organisationNotRead(ctx, q, party, codeOtherOrganisation, by)
	}
	now := s.Now().UTC()
	if err := q.SaveOrganisation(ctx, sqlcgen.SaveOrganisationParams{
		ID: party, Inn: o.INN, Kpp: o.KPP, Address: o.Address, Email: o.Email, Phone: o.Phone, HeadName: headName(fetched, o.OID), ReadAt: &now,
	}); err != nil {
		return fmt.Errorf("storing what ЕСИА reported of an organisation: %w", err)
	}
	if err := db.RefreshEmployees(ctx, q, party); err != nil {
		return err
	}
	return s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{
		Kind: httpapi.EventOrganisationRead, Person: person, Subject: httpapi.SecuritySubject{Kind: "party", ID: party},
	})
}

// headName returns the person's name if he heads the organisation; ЕСИА names no other head.
func headName(fetched identity, oid string) string {
	for _, role := range fetched.roles {
		if role.OrganisationOID == oid && role.Chief {
			return wire.FullName(fetched.person.LastName, fetched.person.FirstName, fetched.person.MiddleName)
		}
	}
	return ""
}
