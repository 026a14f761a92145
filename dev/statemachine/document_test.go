package main

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

func TestCommittedDocumentIsWhatTheRulesSay(t *testing.T) {
	committed, err := os.ReadFile("../../docs/state-machine.md")
	require.NoError(t, err)
	require.Equal(t, document(), string(committed), "run: go run ./dev/statemachine > docs/state-machine.md")
}

func TestDocumentNamesEverything(t *testing.T) {
	text := document()
	require.Equal(t, text, document(), "the same rules give the same document")
	for _, r := range order.Rules() {
		require.Contains(t, text, "| `"+string(r.Kind)+"` | "+r.Title+" |")
	}
	for _, c := range order.Codes() {
		require.Contains(t, text, "| `"+string(c)+"` | ")
	}
	require.Contains(t, text, "    acceptance --> registration : Принять и перейти к подписанию")
	require.Contains(t, text, "    [*] --> draft : Создать новый")
	require.NotContains(t, text, "payment --> registration")
	require.Equal(t, 0, strings.Count(text, "\n\n\n"))
}
