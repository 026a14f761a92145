package messages

import (
	"context"
	"errors"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/db/signing"
	"epkr/internal/order"
)

// checkSignatures has the signatures of a message checked, and refuses those that are not valid. It
// checks nothing that the order will refuse anyway: of a sender who is not the party, or of files that
// are not his.
func (a *Service) checkSignatures(ctx context.Context, m messageRequest) error {
	signed := order.SignaturesIn(m.details)
	if len(signed) == 0 {
		return nil
	}
	by, parties, err := orders.RequireVisible(ctx, a.Store.Queries, m.order)
	if err != nil {
		return err
	}
	if parties.Admit(m.kind, by.Actor()) != nil {
		return nil
	}
	for _, s := range signed {
		result, err := a.Signatures.Check(ctx, signing.Request{Order: m.order, By: by.Actor(), Signed: s, ReceivedAt: m.receivedAt})
		switch {
		case errors.Is(err, signing.ErrUnknownFile):
			return nil
		case errors.Is(err, signing.ErrNoAuthorities):
			return problems.New(problems.SignaturesOff)
		case err != nil:
			return httpapi.FromStorage(ctx, err)
		case !result.Valid:
			return problems.SignatureRefused("details."+s.Field, "details.powers", result.Refusals)
		}
	}
	return nil
}
