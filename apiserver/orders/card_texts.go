package orders

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// shownTexts are the messages whose newest text is shown on the card itself and not only in the
// history.
var shownTexts = []string{
	string(order.SendPrepaymentInvoice), string(order.SendInvoice), string(order.SubmitResults), string(order.SubmitFinal),
	string(order.ReportRegistration), string(order.Rate), string(order.OfferOrder),
	string(order.ModeratorStatus), string(order.EmployerStatus), string(order.ProposeTermination), string(order.ProposeRework),
	string(order.ProposeReplacement),
}

// lastText is the newest text of a kind with its place in the history.
type lastText struct {
	seq  int32
	body json.RawMessage
}

// texts adds links, numbers and notes, which the state of the order does not contain.
func (b *CardBuilder) texts(ctx context.Context) db.BatchFunc {
	return func(q *sqlcgen.Queries) error {
		c := b.card
		// The offer itself is added together with the engineers' names.
		offer := b.o.State.Offer
		if offer == nil && c.Prepayment == nil && c.Payment == nil && c.Results == nil && c.Application == nil && c.Rating == nil &&
			c.Proposal == nil && c.Replacement == nil && len(c.Holds) == 0 {
			return nil
		}
		rows, err := q.LastTexts(ctx, sqlcgen.LastTextsParams{OrderID: b.id, Kinds: shownTexts})
		if err != nil {
			return fmt.Errorf("reading the texts: %w", err)
		}
		last := map[order.Kind]lastText{}
		for _, r := range rows {
			last[order.Kind(r.Kind)] = lastText{seq: r.Seq, body: r.Body}
		}
		for _, show := range []func(map[order.Kind]lastText) error{b.bills, b.resultTexts, b.filing, b.review, b.offered, b.proposed, b.replacementNote, b.holdReasons} {
			if err := show(last); err != nil {
				return err
			}
		}
		return nil
	}
}

func (b *CardBuilder) bills(last map[order.Kind]lastText) error {
	if b.card.Prepayment != nil && b.card.Prepayment.Invoice != nil {
		if err := b.card.Prepayment.setText(last[order.SendPrepaymentInvoice]); err != nil {
			return err
		}
	}
	if b.card.Payment == nil || b.card.Payment.Invoice == nil {
		return nil
	}
	if !b.card.Payment.Invoice.Link {
		if last[order.SendInvoice].seq < last[order.SubmitResults].seq { // the invoice file came with the results, and the text belongs to them
			return nil
		}
		return b.card.Payment.setText(last[order.SendInvoice])
	}
	// The link may have come with the results, with the outcome of ГКУ/ГРП, or alone. The newest
	// link counts, even if later messages have none.
	var results order.ResultsText
	if err := unmarshalText(last[order.SubmitResults].body, &results); err != nil {
		return err
	}
	b.card.Payment.Link = results.InvoiceLink
	newest := last[order.SubmitResults].seq
	for _, kind := range []order.Kind{order.SendInvoice, order.SubmitFinal} {
		var t order.LinkNote
		if err := unmarshalText(last[kind].body, &t); err != nil {
			return err
		}
		if t.Link != "" && (b.card.Payment.Link == "" || last[kind].seq > newest) {
			newest, b.card.Payment.Link, b.card.Payment.Note = last[kind].seq, t.Link, t.Note
		}
	}
	return nil
}

func (bill *CardBill) setText(from lastText) error {
	var t order.LinkNote
	if err := unmarshalText(from.body, &t); err != nil {
		return err
	}
	bill.Link, bill.Note = t.Link, t.Note
	return nil
}

func (b *CardBuilder) resultTexts(last map[order.Kind]lastText) error {
	if b.card.Results == nil {
		return nil
	}
	var t order.ResultsText
	if err := unmarshalText(last[order.SubmitResults].body, &t); err != nil {
		return err
	}
	b.card.Results.Link, b.card.Results.UIN, b.card.Results.Note = t.Link, t.UIN, t.Note
	return nil
}

func (b *CardBuilder) filing(last map[order.Kind]lastText) error {
	if b.card.Application == nil {
		return nil
	}
	var t order.RegistrationText
	if err := unmarshalText(last[order.ReportRegistration].body, &t); err != nil {
		return err
	}
	b.card.Application.KUVD, b.card.Application.Note = t.KUVD, t.Note
	return nil
}

func (b *CardBuilder) review(last map[order.Kind]lastText) error {
	if b.card.Rating == nil {
		return nil
	}
	var t order.Review
	if err := unmarshalText(last[order.Rate].body, &t); err != nil {
		return err
	}
	b.card.Rating.Review = t.Review
	return nil
}

// offered adds the note of the open offer, which is the newest one.
func (b *CardBuilder) offered(last map[order.Kind]lastText) error {
	if b.card.Offer == nil {
		return nil
	}
	var t order.Note
	if err := unmarshalText(last[order.OfferOrder].body, &t); err != nil {
		return err
	}
	b.card.Offer.Note = t.Note
	return nil
}

// proposed adds the note of the open proposal, which is the newest one of its kind.
func (b *CardBuilder) proposed(last map[order.Kind]lastText) error {
	if b.card.Proposal == nil {
		return nil
	}
	var t order.Note
	if err := unmarshalText(last[order.Kind(b.card.Proposal.Kind)].body, &t); err != nil {
		return err
	}
	b.card.Proposal.Note = t.Note
	return nil
}

// replacementNote adds what the employer wrote with the proposal to replace the performer.
func (b *CardBuilder) replacementNote(last map[order.Kind]lastText) error {
	if b.card.Replacement == nil {
		return nil
	}
	var t order.Note
	if err := unmarshalText(last[order.ProposeReplacement].body, &t); err != nil {
		return err
	}
	b.card.Replacement.Note = t.Note
	return nil
}

// holdKinds are the messages that suspend a single order by hand.
var holdKinds = map[order.Source]order.Kind{
	order.BySourceModerator: order.ModeratorStatus, order.BySourceEmployer: order.EmployerStatus,
}

// holdReasons adds the reasons of holds of this order. The reason of a decision on the engineer
// himself is not part of the order.
func (b *CardBuilder) holdReasons(last map[order.Kind]lastText) error {
	for i := range b.card.Holds {
		hold := &b.card.Holds[i]
		text, found := last[holdKinds[order.Source(hold.Source)]]
		if !found || !b.o.heldByMessage(order.Source(hold.Source), int(text.seq)) {
			continue
		}
		var t order.Note
		if err := unmarshalText(text.body, &t); err != nil {
			return err
		}
		hold.Reason, hold.ThisOrder = t.Note, true
	}
	return nil
}

// heldByMessage reports whether the source's hold of the order comes from the message seq.
func (o *Visible) heldByMessage(source order.Source, seq int) bool {
	return slices.ContainsFunc(o.State.HoldRecords(), func(r order.StatusRecord) bool { return r.Source == source && r.Seq == seq })
}
