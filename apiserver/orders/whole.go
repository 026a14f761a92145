package orders

import (
	"context"
	"iter"
)

// wholePage is how many rows are read at once of what is read whole.
const wholePage = 200

// AllDocuments returns every document that the viewer may see, in the order of the messages.
func (a *Service) AllDocuments(ctx context.Context, o *Visible) ([]CardDocument, error) {
	var all []CardDocument
	for seq, n := int32(0), int32(-1); ; {
		rows, err := a.documentsAfter(ctx, o, seq, n, wholePage)
		if err != nil {
			return nil, err
		}
		documents, err := documentsOf(rows)
		if err != nil {
			return nil, err
		}
		if all = append(all, documents...); len(rows) < wholePage {
			return all, nil
		}
		seq, n = rows[len(rows)-1].Seq, rows[len(rows)-1].N
	}
}

// WholeHistory yields every event that the viewer may see, from the first. After an error it ends.
func (a *Service) WholeHistory(ctx context.Context, o *Visible) iter.Seq2[HistoryEvent, error] {
	return func(yield func(HistoryEvent, error) bool) {
		for seq := int32(0); ; {
			events, next, err := a.historyAfter(ctx, o, seq, wholePage)
			if err != nil {
				yield(HistoryEvent{}, err)
				return
			}
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
			}
			if seq = next; next == 0 {
				return
			}
		}
	}
}
