package order

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDetailsWithFilesMustNameThem(t *testing.T) {
	type one struct{ File FileRef }
	type optional struct{ File *FileRef }
	type part struct{ Act *SignedAct }
	type many struct{ Files []FileRef }
	for _, details := range []any{one{}, optional{}, part{}, many{}} {
		require.ErrorContains(t, checkNamedFiles(details), "has no method named")
	}
	require.ErrorContains(t, checkNamedFiles(unlisted{}), "has no method list")
	require.NoError(t, checkNamedFiles(Terms{}))
	require.NoError(t, checkNamedFiles(SignedAct{}))
	require.NoError(t, checkNamedFiles(EngineerChoice{}))
}

// unlisted names its files and does not list them.
type unlisted struct{ Files []FileRef }

func (u unlisted) named() []FileRef { return u.Files }
