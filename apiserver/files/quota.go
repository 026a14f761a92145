package files

import (
	"context"
	"fmt"
	"math"
	"time"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// validate checks the declaration of a file.
func (a *Service) validate(d FileDeclaration) error {
	if d.Size > a.MaxFileBytes {
		return problems.New(problems.FileTooLarge).WithDetail(fmt.Sprintf("Файл больше %d Мб: столько платформа принимает.", a.MaxFileBytes>>20))
	}
	return nil
}

// insertFile stores a declaration unless its sender has reached the quota for the order or the profile today.
func (a *Service) insertFile(ctx context.Context, row sqlcgen.InsertFileParams) error {
	if row.MaxFiles == 0 { // no limit is set
		row.MaxFiles, row.MaxBytes = math.MaxInt32, math.MaxInt64
	}
	written, err := a.Store.InsertFile(ctx, row)
	switch {
	case err != nil:
		return fmt.Errorf("writing a file down: %w", err)
	case written == 0:
		a.HTTP.CountThrottled(string(limits.Upload), 1)
		limit := "К одному заказу вы можете загрузить за день не больше %d файлов и %d Гб. Соберите файлы в архив или продолжите завтра."
		if row.ProfileID != nil {
			limit = "В профиль вы можете загрузить за день не больше %d файлов и %d Гб. Продолжите завтра."
		}
		return problems.New(problems.TooManyFiles).WithDetail(fmt.Sprintf(limit, row.MaxFiles, row.MaxBytes>>30))
	}
	return nil
}

// dayOf returns the Moscow day of a time.
func dayOf(at time.Time) time.Time {
	y, m, d := at.In(order.Moscow).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// unattachedFiles lists the files of an order that are in no document.
func (a *Service) unattachedFiles(ctx context.Context, in *struct {
	orders.OrderPath
	httpapi.Page
},
) (*httpapi.PageOutput[File], error) {
	o, err := a.Orders.LoadVisible(ctx, in.Order)
	if err != nil {
		return nil, err
	}
	from, err := in.Start("loose")
	if err != nil {
		return nil, err
	}
	rows, err := a.Store.UnreferencedFiles(ctx, sqlcgen.UnreferencedFilesParams{
		OrderID: in.Order, Everybody: o.By.Role == order.RoleCustomer, UploaderRole: string(o.By.Role),
		UploaderParty: wire.Optional(o.By.Party), AfterID: from.ID, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing the files of an order: %w", err)
	}
	return httpapi.PageOf(rows, in.Limit, from, func(f sqlcgen.UnreferencedFilesRow) File {
		return File{
			ID: f.ID, Name: f.Name, Size: f.Size, SHA256: f.Sha256, ContentType: f.ContentType, State: f.Status, Problem: f.Problem, CreatedAt: f.CreatedAt,
		}
	}, func(f sqlcgen.UnreferencedFilesRow) httpapi.Cursor { return httpapi.Cursor{ID: f.ID, Total: f.Total} }), nil
}
