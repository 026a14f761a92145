package order

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"
)

// Temporal takes a signal from whoever can reach it. A message of a party therefore counts only if the platform kept the same
// one before it was sent, and a status only if the platform itself holds it of the engineer.

// Kept is what the platform kept of a message before it was sent.
type Kept struct {
	Order, Person string
	Kind          Kind
	// Digest is [Message.Digest] of what was sent; empty for a message kept by a version that knew no digests.
	Digest string
	// At is when the platform took the message over.
	At time.Time
}

// Digest is the hash of everything in a message by which its order judges it, and of the order. The same JSON with other spaces
// or with HTML escaped has the same digest: that is what encoders change on the way.
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

// NeedsKeeping reports whether a message counts only if the platform kept it first: everything that a party of the order says,
// and the operator's restart, which `worker order restart` keeps.
func NeedsKeeping(m Message) bool {
	switch m.Actor.Role {
	case RoleCustomer, RoleEngineer, RoleEmployer, RoleModerator:
		return true
	}
	return m.Kind == RestartOrder
}

// Covers reports whether this is the message that was kept. k is nil where none was.
func (k *Kept) Covers(m Message, orderID string) bool {
	if k == nil || k.Order != orderID || k.Kind != m.Kind || k.Person != m.Actor.Person {
		return false
	}
	if k.Digest == "" {
		return true
	}
	digest, err := m.Digest(orderID)
	return err == nil && digest == k.Digest
}

// Held is what the platform itself holds of an engineer by one source.
type Held struct {
	Active bool
	AsOf   time.Time
	// Person is the moderator who decided; empty for the registry.
	Person string
}

// HeldBy names the engineer and the source whose word the platform must hold for the message to count, empty where it need not.
// A moderator's word on one order comes over the API and is kept; his decision on an engineer is held.
func HeldBy(m Message) (engineer string, source Source) {
	switch {
	case m.Kind == RegistryStatus && m.Actor.Role == RoleRegistry:
		source = BySourceRegistry
	case m.Kind == ModeratorStatus && m.Actor.Role == RoleModerator:
		source = BySourceModerator
	default:
		return "", ""
	}
	if st, refused := decodeDetails[Standing](m); refused == nil {
		return st.Engineer, source
	}
	return "", source
}

// Holds compares a status message with what the platform holds: it is held, or overtaken by a newer word of the same source,
// or neither. h is nil where the platform holds nothing.
func (h *Held) Holds(m Message) (held, overtaken bool) {
	st, refused := decodeDetails[Standing](m)
	st.AsOf = st.AsOf.Truncate(time.Microsecond) // as the platform holds it
	switch {
	case h == nil || refused != nil:
		return false, false
	case st.AsOf.After(h.AsOf):
		return false, false
	case st.AsOf.Equal(h.AsOf):
		return st.Active == h.Active && m.Actor.Person == h.Person, false
	case m.Kind == RegistryStatus && st.Active == h.Active: // its entry has changed since, its status has not
		return true, false
	}
	return false, true
}
