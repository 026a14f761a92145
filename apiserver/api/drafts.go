package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// maxForm bounds a form that is saved while it is filled in, bytes of JSON.
const maxForm = 64 << 10

// editable are the stages in which a customer fills in the form: of a draft, or of changed conditions.
var editable = []order.Stage{order.Draft, order.Selection, order.Contracting}

func (a *orderAPI) registerDrafts() {
	create := messageOperation(order.Create)
	create.Path, create.DefaultStatus = "/api/orders", http.StatusCreated
	register(a.Server, create, customers, a.createOrder)
	register(a.Server, huma.Operation{
		OperationID: "get-form", Method: http.MethodGet, Path: "/api/orders/{order}/form", Tags: []string{orderTag},
		Summary: "Сохранённая форма заказа", Errors: []int{http.StatusNotFound},
	}, customers, a.getForm)
	register(a.Server, huma.Operation{
		OperationID: "save-form", Method: http.MethodPut, Path: "/api/orders/{order}/form", Tags: []string{orderTag},
		Summary: "Сохранить форму заказа, пока она заполняется", MaxBodyBytes: maxForm,
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge},
	}, customers, a.saveForm)
}

// createOrder starts the order's workflow with the message that makes it a draft. Its id follows from the key, so that a
// repeated one finds the same order.
func (a *orderAPI) createOrder(ctx context.Context, in *struct{ Idempotent }) (*messageOutput, error) {
	id := workflowapi.NewOrderID(sessionFrom(ctx).actor(), in.Key)
	return a.send(ctx, outgoing{kind: order.Create, order: id, key: in.Key})
}

// draftsLeft refuses one draft too many. Those that are made at once are counted one after the other.
func (a *orderAPI) draftsLeft(ctx context.Context, p *db.Pipeline, by session, now time.Time) error {
	most := a.Config.Limits.Drafts
	if most == 0 {
		return nil
	}
	if err := p.Deferred.LockDraftsOf(ctx, by.Party.String()); err != nil {
		return fmt.Errorf("counting drafts: %w", err)
	}
	drafts, err := p.Immediate.CountDrafts(ctx, sqlcgen.CountDraftsParams{Party: by.Party, PersonID: by.Person, Since: now.Add(-unansweredSince)})
	if err != nil {
		return fmt.Errorf("counting drafts: %w", err)
	}
	if drafts > int64(most) { // this one is counted already
		return problem(codeTooManyDrafts).withDetail(fmt.Sprintf(
			"У вас уже %d проектов заказов: больше платформа не хранит. Опубликуйте или удалите ненужные и повторите.", most))
	}
	return nil
}

// FormContent is a form as far as it is filled in: any part may be missing or still wrong.
type FormContent struct {
	Details map[string]any `json:"details,omitempty" doc:"Условия заказа, насколько они заполнены"`
	Text    map[string]any `json:"text,omitempty" doc:"Текст заказа, насколько он заполнен"`
}

// SavedForm is a form with the number of its saving.
type SavedForm struct {
	Form FormContent `json:"form"`
	// Version counts savings; 0 means that nothing is saved yet.
	Version   int32      `json:"version" minimum:"0" doc:"Сколько раз форма сохранена"`
	UpdatedAt *time.Time `json:"updatedAt,omitempty" doc:"Когда сохранена"`
}

type savedFormOutput struct{ Body SavedForm }

func (a *orderAPI) getForm(ctx context.Context, in *OrderPath) (*savedFormOutput, error) {
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

// saveForm keeps the form unless somebody saved another one since the caller read his.
func (a *orderAPI) saveForm(ctx context.Context, in *struct {
	OrderPath
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
		OrderID: in.Order, AuthorID: sessionFrom(ctx).Person, Form: form, Version: in.Body.Version,
	})
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, problem(codeFormVersion)
	case db.IsIntegrityViolation(err): // the draft was deleted in this very moment
		return nil, problem(codeOrderNotFound)
	case err != nil:
		return nil, fmt.Errorf("saving a form: %w", err)
	}
	return &savedFormOutput{Body: SavedForm{Form: in.Body.FormContent, Version: saved.Version, UpdatedAt: &saved.UpdatedAt}}, nil
}

// editableOrder is an order of the caller's whose conditions may still change.
func (a *orderAPI) editableOrder(ctx context.Context, in *OrderPath) (seenOrder, error) {
	o, err := a.look(ctx, in.Order)
	if err != nil {
		return o, err
	}
	if !slices.Contains(editable, o.state.Stage) {
		return o, refused(order.Refusal{
			Code: order.CodeStage, Reason: "Условия заказа на этапе «" + o.state.Stage.Label() + "» не изменяются.",
		})
	}
	return o, nil
}
