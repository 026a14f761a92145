package messages

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCadastralNumbersAreParsedWithAnyColons(t *testing.T) {
	for given, want := range map[string]string{
		"77:01:0001001": "77:01:0001001", "77：01：0001001": "77:01:0001001", "77∶01∶0001001": "77:01:0001001", " 77:01: 000\u00ad1001 ": "77:01:0001001",
		"77:01:0001001:12": "77:01:0001001:12", "77：01：0001001：12": "77:01:0001001:12",
	} {
		number, err := cadastral(given)
		require.NoError(t, err, given)
		require.Equal(t, want, number)
	}
	for _, wrong := range []string{"", "77:01", "77:01:0001001:", "77:01:0001001:12 34", "77:01:0001001 77:01:0001002", "77:01:0001001:0"} {
		_, err := cadastral(wrong)
		require.Error(t, err, wrong)
	}
}
