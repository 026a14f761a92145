package goskey

import (
	"context"
	"fmt"
	"io"

	"epkr/activities/failure"
	"epkr/activities/internal/heartbeat"
	"epkr/db/sqlcgen"
	"epkr/internal/goskey"
	"epkr/internal/order"
	"epkr/internal/requisites"
	"epkr/internal/workflowapi"
)

// The names of the documents in «Госключ», which the person sees there.
const (
	contractName = "Договор.pdf"
	actName      = "Акт.pdf"
)

func nameOf(row *sqlcgen.GoskeyRequestRow) string {
	if row.Action == string(order.SignContract) {
		return contractName
	}
	return actName
}

// descriptionOf returns what the person reads in the application.
func descriptionOf(row *sqlcgen.GoskeyRequestRow) string {
	if row.Action == string(order.SignContract) {
		return "Договор на кадастровые работы по заказу " + row.OrderNumber
	}
	return "Акт сдачи-приёмки кадастровых работ по заказу " + row.OrderNumber
}

// Reserve gets the number of the request at ЕПГУ and records it before anything is sent. A second run
// finds the number. A run that died between the two leaves a number under which nothing is ever sent.
func (a *Activities) Reserve(ctx context.Context, request string) (Progress, error) {
	row, err := a.load(ctx, request)
	switch {
	case err != nil:
		return Progress{}, err
	case row == nil:
		return ended, nil
	case row.GoskeyOrder != nil:
		return Progress{}, nil
	}
	signatory, err := a.signatory(ctx, row)
	if err != nil {
		return Progress{}, err
	}
	reserved, err := a.Goskey.Reserve(ctx, signatory)
	if err != nil {
		return a.failed(ctx, row, err, row.ExpiresAt, false)
	}
	return Progress{}, a.record(ctx, row, func(q *sqlcgen.Queries) error {
		_, err := q.ReserveGoskeyOrder(ctx, sqlcgen.ReserveGoskeyOrderParams{ID: row.ID, GoskeyOrder: int64(reserved)})
		return err
	})
}

// signatory returns who has to sign: the same whose certificate the check of the signature asks for.
func (a *Activities) signatory(ctx context.Context, row *sqlcgen.GoskeyRequestRow) (goskey.Signatory, error) {
	signer, err := a.Store.SigningCustomer(ctx, sqlcgen.SigningCustomerParams{PartyID: row.PartyID, PersonID: row.PersonID})
	if err != nil {
		return goskey.Signatory{}, fmt.Errorf("reading who signs: %w", err)
	}
	snils, err := requisites.SNILSWellFormed(signer.Snils)
	if err != nil {
		return goskey.Signatory{}, failure.ToTemporal(fmt.Errorf("%w: the signer has no СНИЛС", order.ErrInvariant))
	}
	s := goskey.Signatory{SNILS: snils}
	if signer.Kind != string(order.NaturalPerson) {
		s.OGRN = signer.Ogrn
	}
	return s, nil
}

// Submit sends the document under the recorded number. A second run asks ЕПГУ first, and sends again
// only what has not arrived.
func (a *Activities) Submit(ctx context.Context, request string) (Progress, error) {
	row, err := a.load(ctx, request)
	if err != nil || row == nil {
		return ended, err
	}
	id, err := number(row)
	if err != nil {
		return Progress{}, err
	}
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	sent, err := a.isSent(ctx, id)
	if err != nil {
		return a.failed(ctx, row, err, row.ExpiresAt, true)
	}
	if sent {
		return Progress{}, nil
	}
	if !a.Now().Before(row.ExpiresAt) {
		return a.end(ctx, row, sqlcgen.EndGoskeyRequestParams{State: string(goskey.Failed), Reason: noAnswerInTerm})
	}
	err = a.send(ctx, row, id)
	if goskey.CodeOf(err) == goskey.CodeRefused { // another run of this activity may have been first
		if sent, askErr := a.isSent(ctx, id); askErr == nil && sent {
			return Progress{}, nil
		}
	}
	if err != nil {
		return a.failed(ctx, row, err, row.ExpiresAt, false)
	}
	return Progress{}, nil
}

func (a *Activities) isSent(ctx context.Context, id goskey.OrderID) (bool, error) {
	answer, err := a.Goskey.State(ctx, id)
	return answer.State != goskey.Reserved, err
}

func (a *Activities) send(ctx context.Context, row *sqlcgen.GoskeyRequestRow, id goskey.OrderID) error {
	signatory, err := a.signatory(ctx, row)
	if err != nil {
		return err
	}
	document, err := a.document(ctx, row)
	if err != nil {
		return err
	}
	return a.Goskey.Submit(ctx, id, goskey.Request{
		Signatory: signatory, Description: descriptionOf(row), Backlink: a.PublicURL + "/orders/" + row.OrderID.String(),
		Expires: row.ExpiresAt, FileName: nameOf(row), Document: document,
	})
}

func (a *Activities) document(ctx context.Context, row *sqlcgen.GoskeyRequestRow) ([]byte, error) {
	content, _, err := a.Files.Open(ctx, row.DocumentSha256)
	if err != nil {
		return nil, fmt.Errorf("opening a document to sign: %w", err)
	}
	defer content.Close()
	data, err := io.ReadAll(io.LimitReader(content, goskey.MaxDocument+1))
	if err != nil {
		return nil, fmt.Errorf("reading a document to sign: %w", err)
	}
	return data, nil
}

// AskState asks ЕПГУ for the state of a request and records it. While the person has the document, the
// poll for changes runs.
func (a *Activities) AskState(ctx context.Context, request string) (Progress, error) {
	row, err := a.load(ctx, request)
	if err != nil || row == nil {
		return ended, err
	}
	id, err := number(row)
	if err != nil {
		return Progress{}, err
	}
	limit := row.ExpiresAt.Add(patience)
	answer, err := a.Goskey.State(ctx, id)
	switch {
	case err != nil:
		return a.failed(ctx, row, err, limit, true)
	case answer.State == goskey.Signed:
		return Progress{Signed: true}, nil
	case answer.State.IsFinal():
		return a.end(ctx, row, sqlcgen.EndGoskeyRequestParams{State: string(answer.State), Reason: answer.State.Message(), Detail: answer.Detail})
	case !a.Now().Before(limit):
		return a.end(ctx, row, sqlcgen.EndGoskeyRequestParams{State: string(goskey.Failed), Reason: noEnd, Detail: answer.Detail})
	case answer.State == goskey.Reserved: // it is sent, and the cabinet does not show it yet
		answer.State = goskey.Checking
	}
	err = a.record(ctx, row, func(q *sqlcgen.Queries) error {
		_, err := q.SetGoskeyState(ctx, sqlcgen.SetGoskeyStateParams{ID: row.ID, State: string(answer.State), Detail: answer.Detail})
		return err
	})
	if err != nil || answer.State != goskey.Waiting {
		return Progress{}, err
	}
	// The poll finds the request, because its state is recorded before.
	if err := workflowapi.Send(ctx, a.Workflows, workflowapi.GoskeyAwaited(a.TaskQueue)); err != nil {
		return Progress{}, fmt.Errorf("starting the poll of changes: %w", err)
	}
	return Progress{Waiting: true, Until: row.ExpiresAt}, nil
}
