package forms

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTextsAreParsed(t *testing.T) {
	_, err := Load()
	require.NoError(t, err)
}
