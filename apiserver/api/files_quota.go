package api

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// uploading is an order to which the caller may upload now: he is open to an action that takes files.
func (a *orderAPI) uploading(ctx context.Context, id uuid.UUID) (*seenOrder, error) {
	b := a.newCard(ctx, id)
	if err := a.Store.Batch(ctx, append(b.sides.questions(ctx, id, b.by), b.order(ctx), b.standing(ctx))...); err != nil {
		return nil, err
	}
	b.facts.Ties = b.sides.viewer
	switch {
	case b.unseen != nil:
		return nil, b.unseen
	case b.o.state.Closed():
		return nil, refused(order.Refusal{Code: order.CodeClosed, Reason: order.ReasonOf(order.CodeClosed)})
	case !order.TakesFiles(b.o.state, b.o.by.actor(), b.facts):
		return nil, problem(codeNoUploads)
	}
	return b.o, nil
}

// acceptable checks what a declaration says.
func (a *orderAPI) acceptable(d fileDeclaration) error {
	if d.Size > a.Config.MaxFileBytes {
		return problem(codeFileTooLarge).withDetail(fmt.Sprintf("Файл больше %d Мб: столько платформа принимает.", a.Config.MaxFileBytes>>20))
	}
	return nil
}

// declare writes a file down unless its sender has sent enough for the order today.
func (a *orderAPI) declare(ctx context.Context, row sqlcgen.InsertFileParams) error {
	if row.MaxFiles == 0 { // no limit is set
		row.MaxFiles, row.MaxBytes = math.MaxInt32, math.MaxInt64
	}
	written, err := a.Store.InsertFile(ctx, row)
	switch {
	case err != nil:
		return fmt.Errorf("writing a file down: %w", err)
	case written == 0:
		a.metrics.throttled.WithLabelValues(string(classUpload)).Inc()
		return problem(codeTooManyFiles).withDetail(fmt.Sprintf(
			"К одному заказу вы можете загрузить за день не больше %d файлов и %d Гб. Соберите файлы в архив или продолжите завтра.",
			row.MaxFiles, row.MaxBytes>>30))
	}
	return nil
}

// dayOf is the Moscow day of a moment.
func dayOf(at time.Time) time.Time {
	y, m, d := at.In(order.Moscow).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// looseFiles lists what was uploaded for an order and stands in no document.
func (a *orderAPI) looseFiles(ctx context.Context, in *struct {
	OrderPath
	Page
},
) (*pageOutput[File], error) {
	o, err := a.look(ctx, in.Order)
	if err != nil {
		return nil, err
	}
	from, err := in.start("loose")
	if err != nil {
		return nil, err
	}
	rows, err := a.Store.LooseFiles(ctx, sqlcgen.LooseFilesParams{
		OrderID: in.Order, Everybody: o.by.Role == order.RoleCustomer, UploaderRole: string(o.by.Role),
		UploaderParty: optional(o.by.Party), AfterID: from.ID, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing the files of an order: %w", err)
	}
	return turn(rows, in.Limit, from, func(f sqlcgen.LooseFilesRow) File {
		return File{
			ID: f.ID, Name: f.Name, Size: f.Size, SHA256: f.Sha256, ContentType: f.ContentType, State: f.Status, Problem: f.Problem, CreatedAt: f.CreatedAt,
		}
	}, func(f sqlcgen.LooseFilesRow) cursor { return cursor{ID: f.ID, Total: f.Total} }), nil
}
