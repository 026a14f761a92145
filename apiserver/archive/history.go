package archive

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"epkr/apiserver/orders"
	"epkr/db/sqlcgen"
	"epkr/internal/document/forms"
	"epkr/internal/order"
)

// chainPage is how many links of the chain are read at once.
const chainPage = 1000

// historyOf is the history of an order as its viewer sees it.
type historyOf struct {
	service *Service
	order   *orders.Visible
	// shown and all are the events of the PDF, and how many there are; they are known once the JSON
	// is written, as the head of the chain is.
	shown []forms.Event
	all   int
	head  link
}

// link is a message's place in the hash chain of internal/history. The hashes of messages that the
// viewer may not see reveal nothing of them.
type link struct {
	Seq     int32  `json:"seq"`
	ID      string `json:"id"`
	Prev    string `json:"prev"`
	Content string `json:"content"`
	Hash    string `json:"hash"`
}

func (h *historyOf) write(ctx context.Context, w *writer, c *contents) error {
	if err := w.add("История.json", c.madeAt, func(to io.Writer) error { return h.encode(ctx, to, c) }); err != nil {
		return err
	}
	if len(h.shown) == 0 {
		return nil
	}
	head, err := hex.DecodeString(h.head.Hash)
	if err != nil {
		return fmt.Errorf("reading the head of a history: %w", err)
	}
	pdf, err := h.service.Maker.History(forms.History{
		OrderNumber: c.number, MadeAt: c.madeAt, Events: h.shown, All: h.all, Head: head, HeadSeq: int(h.head.Seq),
	})
	if err != nil {
		return fmt.Errorf("making the PDF of a history: %w", err)
	}
	return w.addBytes("История.pdf", pdf)
}

// encode writes the history as JSON, one event and one link at a time.
func (h *historyOf) encode(ctx context.Context, to io.Writer, c *contents) error {
	e := elements{to: to}
	e.begin(fmt.Sprintf(`{"order":%q,"number":%q,"madeAt":%q,"events":`, c.order, c.number, c.madeAt.Format("2006-01-02T15:04:05Z")))
	for event, err := range h.service.Orders.WholeHistory(ctx, h.order) {
		if err != nil {
			return err
		}
		h.add(event)
		e.add(event)
	}
	e.end()
	e.begin(`,"chain":`)
	for after := int32(0); ; after = h.head.Seq {
		rows, err := h.service.Store.ChainOfOrder(ctx, sqlcgen.ChainOfOrderParams{OrderID: c.order, After: after, Page: chainPage})
		if err != nil {
			return fmt.Errorf("reading the chain of a history: %w", err)
		}
		for _, r := range rows {
			h.head = link{r.Seq, r.ID.String(), hex.EncodeToString(r.Prev), hex.EncodeToString(r.Content), hex.EncodeToString(r.Hash)}
			e.add(h.head)
		}
		if len(rows) < chainPage {
			break
		}
	}
	e.end()
	e.raw("}\n")
	return e.err
}

// add keeps an event for the PDF.
func (h *historyOf) add(e orders.HistoryEvent) {
	if h.all++; len(h.shown) >= forms.MaxEvents {
		return
	}
	one := forms.Event{Seq: int(e.Seq), At: e.At, What: e.Title, Who: roleNames[e.Role]}
	if e.Who != "" {
		one.Who += ": " + e.Who
	}
	if e.Moved {
		one.Stage = e.To.Label
	}
	h.shown = append(h.shown, one)
}

var roleNames = map[order.Role]string{
	order.RoleCustomer: "Заказчик", order.RoleEngineer: "Кадастровый инженер", order.RoleEmployer: "Работодатель", order.RoleModerator: "Модератор",
	order.RoleRegistry: "Реестр СРО", order.RoleOperator: "Оператор платформы", order.RolePlatform: "Платформа",
}

// elements writes JSON arrays element by element; after an error it writes nothing.
type elements struct {
	to  io.Writer
	any bool
	err error
}

func (e *elements) raw(text string) {
	if e.err == nil {
		_, e.err = io.WriteString(e.to, text)
	}
}

func (e *elements) begin(before string) {
	e.raw(before + "[\n")
	e.any = false
}

func (e *elements) add(one any) {
	if e.any {
		e.raw(",\n")
	}
	e.any = true
	encoded, err := json.Marshal(one)
	e.raw(string(encoded))
	e.err = cmp.Or(e.err, err)
}

func (e *elements) end() { e.raw("\n]") }
