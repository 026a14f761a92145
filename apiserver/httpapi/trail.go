package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
)

// SecurityKind is the kind of a security event. The web app has a title for each
// (web/src/features/moderation/security).
type SecurityKind string

// The kinds of security events.
const (
	EventSignedIn         SecurityKind = "signed-in"
	EventSignInRefused    SecurityKind = "sign-in-refused"
	EventSignedOut        SecurityKind = "signed-out"
	EventRoleChosen       SecurityKind = "role-chosen"
	EventSessionEnded     SecurityKind = "session-ended" // by its person, in another session
	EventRightEnded       SecurityKind = "right-ended"   // the person may no longer act for a party
	EventConsentGiven     SecurityKind = "consent-given"
	EventConsentRefused   SecurityKind = "consent-refused"
	EventConsentWithdrawn SecurityKind = "consent-withdrawn"
	EventNumberChanged    SecurityKind = "esia-number-changed"
	EventPeopleMerged     SecurityKind = "people-merged"
	EventIdentityConflict SecurityKind = "identity-conflict"
	eventDataOpened       SecurityKind = "data-opened"
	eventDecision         SecurityKind = "decision"
	EventAdmissionChanged SecurityKind = "admission-changed"
	EventAccountSwitched  SecurityKind = "account-switched" // by a moderator
	// EventRequisitesChanged and EventContactsChanged are changes of an account by its people.
	EventRequisitesChanged SecurityKind = "requisites-changed"
	EventContactsChanged   SecurityKind = "contacts-changed"
	// EventOrganisationRead is a reading of an organisation's data from ЕСИА, or its refusal.
	EventOrganisationRead SecurityKind = "organisation-read"
	// EventEmployerChanged means that an organisation began or ceased to be an employer.
	EventEmployerChanged   SecurityKind = "employer-changed"
	EventEmploymentChanged SecurityKind = "employment-changed"
	eventAccessRefused     SecurityKind = "access-refused"
	eventLimitReached      SecurityKind = "limit-reached"
)

// securityKinds are all of them.
var securityKinds = []SecurityKind{
	EventSignedIn, EventSignInRefused, EventSignedOut, EventRoleChosen, EventSessionEnded, EventRightEnded,
	EventConsentGiven, EventConsentRefused, EventConsentWithdrawn, EventNumberChanged, EventPeopleMerged,
	EventIdentityConflict, eventDataOpened, eventDecision, EventAdmissionChanged, EventRequisitesChanged,
	EventContactsChanged, EventOrganisationRead, EventEmployerChanged, EventEmploymentChanged, EventAccountSwitched, eventAccessRefused,
	eventLimitReached,
}

// Schema lists the kinds in the description of the API, for huma.
func (SecurityKind) Schema(huma.Registry) *huma.Schema { return wire.OneOf(securityKinds) }

// SecuritySubject is the person or object that an event concerned.
type SecuritySubject struct {
	Kind string // person, party, engineer, order, session or registry-run
	ID   uuid.UUID
}

// SecurityEvent is one entry of the security trail. The actor, his address and the request are
// taken from the context. Person, Role, Party and Session are set only where the context has none,
// as at sign-in.
type SecurityEvent struct {
	Kind    SecurityKind
	Person  uuid.UUID
	Role    string
	Party   uuid.UUID
	Session uuid.UUID
	Subject SecuritySubject
	// Code is the reason of a refusal; empty for what was done.
	Code string
	// Details contain ids, versions and counts, never names, tokens or free text.
	Details map[string]any
}

// maxUserAgent is the maximum stored length of a User-Agent header.
const maxUserAgent = 300

// RecordSecurityEvent appends to the security trail, in the caller's transaction if q belongs to
// one. If it fails, the caller must not perform the recorded action.
func (s *Server) RecordSecurityEvent(ctx context.Context, q *sqlcgen.Queries, e SecurityEvent) error {
	params, err := securityEventRow(ctx, e, s.options.Now().UTC())
	if err != nil {
		return err
	}
	if err := q.InsertSecurityEvent(ctx, params); err != nil {
		return fmt.Errorf("recording a security event: %w", err)
	}
	return nil
}

func securityEventRow(ctx context.Context, e SecurityEvent, now time.Time) (sqlcgen.InsertSecurityEventParams, error) {
	r, by := RequestFrom(ctx), SessionFrom(ctx)
	row := sqlcgen.InsertSecurityEventParams{
		Kind: string(e.Kind), HappenedAt: now, Role: string(by.Role), SubjectKind: e.Subject.Kind, SubjectID: wire.Optional(e.Subject.ID),
		PersonID: wire.Optional(wire.FirstID(e.Person, by.Person, r.Person)), PartyID: wire.Optional(wire.FirstID(e.Party, by.Party)),
		SessionID: wire.Optional(wire.FirstID(e.Session, by.ID)), Code: e.Code, Address: r.Address, UserAgent: r.UserAgent, RequestID: r.id,
		Details: []byte("{}"),
	}
	if e.Role != "" {
		row.Role = e.Role
	}
	if len(e.Details) > 0 {
		details, err := json.Marshal(e.Details)
		if err != nil {
			return row, fmt.Errorf("encoding the details of a security event: %w", err)
		}
		row.Details = details
	}
	return row, nil
}

// boundedText returns text as it may be stored: valid, printable, and at most longest letters.
func boundedText(text string, longest int) string {
	kept := make([]rune, 0, min(len(text), longest))
	for _, r := range strings.ToValidUTF8(text, "") {
		if len(kept) == longest {
			break
		}
		if unicode.IsPrint(r) {
			kept = append(kept, r)
		}
	}
	return string(kept)
}
