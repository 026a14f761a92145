package db

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/stretchr/testify/require"
)

// UUIDs of every Go type that the queries use are sent unchanged, at little cost.
func TestUUIDsAreSentUnchanged(t *testing.T) {
	types := pgtype.NewMap()
	types.TryWrapEncodePlanFuncs = append([]pgtype.TryWrapEncodePlanFunc{wrapUUID}, types.TryWrapEncodePlanFuncs...)
	id := uuid.New()
	for _, value := range []any{id, &id} {
		sent, err := types.Encode(pgtype.UUIDOID, pgtype.BinaryFormatCode, value, nil)
		require.NoError(t, err)
		require.Equal(t, id[:], sent)
	}
	null, err := types.Encode(pgtype.UUIDOID, pgtype.BinaryFormatCode, (*uuid.UUID)(nil), nil)
	require.NoError(t, err)
	require.Nil(t, null)
	many, err := types.Encode(pgtype.UUIDArrayOID, pgtype.BinaryFormatCode, []uuid.UUID{id, id}, nil)
	require.NoError(t, err)
	var read []uuid.UUID
	require.NoError(t, types.Scan(pgtype.UUIDArrayOID, pgtype.BinaryFormatCode, many, &read))
	require.Equal(t, []uuid.UUID{id, id}, read)

	var value any = id
	buf := make([]byte, 0, 64)
	allocations := testing.AllocsPerRun(100, func() { _, _ = types.Encode(pgtype.UUIDOID, pgtype.BinaryFormatCode, value, buf) })
	require.LessOrEqual(t, allocations, 2.0, "pgx's default needs about twenty")
}
