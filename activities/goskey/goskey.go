// Package goskey contains the activities that send a document of an order to «Госключ» and bring the
// signature back to the order.
package goskey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/activities/failure"
	"epkr/db"
	"epkr/db/signing"
	"epkr/db/sqlcgen"
	"epkr/internal/goskey"
	"epkr/internal/order"
	"epkr/internal/storage"
	"epkr/internal/workflowapi"
)

// Settings are the dependencies of the activities; all are required.
type Settings struct {
	Store      *db.Store
	Files      *storage.Store
	Goskey     *goskey.Client
	Signatures *signing.Checks
	Workflows  workflowapi.Signaler
	Now        func() time.Time
	// PublicURL is the origin of the web app, to which the application leads back.
	PublicURL string
	TaskQueue string
	// PollPause is the pause between two questions for changes.
	PollPause time.Duration
}

// Activities implements the activities of signatures in «Госключ».
type Activities struct{ Settings }

// New returns the activities.
func New(s Settings) *Activities { return &Activities{s} }

// Progress is how far a request is.
type Progress struct {
	// Ended means that the request has ended, in whatever way.
	Ended bool `json:"ended,omitempty"`
	// Waiting means that the person has the document, until Until.
	Waiting bool      `json:"waiting,omitempty"`
	Until   time.Time `json:"until,omitzero"`
	// Signed means that the signature can be taken.
	Signed bool `json:"signed,omitempty"`
}

var ended = Progress{Ended: true}

// patience is how long after the term an end or a signature is waited for that ЕПГУ does not tell.
const patience = 24 * time.Hour

// The reasons of requests that end without a state of «Госключ».
const (
	noAnswerInTerm = "Госуслуги не отвечали, пока не истёк срок подписания. Отправьте документ в Госключ ещё раз или подпишите его другим способом."
	noEnd          = "Госуслуги не сообщили, подписан ли документ. Отправьте его в Госключ ещё раз или подпишите другим способом."
)

// load reads a request. It is nil if the request has ended or its order is gone.
func (a *Activities) load(ctx context.Context, request string) (*sqlcgen.GoskeyRequestRow, error) {
	id, err := uuid.Parse(request)
	if err != nil {
		return nil, failure.ToTemporal(fmt.Errorf("%w: request id %q", order.ErrInvariant, request))
	}
	row, err := a.Store.GoskeyRequest(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, nil //nolint:nilnil // nothing is left to do
	case err != nil:
		return nil, fmt.Errorf("reading a request to «Госключ»: %w", err)
	case row.EndedAt != nil:
		return nil, nil //nolint:nilnil // nothing is left to do
	}
	return &row, nil
}

// end ends a request with a state and the reason for the person, whom it notifies with it, once.
func (a *Activities) end(ctx context.Context, row *sqlcgen.GoskeyRequestRow, p sqlcgen.EndGoskeyRequestParams) (Progress, error) {
	p.ID, p.EndedAt = row.ID, a.Now().UTC()
	return ended, a.record(ctx, row, func(q *sqlcgen.Queries) error {
		ended, err := q.EndGoskeyRequest(ctx, p)
		if err != nil || ended == 0 {
			return err
		}
		return q.NotifyOfGoskey(ctx, row.ID)
	})
}

// failed ends a request whose call cannot succeed any more, and otherwise returns the error for a
// retry. What may get better is retried until the limit; with patient that is every error.
func (a *Activities) failed(ctx context.Context, row *sqlcgen.GoskeyRequestRow, cause error, limit time.Time, patient bool) (Progress, error) {
	var own *goskey.Error
	if !errors.As(cause, &own) {
		return Progress{}, cause
	}
	reason := own.Message()
	if own.Temporary() || patient {
		if a.Now().Before(limit) {
			return Progress{}, cause
		}
		if own.Temporary() {
			reason = noAnswerInTerm
		}
	}
	return a.end(ctx, row, sqlcgen.EndGoskeyRequestParams{State: string(goskey.Failed), Reason: reason, Detail: string(own.Code)})
}

// record writes a change of a request and notifies those who look at its order.
func (a *Activities) record(ctx context.Context, row *sqlcgen.GoskeyRequestRow, write func(*sqlcgen.Queries) error) error {
	err := a.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := write(q); err != nil {
			return err
		}
		return db.OrderChange{Order: row.OrderID.String(), Message: row.ID.String()}.Notify(ctx, q)
	})
	if err != nil {
		return failure.ToTemporal(fmt.Errorf("recording a request to «Госключ»: %w", err))
	}
	return nil
}

// number returns the number at ЕПГУ, which a request has from its second step on.
func number(row *sqlcgen.GoskeyRequestRow) (goskey.OrderID, error) {
	if row.GoskeyOrder == nil {
		return 0, failure.ToTemporal(fmt.Errorf("%w: a request to «Госключ» has no number", order.ErrInvariant))
	}
	return goskey.OrderID(*row.GoskeyOrder), nil
}
