package forms

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"epkr/internal/document/template"
	"epkr/internal/humantext"
)

// History is what the history of an order says. As a protocol, it never lacks a value because of what
// people are called: characters that cannot be printed are shown as «?».
type History struct {
	OrderNumber string
	MadeAt      time.Time
	// Events are the first ones, at most MaxEvents; All is how many there are.
	Events []Event
	All    int
	// Head is the hash of the last message of the order, whose number is HeadSeq; nil if there is none.
	Head    []byte
	HeadSeq int
	// Shows reports whether the font has a character; nil if it has all.
	Shows func(rune) bool
}

// MaxEvents is the number of events that a history shows.
const MaxEvents = 2000

// Event is an event of a history. Who and Stage may be empty.
type Event struct {
	Seq              int
	At               time.Time
	Who, What, Stage string
}

var historyFields = []field[History]{
	{"заказ.номер", "OrderNumber", "Номер заказа", template.Required, nil, func(h History) string { return h.OrderNumber }},
	{"составлена", "MadeAt", "Время составления", template.Required, nil, func(h History) string { return moment(h.MadeAt) }},
	{"показано", "Events", "Число действий", template.Required, nil, func(h History) string { return strconv.Itoa(len(h.Events)) }},
	{"голова", "Head", "Хеш последней записи", template.Optional, nil, func(h History) string { return inEights(hex.EncodeToString(h.Head)) }},
	{"последняя", "HeadSeq", "Номер последней записи", template.With("голова"), nil, func(h History) string { return strconv.Itoa(h.HeadSeq) }},
}

var eventFields = []field[Event]{
	{"событие", "Seq", "Номер", template.Required, nil, func(e Event) string { return strconv.Itoa(e.Seq) }},
	{"когда", "At", "Время", template.Required, nil, func(e Event) string { return moment(e.At) }},
	{"кто", "Who", "Кто", template.Optional, nil, func(e Event) string { return e.Who }},
	{"что", "What", "Что произошло", template.Required, nil, func(e Event) string { return e.What }},
	{"этап", "Stage", "Этап", template.Optional, nil, func(e Event) string { return e.Stage }},
}

func historySchema() template.Schema {
	return template.Schema{
		Values: schemaOf(historyFields),
		Flags:  []string{"неполная"},
		Tables: map[string]map[string]template.Presence{"события": columnsOf(eventFields)},
	}
}

func (h History) values() (v template.Values, err error) {
	if len(h.Events) == 0 || len(h.Events) > MaxEvents {
		return v, fault("Events", "В истории должно быть от 1 до %d действий.", MaxEvents)
	}
	if v.Text, err = valuesOf(historyFields, h); err != nil {
		return v, err
	}
	events := make([]Event, len(h.Events))
	for i, e := range h.Events {
		e.Who, e.What, e.Stage = printable(e.Who, h.Shows), printable(e.What, h.Shows), printable(e.Stage, h.Shows)
		events[i] = e
	}
	rows, err := rowsOf("Events", eventFields, events)
	v.Tables = map[string][]map[string]string{"события": rows}
	v.Flags = map[string]bool{"неполная": h.All > len(h.Events)}
	return v, err
}

// maxShown limits the texts that people or files bring, in characters.
const maxShown = 500

// printable returns a text as it can be printed; shows reports whether the font has a character.
func printable(text string, shows func(rune) bool) string {
	runes := []rune(strings.ToValidUTF8(text, "?"))
	if len(runes) > maxShown {
		runes = append(runes[:maxShown-1], '…')
	}
	runes = []rune(humantext.Text(string(runes)))
	for i, r := range runes {
		if r != '\n' && (humantext.Fault(string(r)) != "" || shows != nil && !shows(r)) {
			runes[i] = '?'
		}
	}
	return string(runes)
}
