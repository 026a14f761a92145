package files

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"epkr/apiserver/chats"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// place is what files belong to, an order or a profile, as the caller of a request sees it.
type place interface {
	// address is where the API has the files of the place.
	address() string
	// admit returns the beginning of the row of a new file: the place, and the party whose file it
	// is. It refuses a caller who may not upload now.
	admit(ctx context.Context) (sqlcgen.InsertFileParams, error)
	// find reads a file. One that the caller may not see is reported as not found.
	find(ctx context.Context, id uuid.UUID) (seenFile, error)
	// inUse is the refusal to remove a file that the place names.
	inUse() error
}

// seenFile is a file with the rights of its viewer.
type seenFile struct {
	sqlcgen.FileRow
	// own means that it belongs to the viewer's side; removable that he may remove it while nothing
	// names it.
	own, removable bool
}

// ofOrder is an order as a place of files.
type ofOrder struct {
	*Service
	order uuid.UUID
}

func (p ofOrder) address() string { return "/api/orders/" + p.order.String() + "/files" }

func (p ofOrder) inUse() error { return problems.New(problems.FileInUse) }

func (p ofOrder) admit(ctx context.Context) (sqlcgen.InsertFileParams, error) {
	o, err := p.Orders.LoadForUpload(ctx, p.order)
	if err != nil {
		return sqlcgen.InsertFileParams{}, err
	}
	return sqlcgen.InsertFileParams{OrderID: &p.order, UploaderParty: wire.Optional(o.By.Party)}, nil
}

func (p ofOrder) find(ctx context.Context, id uuid.UUID) (seenFile, error) {
	o, err := p.Orders.LoadVisible(ctx, p.order)
	if err != nil {
		return seenFile{}, err
	}
	f, err := p.fileOf(ctx, id, p.order)
	if err == nil && f.ChatEngineerID != nil {
		err = problems.New(problems.FileNotFound)
	}
	if err != nil {
		return seenFile{}, err
	}
	own := isOwnFile(o.By, f)
	visible, err := p.canSeeFile(ctx, &o, f)
	if err == nil && !visible {
		err = problems.New(problems.FileNotFound)
	}
	return seenFile{FileRow: f, own: isOwnFile(httpapi.SessionFrom(ctx), f), removable: own || o.By.Role == order.RoleCustomer}, err
}

// canSeeFile reports whether the caller may see the file: files of his own party, files of
// documents that he may open, and for the customer all files that are in no document.
func (a *Service) canSeeFile(ctx context.Context, o *orders.Visible, f sqlcgen.FileRow) (bool, error) {
	if isOwnFile(o.By, f) {
		return true, nil
	}
	if !f.Referenced {
		return o.By.Role == order.RoleCustomer, nil
	}
	return o.SeesFile(ctx, a.Store.Queries, f.ID)
}

// isOwnFile reports whether the file belongs to the caller's party: it was uploaded in his role and
// for the same account, by him or by another person who acts for it.
func isOwnFile(c httpapi.Session, f sqlcgen.FileRow) bool {
	own := f.UploaderAccount == c.Party || f.UploaderParty != nil && *f.UploaderParty == c.Party
	return f.UploaderRole == string(c.Role) && own && c.Party != uuid.Nil
}

// ofChat is a chat of an order as a place of files.
type ofChat struct {
	*Service
	chats.Path
}

func (p ofChat) address() string {
	return "/api/orders/" + p.Order.String() + "/chats/" + p.Engineer.String() + "/files"
}

func (p ofChat) inUse() error {
	return problems.New(problems.FileInUse).WithDetail("Файл отправлен в переписку. Отзовите сообщение с ним, пока это можно сделать.")
}

func (p ofChat) admit(ctx context.Context) (sqlcgen.InsertFileParams, error) {
	t, err := p.Chats.LoadForUpload(ctx, p.Path)
	if err != nil {
		return sqlcgen.InsertFileParams{}, err
	}
	return sqlcgen.InsertFileParams{OrderID: &p.Order, ChatEngineerID: &p.Engineer, UploaderParty: wire.Optional(t.By.Party)}, nil
}

// find returns a file that the caller's side has uploaded to the chat, or that a message has: an
// uploaded one, or a document of the order. Without the right to the chat every file is reported as
// not found.
func (p ofChat) find(ctx context.Context, id uuid.UUID) (seenFile, error) {
	t, err := p.Chats.Open(ctx, p.Path)
	if problem := (*problems.Problem)(nil); errors.As(err, &problem) && problem.Code == problems.ChatNotFound {
		return seenFile{}, problems.New(problems.FileNotFound)
	}
	if err != nil {
		return seenFile{}, err
	}
	f, err := p.fileOf(ctx, id, p.Order)
	if err != nil {
		return seenFile{}, err
	}
	own := f.ChatEngineerID != nil && *f.ChatEngineerID == p.Engineer && isOwnFile(t.By, f)
	if own {
		return seenFile{FileRow: f, own: true, removable: true}, nil
	}
	sent, err := p.Chats.HasFile(ctx, t, id)
	if err == nil && !sent {
		err = problems.New(problems.FileNotFound)
	}
	return seenFile{FileRow: f}, err
}

// ofProfile is the caller's own profile as a place of files.
type ofProfile struct {
	*Service
	engineer uuid.UUID
}

func (p ofProfile) address() string { return profileFiles }

func (p ofProfile) inUse() error {
	return problems.New(problems.FileInUse).WithDetail("Файл есть в профиле. Уберите его из профиля и сохраните профиль.")
}

func (p ofProfile) admit(context.Context) (sqlcgen.InsertFileParams, error) {
	return sqlcgen.InsertFileParams{ProfileID: &p.engineer, UploaderParty: &p.engineer}, nil
}

func (p ofProfile) find(ctx context.Context, id uuid.UUID) (seenFile, error) {
	f, err := p.fileOf(ctx, id, p.engineer)
	return seenFile{FileRow: f, own: true, removable: true}, err
}
