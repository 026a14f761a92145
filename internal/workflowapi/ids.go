package workflowapi

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// The namespaces of message ids. The HTTP API cannot produce an id of the platform's own sources,
// because its ids always include the session's person and role.
var (
	httpNamespace     = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b001")
	registryNamespace = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b002")
	platformNamespace = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b003")
	orderNamespace    = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b004")
	bodyNamespace     = uuid.MustParse("7a0c3f5e-5d0b-4d6c-9a55-0a3a1de7b005")
)

// derive returns a UUID of the parts. They are encoded as JSON, so that different lists of parts
// cannot give the same text.
func derive(namespace uuid.UUID, parts ...string) uuid.UUID {
	joined, err := json.Marshal(parts)
	if err != nil { // strings always marshal
		panic(err)
	}
	return uuid.NewSHA1(namespace, joined)
}

// HTTPMessageID returns the id of a message that a person sends through the API. The id includes
// the person, so the idempotency keys of two people cannot collide.
func HTTPMessageID(a order.Actor, orderID uuid.UUID, kind order.Kind, key string) uuid.UUID {
	return derive(httpNamespace, a.Person, string(a.Role), a.Party, orderID.String(), string(kind), key)
}

// NewOrderID returns the id of the order that a person creates under an idempotency key.
func NewOrderID(a order.Actor, key string) uuid.UUID {
	return derive(orderNamespace, a.Person, string(a.Role), a.Party, key)
}

// BodyID returns the id of the text of a message. The same text of the same message has one row.
func BodyID(messageID uuid.UUID, sha256 string) uuid.UUID {
	return derive(bodyNamespace, messageID.String(), sha256)
}

// StatusMessageID returns the id of the message that sends one order the status that a source gives
// an engineer. The same status as of the same moment always has the same id.
func StatusMessageID(source order.Source, orderID uuid.UUID, st order.EngineerStatus) uuid.UUID {
	return derive(registryNamespace, string(source), orderID.String(), st.Engineer, strconv.FormatBool(st.Active),
		st.AsOf.UTC().Format(time.RFC3339Nano))
}

// EmploymentID returns the id of the tie between an engineer and an employer.
func EmploymentID(engineer, employer uuid.UUID) uuid.UUID {
	return derive(httpNamespace, "employment", engineer.String(), employer.String())
}

// EmploymentEventID returns the id of a person's change of an employment under an idempotency key.
func EmploymentEventID(a order.Actor, employment uuid.UUID, verb, key string) uuid.UUID {
	return derive(httpNamespace, "employment-event", a.Person, string(a.Role), a.Party, employment.String(), verb, key)
}

// MissedRunID returns the id of the report that no run began at that moment.
func MissedRunID(due time.Time) uuid.UUID {
	return derive(registryNamespace, "missed", due.UTC().Format(time.RFC3339))
}

// DueMessageID returns the id of the message that a deadline has come.
func DueMessageID(orderID string, d order.Due) uuid.UUID {
	return derive(platformNamespace, "due", orderID, d.ID, strconv.FormatInt(d.At.UnixMilli(), 10))
}

// EffectMessageID returns the id of the message that an effect has ended.
func EffectMessageID(orderID, effectKey string) uuid.UUID {
	return derive(platformNamespace, "effect", orderID, effectKey)
}

// UnreadableMessageID returns the id for a signal that carries no message id.
func UnreadableMessageID(orderID string, seq int) uuid.UUID {
	return derive(platformNamespace, "unreadable", orderID, strconv.Itoa(seq))
}
