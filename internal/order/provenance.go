package order

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Temporal accepts a signal from anybody who can reach it. A party's message therefore counts only
// if the platform stored the same message before it was sent. A status counts only if the platform
// has stored it for the engineer.

// StoredMessage is what the platform stored of a message before it was sent.
type StoredMessage struct {
	Order, Person string
	Kind          Kind
	// Digest is [Message.Digest] of the sent message; empty for messages stored before digests
	// existed.
	Digest string
	// At is when the platform received the message.
	At time.Time
}

// Digest returns a hash of the order and of everything in a message that the decision reads.
// Encoders may change spaces and escape HTML on the way; the digest stays the same.
func (m Message) Digest(orderID string) (string, error) {
	var details bytes.Buffer
	if len(m.Details) > 0 {
		var compact bytes.Buffer
		if err := json.Compact(&compact, m.Details); err != nil {
			return "", fmt.Errorf("hashing a message: %w", err)
		}
		json.HTMLEscape(&details, compact.Bytes())
	}
	var body BodyRef
	if m.Body != nil {
		body = *m.Body
	}
	whole, err := json.Marshal([]string{
		orderID, m.ID, string(m.Kind), string(m.Actor.Role), m.Actor.Person, m.Actor.Party,
		m.ReceivedAt.UTC().Format(time.RFC3339Nano), body.ID, body.SHA256, details.String(), m.Reason,
	})
	if err != nil {
		return "", fmt.Errorf("hashing a message: %w", err)
	}
	sum := sha256.Sum256(whole)
	return hex.EncodeToString(sum[:]), nil
}

// MustBeStored reports whether a message counts only if the platform stored it first: every message
// of a party of the order, and the operator's restart, which `worker order restart` stores.
func MustBeStored(m Message) bool {
	switch m.Actor.Role {
	case RoleCustomer, RoleEngineer, RoleEmployer, RoleModerator:
		return true
	}
	return m.Kind == RestartOrder
}

// Matches reports whether m is the stored message. s is nil if none was stored.
func (s *StoredMessage) Matches(m Message, orderID string) bool {
	if s == nil || s.Order != orderID || s.Kind != m.Kind || s.Person != m.Actor.Person {
		return false
	}
	if s.Digest == "" {
		return true
	}
	digest, err := m.Digest(orderID)
	return err == nil && digest == s.Digest
}

// StoredStatus is the status that the platform itself stores for an engineer from one source.
type StoredStatus struct {
	Active bool
	AsOf   time.Time
	// Person is the moderator or the employer's person who decided; empty for the registry.
	Person string
}

// RequiredStatusSource returns the engineer and the source whose status the platform must have stored for
// the message to count; the source is empty if none is needed. A moderator's message on one order
// comes through the API and is stored as a message; his decision on an engineer is stored as a
// status. The same holds for an employer, whose status is that of the engineer at this employer.
func RequiredStatusSource(m Message) (engineer string, source Source) {
	switch {
	case m.Kind == RegistryStatus && m.Actor.Role == RoleRegistry:
		source = BySourceRegistry
	case m.Kind == ModeratorStatus && m.Actor.Role == RoleModerator:
		source = BySourceModerator
	case m.Kind == EmployerStatus && m.Actor.Role == RoleEmployer:
		source = BySourceEmployer
	default:
		return "", ""
	}
	if st, refused := decodeDetails[EngineerStatus](m); refused == nil {
		return st.Engineer, source
	}
	return "", source
}

// Compare compares a status message with the stored status: confirmed means that they match,
// superseded that the source has sent a newer one since. Both are false for a status that was never
// stored. s is nil if the platform stores none.
func (s *StoredStatus) Compare(m Message) (confirmed, superseded bool) {
	st, refused := decodeDetails[EngineerStatus](m)
	st.AsOf = st.AsOf.Truncate(time.Microsecond) // the precision of the stored status
	switch {
	case s == nil || refused != nil:
		return false, false
	case st.AsOf.After(s.AsOf):
		return false, false
	case st.AsOf.Equal(s.AsOf):
		return st.Active == s.Active && m.Actor.Person == s.Person, false
	case m.Kind == RegistryStatus && st.Active == s.Active: // the registry entry has changed since, the status has not
		return true, false
	}
	return false, true
}
