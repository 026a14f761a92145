package readmodel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"epkr/internal/order"
)

const (
	cannotRecord = "восстановите order_messages из резервной копии; решения есть и в истории процесса, в метках RecordMessage"
	cannotRun    = "возобновите заказ: worker order restart ЗАКАЗ --operator КТО --reason ПОЧЕМУ"
	cannotJoin   = "проверьте заказ в Temporal и, если верна запись, отправьте процессу сигнал rejoin"
)

// recordDifferences reports gaps in the record and a workflow whose state differs from it. Neither
// can be repaired.
func (c *compared) recordDifferences() []Difference {
	var found []Difference
	for _, gap := range c.gaps() {
		found = append(found, Difference{What: fmt.Sprintf("в записи нет сообщения %d", gap), Cannot: cannotRecord})
	}
	if len(found) > 0 {
		return found
	}
	state := c.state()
	switch {
	case c.noStateReason != "":
		found = append(found, Difference{What: c.noStateReason, Cannot: cannotJoin})
	case c.live == nil && !state.Closed():
		found = append(found, Difference{What: "заказ не завершён, а процесса у него нет", Cannot: cannotRun})
	case c.stopped != "":
		found = append(found, Difference{What: "заказ не завершён, а его процесс остановлен (" + c.stopped + ")", Cannot: cannotRun})
	case c.live != nil:
		if parts := differingFields(c.live, state); len(parts) > 0 {
			found = append(found, Difference{
				What:   fmt.Sprintf("состояние процесса (сообщение %d) и запись (сообщение %d) расходятся: %s", c.live.Seq, state.Seq, strings.Join(parts, ", ")),
				Cannot: cannotJoin,
			})
		}
	}
	return found
}

// gaps returns the sequence numbers of the order that no message has.
func (c *compared) gaps() []int {
	last := 0
	if n := len(c.rows.Messages); n > 0 {
		last = c.rows.Messages[n-1].Seq
	}
	if c.live != nil {
		last = max(last, c.live.Seq)
	}
	var gaps []int
	for seq := 1; seq <= last; seq++ {
		if !slices.ContainsFunc(c.rows.Messages, func(m message) bool { return m.Seq == seq }) {
			gaps = append(gaps, seq)
		}
	}
	return gaps
}

// differingFields returns the names of the fields in which two states differ.
func differingFields(a, b *order.State) []string {
	one, other := fieldsOf(a), fieldsOf(b)
	var names []string
	for name, value := range one {
		if !bytes.Equal(value, other[name]) {
			names = append(names, name)
		}
	}
	for name := range other {
		if _, both := one[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func fieldsOf(s *order.State) map[string]json.RawMessage {
	parts := map[string]json.RawMessage{}
	whole, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(whole, &parts)
	}
	if err != nil { // cannot fail: a state is made of JSON
		panic(err)
	}
	return parts
}
