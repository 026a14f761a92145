package chats

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// Thread is a chat as the caller of a request sees it.
type Thread struct {
	sqlcgen.ShownChat
	// By is the caller as the order identifies him: a customer whose accounts were merged acts as
	// the account of the order.
	By httpapi.Session
	// Now is the time of the request.
	Now time.Time
}

// The reasons why nobody, or the viewer, may write to a chat.
const (
	readOnly  = "Эту переписку ведут заказчик и кадастровый инженер, вы можете её только читать."
	lapsed    = "Отклик отозван или предложение заказа больше не действует, поэтому писать в эту переписку нельзя. Её можно читать."
	notChosen = "Этот кадастровый инженер не исполнитель заказа, поэтому писать в эту переписку нельзя. Её можно читать."
	longEnded = "После окончания заказа прошло больше 30 дней, поэтому писать в эту переписку нельзя. Её можно читать."
)

// mayRead reports whether a person may read a chat. It must agree with the query Chats.
func mayRead(c *sqlcgen.ShownChat, by httpapi.Session) bool {
	switch by.Role {
	case order.RoleCustomer:
		return by.Party == c.CustomerAccount || by.Party == c.CustomerID
	case order.RoleEngineer:
		return by.Party == c.EngineerID
	case order.RoleEmployer:
		return by.Party != uuid.Nil && (by.Party == c.CandidateEmployer || c.EmployerID != nil && by.Party == *c.EmployerID)
	case order.RoleModerator:
		return c.DisputedSince != ""
	}
	return false
}

// find reads a chat; found is false if there is none.
func (a *Service) find(ctx context.Context, q *sqlcgen.Queries, at Path) (c sqlcgen.ShownChat, found bool, err error) {
	row, err := q.Chat(ctx, sqlcgen.ChatParams{OrderID: at.Order, EngineerID: at.Engineer})
	switch {
	case errors.Is(err, db.ErrNotFound):
		return c, false, nil
	case err != nil:
		return c, false, fmt.Errorf("reading a chat: %w", err)
	}
	return row.ShownChat, true, nil
}

// load reads a chat for the caller. One that he may not read is reported as not found, as one that
// does not exist.
func (a *Service) load(ctx context.Context, at Path) (*Thread, error) {
	httpapi.RequestFrom(ctx).Order = at.Order
	c, found, err := a.find(ctx, a.Store.Queries, at)
	if err != nil {
		return nil, err
	}
	by := httpapi.SessionFrom(ctx)
	if !found || !mayRead(&c, by) {
		return nil, problems.New(problems.ChatNotFound)
	}
	return a.threadOf(c, by), nil
}

func (a *Service) threadOf(c sqlcgen.ShownChat, by httpapi.Session) *Thread {
	if by.Role == order.RoleCustomer {
		by.Party = c.CustomerID
	}
	return &Thread{ShownChat: c, By: by, Now: a.Now().UTC()}
}

// Open reads a chat whose content is shown to the caller. The chat tells its parties of the first
// reading of a moderator in each dispute.
func (a *Service) Open(ctx context.Context, at Path) (*Thread, error) {
	t, err := a.load(ctx, at)
	if err != nil || t.By.Role != order.RoleModerator {
		return t, err
	}
	return a.tellOfModerator(ctx, t)
}

// LoadForUpload reads a chat to which the caller may write now.
func (a *Service) LoadForUpload(ctx context.Context, at Path) (*Thread, error) {
	t, err := a.load(ctx, at)
	if err != nil {
		return nil, err
	}
	return t, t.requireWritable()
}

// HasFile reports whether a message of the chat has the file. Withdrawn messages count for the
// moderator only.
func (a *Service) HasFile(ctx context.Context, t *Thread, file uuid.UUID) (bool, error) {
	has, err := a.Store.FileInChat(ctx, sqlcgen.FileInChatParams{
		FileID: file, OrderID: t.OrderID, EngineerID: t.EngineerID, Withdrawn: t.By.Role == order.RoleModerator,
	})
	if err != nil {
		return false, fmt.Errorf("finding a file in a chat: %w", err)
	}
	return has, nil
}

// isOfParty reports whether the caller is of one of the two sides that write.
func (t *Thread) isOfParty() bool {
	return t.By.Role == order.RoleCustomer || t.By.Role == order.RoleEngineer
}

// closedReason returns why the caller may not write to the chat; empty if he may.
func (t *Thread) closedReason() string {
	switch {
	case !t.isOfParty():
		return readOnly
	case !t.Open && order.Stage(t.Stage) == order.Selection:
		return lapsed
	case !t.Open:
		return notChosen
	case t.EndedAt != nil && !t.Now.Before(t.EndedAt.Add(writingTerm)):
		return longEnded
	}
	return ""
}

func (t *Thread) requireWritable() error {
	if reason := t.closedReason(); reason != "" {
		return problems.New(problems.ChatClosed).WithDetail(reason)
	}
	return nil
}

func (t *Thread) writing() Writing {
	w := Writing{ClosedReason: t.closedReason()}
	w.Writable = w.ClosedReason == ""
	if w.Writable && t.EndedAt != nil {
		at := t.EndedAt.Add(writingTerm)
		w.ClosesAt = &at
	}
	return w
}

// knowsCustomer reports whether the caller may know who the customer is: an engineer learns it as
// the performer.
func (t *Thread) knowsCustomer() bool {
	return t.Performs || t.By.Role == order.RoleCustomer || t.By.Role == order.RoleModerator
}

// The name of a customer whom the viewer may not know, and of the platform.
const (
	anyCustomer  = "Заказчик"
	platformName = "Платформа"
)

// counterpart returns with whom the caller corresponds, or who correspond with each other.
func (t *Thread) counterpart() string {
	customer, engineer := anyCustomer, "Кадастровый инженер "+t.EngineerName
	if t.knowsCustomer() {
		customer += " " + t.CustomerName
	}
	switch t.By.Role {
	case order.RoleCustomer:
		return engineer
	case order.RoleEngineer:
		return customer
	}
	return customer + ", кадастровый инженер " + t.EngineerName
}
