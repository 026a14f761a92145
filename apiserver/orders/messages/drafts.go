package messages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// maxForm is the maximum size of a form that is saved while it is filled in, in bytes of JSON.
const maxForm = 64 << 10

// editable are the stages in which a customer edits the form: of a draft, or of changed conditions.
var editable = []order.Stage{order.Draft, order.Selection, order.Contracting}

func (a *Service) registerDrafts() {
	create := messageOperation(order.Create)
	create.Path, create.DefaultStatus = "/api/orders", http.StatusCreated
	httpapi.Register(a.HTTP, create, httpapi.Customers, a.createOrder)
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "get-form", Method: http.MethodGet, Path: "/api/orders/{order}/form", Tags: []string{orders.Tag},
		Summary: "Сохранённая форма заказа", Errors: []int{http.StatusNotFound},
	}, httpapi.Customers, a.getForm)
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "save-form", Method: http.MethodPut, Path: "/api/orders/{order}/form", Tags: []string{orders.Tag},
		Summary: "Сохранить форму заказа, пока она заполняется", MaxBodyBytes: maxForm,
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge},
	}, httpapi.Customers, a.saveForm)
}

// createOrder starts the order's workflow with the message that creates the draft. The order's id
// is derived from the key, so that a repeated request finds the same order.
func (a *Service) createOrder(ctx context.Context, in *struct{ httpapi.Idempotent }) (*messageOutput, error) {
	id := workflowapi.NewOrderID(httpapi.SessionFrom(ctx).Actor(), in.Key)
	return a.send(ctx, messageRequest{kind: order.Create, order: id, key: in.Key})
}

// checkDraftLimit refuses a draft above the limit. The lock makes concurrent drafts count one after
// the other.
func (a *Service) checkDraftLimit(ctx context.Context, p *db.Pipeline, by httpapi.Session, now time.Time) error {
	most := a.MaxDrafts
	if most == 0 {
		return nil
	}
	if err := p.Deferred.LockDraftsOf(ctx, by.Party.String()); err != nil {
		return fmt.Errorf("counting drafts: %w", err)
	}
	drafts, err := p.Immediate.CountDrafts(ctx, sqlcgen.CountDraftsParams{Party: by.Party, PersonID: by.Person, Since: now.Add(-unansweredWindow)})
	if err != nil {
		return fmt.Errorf("counting drafts: %w", err)
	}
	if drafts > int64(most) { // the count includes this one
		return problems.New(problems.TooManyDrafts).WithDetail(fmt.Sprintf(
			"У вас уже %d проектов заказов: больше платформа не хранит. Опубликуйте или удалите ненужные и повторите.", most))
	}
	return nil
}

// FormContent is a partially filled form: any field may be missing or invalid.
type FormContent struct {
	Details map[string]any `json:"details,omitempty" doc:"Условия заказа, насколько они заполнены"`
	Text    map[string]any `json:"text,omitempty" doc:"Текст заказа, насколько он заполнен"`
}

// SavedForm is a saved form with its version.
type SavedForm struct {
	Form FormContent `json:"form"`
	// Version is the number of times the form was saved; 0 means never.
	Version   int32      `json:"version" minimum:"0" doc:"Сколько раз форма сохранена"`
	UpdatedAt *time.Time `json:"updatedAt,omitempty" doc:"Когда сохранена"`
}

type savedFormOutput struct{ Body SavedForm }

func (a *Service) getForm(ctx context.Context, in *orders.OrderPath) (*savedFormOutput, error) {
	if _, err := a.editableOrder(ctx, in); err != nil {
		return nil, err
	}
	row, err := a.Store.Form(ctx, in.Order)
	if errors.Is(err, db.ErrNotFound) {
		return &savedFormOutput{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading a saved form: %w", err)
	}
	out := &savedFormOutput{Body: SavedForm{Version: row.Version, UpdatedAt: &row.UpdatedAt}}
	if err := json.Unmarshal(row.Form, &out.Body.Form); err != nil {
		return nil, fmt.Errorf("reading a saved form: %w", err)
	}
	return out, nil
}

// saveForm stores the form unless another version was saved since the caller read his.
func (a *Service) saveForm(ctx context.Context, in *struct {
	orders.OrderPath
	Body struct {
		FormContent
		Version int32 `json:"version" minimum:"0" maximum:"2147483647" doc:"Номер сохранения, которое вы изменяли; 0 для первого"`
	}
},
) (*savedFormOutput, error) {
	if _, err := a.editableOrder(ctx, &in.OrderPath); err != nil {
		return nil, err
	}
	form, err := json.Marshal(in.Body.FormContent)
	if err != nil {
		return nil, fmt.Errorf("encoding a form: %w", err)
	}
	saved, err := a.Store.SaveForm(ctx, sqlcgen.SaveFormParams{
		OrderID: in.Order, AuthorID: httpapi.SessionFrom(ctx).Person, Form: form, Version: in.Body.Version,
	})
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, problems.New(problems.FormVersion)
	case db.IsIntegrityViolation(err): // the draft was deleted concurrently
		return nil, problems.New(problems.OrderNotFound)
	case err != nil:
		return nil, fmt.Errorf("saving a form: %w", err)
	}
	return &savedFormOutput{Body: SavedForm{Form: in.Body.FormContent, Version: saved.Version, UpdatedAt: &saved.UpdatedAt}}, nil
}

// editableOrder reads an order of the caller whose conditions may still change.
func (a *Service) editableOrder(ctx context.Context, in *orders.OrderPath) (orders.Visible, error) {
	o, err := a.Orders.LoadVisible(ctx, in.Order)
	if err != nil {
		return o, err
	}
	if !slices.Contains(editable, o.State.Stage) {
		return o, problems.Refused(order.Refusal{
			Code: order.CodeStage, Reason: "Условия заказа на этапе «" + o.State.Stage.Label() + "» не изменяются.",
		})
	}
	return o, nil
}
