package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
)

// SecurityKind is what happened. The web app has a title for each (web/src/features/moderation/security).
type SecurityKind string

// What happens.
const (
	EventSignedIn         SecurityKind = "signed-in"
	EventSignInRefused    SecurityKind = "sign-in-refused"
	EventSignedOut        SecurityKind = "signed-out"
	EventRoleChosen       SecurityKind = "role-chosen"
	EventSessionEnded     SecurityKind = "session-ended" // by its person, from another session
	EventRightEnded       SecurityKind = "right-ended"   // the person may not act for somebody any more
	EventConsentGiven     SecurityKind = "consent-given"
	EventConsentRefused   SecurityKind = "consent-refused"
	EventConsentWithdrawn SecurityKind = "consent-withdrawn"
	EventNumberChanged    SecurityKind = "esia-number-changed"
	EventPeopleMerged     SecurityKind = "people-merged"
	EventIdentityConflict SecurityKind = "identity-conflict"
	eventDataOpened       SecurityKind = "data-opened"
	eventDecision         SecurityKind = "decision"
	EventAdmissionChanged SecurityKind = "admission-changed"
	eventAccessRefused    SecurityKind = "access-refused"
	eventLimitReached     SecurityKind = "limit-reached"
)

// SecuritySubject is whom or what an event concerned.
type SecuritySubject struct {
	Kind string // person, party, engineer, order, session or registry-run
	ID   uuid.UUID
}

// SecurityEvent is one entry of the trail. Who acts, from where and at which request is taken from the context; Person, Role, Party and
// Session are set only where the context does not know them, as at sign-in.
type SecurityEvent struct {
	Kind    SecurityKind
	Person  uuid.UUID
	Role    string
	Party   uuid.UUID
	Session uuid.UUID
	Subject SecuritySubject
	// Code is why something was refused; empty for what was done.
	Code string
	// Details hold ids, versions and counts, never names, tokens or free text.
	Details map[string]any
}

// maxUserAgent bounds what is kept of a browser's description of itself.
const maxUserAgent = 300

// RecordSecurityEvent appends to the trail within the caller's transaction, or by itself when q belongs to none. What is being recorded
// must not happen when this fails.
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

// boundedText is text as a database can keep it: valid, printable, and no longer than so many letters.
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
