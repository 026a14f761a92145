package order_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

// stateMachine is the path of the document.
const stateMachine = "../../docs/state-machine.md"

const head = `# The life of an order

Generated from ` + "`internal/order`" + ` by ` + "`go test ./internal/order -run StateMachine -update`" + `; without the flag the test compares
the two. Change the rules there, never this file. The meaning of the words is in [glossary.md](glossary.md).
`

func TestStateMachineDocumentMatchesTheRules(t *testing.T) {
	if *update {
		require.NoError(t, os.WriteFile(stateMachine, []byte(document()), 0o644))
	}
	committed, err := os.ReadFile(stateMachine)
	require.NoError(t, err)
	require.Equal(t, document(), string(committed), "run: go test ./internal/order -run StateMachine -update")
}

func TestStateMachineNamesEverything(t *testing.T) {
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

// document returns the contents of docs/state-machine.md.
func document() string {
	return strings.Join([]string{head, stages(), diagram(), messages(), waits(), refusals()}, "\n")
}

func stages() string {
	rows := [][]string{}
	for _, s := range order.Stages() {
		rows = append(rows, []string{code(s), s.Label(), s.Heading(), yes(slices.Contains(order.Suspendable(), s)), yes(s.Final())})
	}
	return "## Stages\n\n" + markdownTable([]string{"Stage", "In lists", "On the card", "Can be suspended", "Final"}, rows)
}

// diagram draws the moves; all moves between the same two stages share one arrow.
func diagram() string {
	var b strings.Builder
	b.WriteString("## Moves\n\nEach arrow is named by the buttons of the messages that make the move. Silence moves nothing, but\naccepts the works if the contract says so.\n\n")
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, s := range append(order.Stages(), order.Deleted) {
		fmt.Fprintf(&b, "    %s : %s\n", s, s.Label())
	}
	titles, moves := arrows()
	for _, m := range moves {
		fmt.Fprintf(&b, "    %s --> %s : %s\n", node(m.From), m.To, strings.Join(titles[m], ", "))
	}
	for _, s := range order.Suspendable() {
		fmt.Fprintf(&b, "    %s --> %s : Исполнитель не может действовать\n", s, order.Suspended)
		fmt.Fprintf(&b, "    %s --> %s : Приостановка снята\n", order.Suspended, s)
	}
	for _, s := range append(order.Stages(), order.Deleted) {
		if s.Final() {
			fmt.Fprintf(&b, "    %s --> [*]\n", s)
		}
	}
	b.WriteString("```\n\nA suspended order returns to the stage that it was suspended in.\n")
	return b.String()
}

func node(s order.Stage) string {
	if s == "" {
		return "[*]"
	}
	return string(s)
}

// arrows groups the titles of the messages by the move that they make, in the order of the rule
// table.
func arrows() (map[order.Move][]string, []order.Move) {
	titles, moves := map[order.Move][]string{}, []order.Move{}
	for _, r := range order.Rules() {
		for _, m := range r.Moves() {
			if titles[m] == nil {
				moves = append(moves, m)
			}
			titles[m] = append(titles[m], r.Title)
		}
	}
	return titles, moves
}

func messages() string {
	rows := [][]string{}
	for _, r := range order.Rules() {
		rows = append(rows, []string{
			code(r.Kind), r.Title, strings.Join(r.Senders(), ", "), labels(r.From), labels(r.To), yes(r.AllowedWhileSuspended), yes(r.RequiresReason),
		})
	}
	return "## Messages\n\nA message is a signal of the order's workflow. One without a stage under “leads to” leaves the stage as it is. " +
		"An operator always gives\na reason.\n\n" +
		markdownTable([]string{"Message", "Button", "Who", "At the stages", "Leads to", "While suspended", "Reason required"}, rows)
}

func waits() string {
	rows := [][]string{}
	for _, w := range order.WaitCodes() {
		s := w.Schedule()
		rows = append(rows, []string{code(w), w.What(), role(s.From), term(w, s), reminders(s), end(s)})
	}
	return "## What an order waits for\n\nA term counts from the moment the step is awaited, in Moscow days. " +
		"It stands still while the order is suspended.\n\n" +
		markdownTable([]string{"Step", "The order waits for", "From", "Term", "Reminders after", "At the end of the term"}, rows)
}

func term(w order.WaitCode, s order.Schedule) string {
	switch {
	case w == order.WaitResults:
		return "the contract's"
	case s.Term == 0:
		return "none"
	case w.Accepts():
		return "the contract's, or " + days(s.Term, s.Working)
	}
	return days(s.Term, s.Working)
}

func reminders(s order.Schedule) string {
	texts := []string{}
	for _, r := range s.Reminders {
		texts = append(texts, days(r, s.Working))
	}
	return strings.Join(texts, ", ")
}

func end(s order.Schedule) string {
	switch {
	case s.Expires:
		return "expires"
	case s.Escalates:
		return "both are told, the moderators too"
	case s.Term > 0:
		return "both are told"
	}
	return ""
}

func days(d time.Duration, working bool) string {
	text := fmt.Sprintf("%d days", d/(24*time.Hour))
	if working {
		text = fmt.Sprintf("%d working days", d/(24*time.Hour))
	}
	return text
}

func role(r order.Role) string {
	switch r {
	case order.RoleCustomer:
		return "заказчик"
	case order.RoleEngineer:
		return "кадастровый инженер"
	case order.RoleModerator:
		return "модератор"
	}
	return "whoever set the hold"
}

func refusals() string {
	codes := order.Codes()
	slices.Sort(codes)
	rows := [][]string{}
	for _, c := range codes {
		reason := order.ReasonOf(c)
		if c == order.CodeStage {
			reason = "Действие «…» сейчас недоступно: заказ на этапе «…»."
		}
		rows = append(rows, []string{code(c), reason})
	}
	return "## Refusals\n\nA refused message changes nothing. Its sender reads the reason; programs read the code.\n\n" +
		markdownTable([]string{"Code", "Reason"}, rows)
}

func code[T ~string](v T) string { return "`" + string(v) + "`" }

func yes(v bool) string {
	if v {
		return "yes"
	}
	return ""
}

func labels(stages []order.Stage) string {
	texts := []string{}
	for _, s := range stages {
		if s == "" {
			texts = append(texts, "нет заказа")
			continue
		}
		texts = append(texts, s.Label())
	}
	return strings.Join(texts, ", ")
}

func markdownTable(head []string, rows [][]string) string {
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	line(head)
	b.WriteString(strings.Repeat("|---", len(head)) + "|\n")
	for _, row := range rows {
		line(row)
	}
	return b.String()
}
