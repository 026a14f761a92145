package esia

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/require"
)

// encoding/json accepts names in any case and uses the last of two, so that an extra member
// overrode the right one.
func TestAmbiguousClaimIsRefused(t *testing.T) {
	var claims struct {
		SNILS string `json:"snils"`
	}
	read := func(text string) error {
		return decodePart(base64.RawURLEncoding.EncodeToString([]byte(text)), &claims)
	}
	require.NoError(t, read(`{"SNILS":"x","other":1}`))
	require.Empty(t, claims.SNILS, "another name")
	for _, text := range []string{
		`{"snils":"a","SNILS":"b"}`, `{"snils":"a","snils":"b"}`, `{"snils":"a","ſnils":"b"}`, `{"snils":"\u0000"}`, `{"snils":"\ud800"}`, "{\"snils\":\"\xc0\"}",
	} {
		require.Error(t, read(text), text)
	}
}
