package api

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
)

// securityKind is what happened. The web app has a title for each (web/src/pages/moderation/security).
type securityKind string

const (
	eventSignedIn         securityKind = "signed-in"
	eventSignInRefused    securityKind = "sign-in-refused"
	eventSignedOut        securityKind = "signed-out"
	eventRoleChosen       securityKind = "role-chosen"
	eventSessionEnded     securityKind = "session-ended" // by its person, from another session
	eventRightEnded       securityKind = "right-ended"   // the person may not act for somebody any more
	eventConsentGiven     securityKind = "consent-given"
	eventConsentRefused   securityKind = "consent-refused"
	eventConsentWithdrawn securityKind = "consent-withdrawn"
	eventNumberChanged    securityKind = "esia-number-changed"
	eventPeopleMerged     securityKind = "people-merged"
	eventIdentityConflict securityKind = "identity-conflict"
	eventDataOpened       securityKind = "data-opened"
	eventDecision         securityKind = "decision"
	eventAdmissionChanged securityKind = "admission-changed"
	eventAccessRefused    securityKind = "access-refused"
	eventLimitReached     securityKind = "limit-reached"
)

// securitySubject is whom or what an event concerned.
type securitySubject struct {
	Kind string // person, party, engineer, order, session or registry-run
	ID   uuid.UUID
}

// securityEvent is one entry of the trail. Who acts, from where and at which request is taken from the context; Person, Role, Party and
// Session are set only where the context does not know them, as at sign-in.
type securityEvent struct {
	Kind    securityKind
	Person  uuid.UUID
	Role    string
	Party   uuid.UUID
	Session uuid.UUID
	Subject securitySubject
	// Code is why something was refused; empty for what was done.
	Code string
	// Details hold ids, versions and counts, never names, tokens or free text.
	Details map[string]any
}

// maxUserAgent bounds what is kept of a browser's description of itself.
const maxUserAgent = 300

// recordSecurityEvent appends to the trail within the caller's transaction, or by itself when q belongs to none. What is being recorded
// must not happen when this fails.
func (s *Server) recordSecurityEvent(ctx context.Context, q *sqlcgen.Queries, e securityEvent) error {
	params, err := securityEventRow(ctx, e, s.options.Now().UTC())
	if err != nil {
		return err
	}
	if err := q.InsertSecurityEvent(ctx, params); err != nil {
		return fmt.Errorf("recording a security event: %w", err)
	}
	return nil
}

func securityEventRow(ctx context.Context, e securityEvent, now time.Time) (sqlcgen.InsertSecurityEventParams, error) {
	r, by := requestFrom(ctx), sessionFrom(ctx)
	row := sqlcgen.InsertSecurityEventParams{
		Kind: string(e.Kind), HappenedAt: now, Role: string(by.Role), SubjectKind: e.Subject.Kind, SubjectID: optional(e.Subject.ID),
		PersonID: optional(firstID(e.Person, by.Person, r.person)), PartyID: optional(firstID(e.Party, by.Party)),
		SessionID: optional(firstID(e.Session, by.ID)), Code: e.Code, Address: r.address, UserAgent: r.userAgent, RequestID: r.id,
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
