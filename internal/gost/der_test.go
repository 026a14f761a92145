package gost

import (
	"encoding/asn1"
	"testing"

	"github.com/stretchr/testify/require"
)

// sequence returns a SEQUENCE of encoded members.
func sequence(t *testing.T, members ...[]byte) []byte {
	t.Helper()
	var content []byte
	for _, m := range members {
		content = append(content, m...)
	}
	der, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSequence, IsCompound: true, Bytes: content})
	require.NoError(t, err)
	return der
}

func encoded(t *testing.T, value any) []byte {
	t.Helper()
	der, err := asn1.Marshal(value)
	require.NoError(t, err)
	return der
}

// A key has exactly one encoding: extra members of a SEQUENCE are refused at every level.
func TestSurplusMembersAreRefused(t *testing.T) {
	traits := algorithms[GOST2012_256]
	curve := encoded(t, asn1.ObjectIdentifier{1, 2, 643, 2, 2, 35, 1})
	digest, null := encoded(t, traits.digest), encoded(t, asn1.NullRawValue)
	set, known := findParameterSet(GOST2012_256, asn1.ObjectIdentifier{1, 2, 643, 2, 2, 35, 1})
	require.True(t, known)
	point := make([]byte, 2*set.size)
	for i, coordinate := range [][]byte{set.curve.x.Bytes(), set.curve.y.Bytes()} {
		for k := range coordinate {
			point[i*set.size+k] = coordinate[len(coordinate)-1-k]
		}
	}
	key := encoded(t, asn1.BitString{Bytes: encoded(t, point), BitLength: 8 * len(encoded(t, point))})
	oid := encoded(t, traits.key)
	good := sequence(t, sequence(t, oid, sequence(t, curve, digest)), key)
	_, err := ParsePublicKey(good)
	require.NoError(t, err)
	for name, der := range map[string][]byte{
		"in the key":        sequence(t, sequence(t, oid, sequence(t, curve, digest)), key, null),
		"in the algorithm":  sequence(t, sequence(t, oid, sequence(t, curve, digest), null), key),
		"in the parameters": sequence(t, sequence(t, oid, sequence(t, curve, digest, curve, null)), key),
		"behind":            append(sequence(t, sequence(t, oid, sequence(t, curve, digest)), key), 0),
	} {
		_, err := ParsePublicKey(der)
		require.ErrorIs(t, err, ErrMalformedKey, name)
	}
}
