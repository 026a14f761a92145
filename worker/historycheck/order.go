package historycheck

import (
	"bytes"
	"fmt"

	"epkr/internal/history"
	"epkr/internal/order"
)

// orderCheck checks the messages of one order.
type orderCheck struct {
	*checker

	id, number string
	chain      history.Chain
	// exists says that the order has a row; seq and head are the row's.
	exists bool
	seq    int
	head   []byte
	// lastApplied is the kind of the last applied message, empty if none was applied.
	lastApplied order.Kind
}

func newOrderCheck(c *checker, first *recorded) *orderCheck {
	c.Orders++
	o := &orderCheck{checker: c, id: first.Order}
	if row := first.order; row.Number != nil {
		o.exists, o.number, o.seq, o.head = true, *row.Number, *row.Seq, row.Head
	}
	return o
}

func (o *orderCheck) found(what string, values ...any) {
	o.checker.found(o.id, o.number, what, values...)
}

func (o *orderCheck) add(r *recorded) {
	o.Messages++
	for _, f := range o.chain.Add(&r.Message) {
		switch f.Flaw {
		case history.Missing:
			o.found("%s", missing(f.From, f.To))
		case history.Changed:
			o.found("сообщение %d изменено", f.From)
		case history.Unlinked:
			o.found("сообщение %d не продолжает предыдущее: одно из них заменено или добавлено", f.From)
		}
	}
	if r.Verdict != string(order.Applied) {
		return
	}
	o.lastApplied = order.Kind(r.Kind)
	o.checkText(r)
	o.checkEvent(r)
}

func missing(from, to int) string {
	if from == to {
		return fmt.Sprintf("нет сообщения %d", from)
	}
	return fmt.Sprintf("нет сообщений с %d по %d", from, to)
}

// checkText compares the text of an applied message with its hash. The texts of a deleted draft are
// deleted with it.
func (o *orderCheck) checkText(r *recorded) {
	switch {
	case r.Body == nil:
	case !r.text.Exists:
		if o.exists {
			o.found("нет текста сообщения %d", r.Seq)
		}
	case r.text.Salt == nil:
		o.Erased++
	default:
		if hash := history.TextHash(r.text.Salt, *r.text.Body); !bytes.Equal(hash[:], r.TextHash) {
			o.found("текст сообщения %d изменён", r.Seq)
		}
	}
}

// checkEvent compares the event of an applied message with it. The events of a deleted draft are
// deleted with it.
func (o *orderCheck) checkEvent(r *recorded) {
	switch {
	case !o.exists:
	case !r.event.Exists:
		o.found("нет события %d", r.Seq)
	case !r.event.Same:
		o.found("событие %d изменено", r.Seq)
	}
}

// finish compares the end of the chain with the order's row. Without a row the order is a deleted
// draft, or none of its messages was applied.
func (o *orderCheck) finish() {
	last, hash := o.chain.Head()
	switch {
	case last == 0:
	case !o.exists:
		if o.lastApplied != "" && o.lastApplied != order.Delete {
			o.found("нет строки заказа, а последнее выполненное сообщение его не удаляло: конец истории не проверен")
		}
	case o.seq > last:
		o.found("%s", missing(last+1, o.seq))
	case o.seq < last:
		o.found("сообщения после %d добавлены: заказ их не знает", o.seq)
	case !bytes.Equal(o.head, hash):
		o.found("конец истории (сообщение %d) не тот, что хранит заказ", last)
	}
}
