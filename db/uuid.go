package db

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// registerUUIDCodec makes a connection send a uuid.UUID as its sixteen bytes. Otherwise pgx treats
// the type as a driver.Valuer: it formats text, fails to send that as a uuid and parses it again,
// which costs several microseconds and a dozen allocations.
func registerUUIDCodec(_ context.Context, conn *pgx.Conn) error {
	types := conn.TypeMap()
	types.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapUUID}, types.TryWrapEncodePlanFuncs...)
	return nil
}

func wrapUUID(value any) (plan pgtype.WrappedEncodePlanNextSetter, next any, ok bool) {
	own, ok := asUUID(value)
	return &uuidPlan{}, own, ok
}

// asUUID converts a uuid.UUID to pgx's own type; a nil pointer becomes NULL.
func asUUID(value any) (own pgtype.UUID, ok bool) {
	switch v := value.(type) {
	case uuid.UUID:
		return pgtype.UUID{Bytes: v, Valid: true}, true
	case *uuid.UUID:
		if v == nil {
			return pgtype.UUID{}, true
		}
		return pgtype.UUID{Bytes: *v, Valid: true}, true
	}
	return pgtype.UUID{}, false
}

// uuidPlan converts the value and continues with the plan for pgx's own type.
type uuidPlan struct{ next pgtype.EncodePlan }

// SetNext sets the plan to continue with.
func (p *uuidPlan) SetNext(next pgtype.EncodePlan) { p.next = next }

// Encode appends the value to buf.
func (p *uuidPlan) Encode(value any, buf []byte) ([]byte, error) {
	own, _ := asUUID(value)
	return p.next.Encode(own, buf)
}
