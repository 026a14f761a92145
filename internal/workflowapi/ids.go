package workflowapi

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// The namespaces of message ids. Those of the platform's own sources cannot be reached over HTTP, where an id is always
// made of the session's person and role.
var (
	httpNamespace     = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b001")
	registryNamespace = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b002")
	platformNamespace = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b003")
	orderNamespace    = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b004")
	bodyNamespace     = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b005")
)

// derive joins the parts so that no two lists of parts give the same text.
func derive(namespace uuid.UUID, parts ...string) uuid.UUID {
	joined, err := json.Marshal(parts)
	if err != nil { // strings always marshal
		panic(err)
	}
	return uuid.NewSHA1(namespace, joined)
}

// HTTPMessageID is the id of a message that a person sends over the API: his own key cannot meet anybody else's.
func HTTPMessageID(a order.Actor, orderID uuid.UUID, kind order.Kind, key string) uuid.UUID {
	return derive(httpNamespace, a.Person, string(a.Role), a.Party, orderID.String(), string(kind), key)
}

// NewOrderID is the id of the order that a person creates under an idempotency key.
func NewOrderID(a order.Actor, key string) uuid.UUID {
	return derive(orderNamespace, a.Person, string(a.Role), a.Party, key)
}

// BodyID is the id of the text of a message; the same text of the same message is one row.
func BodyID(messageID uuid.UUID, sha256 string) uuid.UUID {
	return derive(bodyNamespace, messageID.String(), sha256)
}

// StandingMessageID is the id of one source's word on an engineer to one order: the same word of the same moment is one
// message, however often it is sent.
func StandingMessageID(source order.Source, orderID uuid.UUID, st order.Standing) uuid.UUID {
	return derive(registryNamespace, string(source), orderID.String(), st.Engineer, strconv.FormatBool(st.Active),
		st.AsOf.UTC().Format(time.RFC3339Nano))
}

// MissedRunID is the id of a night on which no run began.
func MissedRunID(due time.Time) uuid.UUID {
	return derive(registryNamespace, "missed", due.UTC().Format(time.RFC3339))
}

// DueMessageID is the id of a deadline that has come.
func DueMessageID(orderID string, d order.Due) uuid.UUID {
	return derive(platformNamespace, "due", orderID, d.ID, strconv.FormatInt(d.At.UnixMilli(), 10))
}

// EffectMessageID is the id of an effect that has ended.
func EffectMessageID(orderID, effectKey string) uuid.UUID {
	return derive(platformNamespace, "effect", orderID, effectKey)
}

// UnreadableMessageID is the id of a signal that carries none.
func UnreadableMessageID(orderID string, seq int) uuid.UUID {
	return derive(platformNamespace, "unreadable", orderID, strconv.Itoa(seq))
}
