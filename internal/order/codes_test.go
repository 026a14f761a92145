package order_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

func texts[T ~string](codes []T) []string {
	all := make([]string, len(codes))
	for i, c := range codes {
		all[i] = string(c)
	}
	return all
}

func TestCodesListsEveryConstant(t *testing.T) {
	for _, test := range []struct {
		typeName, file string
		listed         []string
	}{
		{"Kind", "message.go", texts(order.Kinds())},
		{"DocumentKind", "documents.go", texts(order.DocumentKinds())},
		{"Role", "party.go", texts(order.Roles())},
		{"CustomerKind", "party.go", texts(order.CustomerKinds())},
		{"Cause", "state.go", texts(order.Causes())},
		{"Source", "state.go", texts(order.Sources())},
		{"Way", "details.go", texts(order.Ways())},
		{"Ground", "details.go", texts(order.Grounds())},
		{"Stage", "stage.go", append(texts(order.Stages()), string(order.Deleted))},
	} {
		require.ElementsMatch(t, constants(t, test.typeName, test.file), test.listed, test.typeName)
	}
}
