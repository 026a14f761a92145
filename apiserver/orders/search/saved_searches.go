package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/searchtext"
)

const (
	// maxSearches is how many searches an engineer may save; the text of the problem names it.
	maxSearches = 20
	// noticeFound is the kind of the notification that a saved search has found a new order.
	noticeFound = "saved-search"
	// announcedPage is how many orders one round compares with the saved searches; announcedEvery is
	// the pause between two rounds.
	announcedPage  = 100
	announcedEvery = 3 * time.Second
)

// SavedSearch is a search of open orders that an engineer has saved under a name.
type SavedSearch struct {
	ID        uuid.UUID    `json:"id" format:"uuid" doc:"Идентификатор"`
	Version   int32        `json:"version" doc:"Растёт с каждым изменением"`
	Name      string       `json:"name" doc:"Название"`
	Filters   OrderFilters `json:"filters" doc:"Фильтр, как у поиска по заказам"`
	Notify    bool         `json:"notify" doc:"Уведомлять о новых заказах"`
	CreatedAt time.Time    `json:"createdAt" doc:"Когда сохранён"`
}

// SavedSearchSettings are the settings of a saved search besides its filters.
type SavedSearchSettings struct {
	Name   string `json:"name" format:"line" minLength:"1" maxLength:"100" doc:"Название, у каждого поиска своё"`
	Notify bool   `json:"notify" doc:"Уведомлять о новых заказах"`
}

// SavedPath names a saved search.
type SavedPath struct {
	Search uuid.UUID `path:"search" format:"uuid" doc:"Сохранённый поиск"`
}

type savedSearchOutput struct{ Body SavedSearch }

func (a *Service) registerSavedSearches() {
	const collection, one = "/api/saved-searches", "/api/saved-searches/{search}"
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "list-saved-searches", Method: http.MethodGet, Path: collection, Tags: []string{orders.Tag}, Summary: "Сохранённые поиски, по названию",
	}, httpapi.Engineers, a.savedSearches)
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "create-saved-search", Method: http.MethodPost, Path: collection, Tags: []string{orders.Tag}, DefaultStatus: http.StatusCreated,
		Summary: "Сохранить поиск по заказам", Errors: []int{http.StatusConflict},
	}, httpapi.Engineers, a.createSavedSearch)
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "change-saved-search", Method: http.MethodPut, Path: one, Tags: []string{orders.Tag},
		Summary: "Изменить сохранённый поиск", Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, httpapi.Engineers, a.changeSavedSearch)
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "delete-saved-search", Method: http.MethodDelete, Path: one, Tags: []string{orders.Tag}, DefaultStatus: http.StatusNoContent,
		Summary: "Удалить сохранённый поиск", Errors: []int{http.StatusNotFound},
	}, httpapi.Engineers, a.deleteSavedSearch)
	a.HTTP.Every(announcedEvery, "notifying engineers of the orders that their saved searches find", a.NotifyFound)
}

// NoticeText returns the text of a notification of this package; "" for other kinds.
func NoticeText(kind string) string {
	if kind == noticeFound {
		return "Появился заказ по вашему сохранённому поиску {}"
	}
	return ""
}

func savedSearch(id uuid.UUID, version int32, name string, filters json.RawMessage, notify bool, createdAt time.Time) (SavedSearch, error) {
	found := SavedSearch{ID: id, Version: version, Name: name, Notify: notify, CreatedAt: createdAt}
	if err := json.Unmarshal(filters, &found.Filters); err != nil {
		return found, fmt.Errorf("reading the filters of a saved search: %w", err)
	}
	return found, nil
}

func (a *Service) savedSearches(ctx context.Context, _ *struct{}) (*savedSearchList, error) {
	rows, err := a.Store.SavedSearches(ctx, httpapi.SessionFrom(ctx).Party)
	if err != nil {
		return nil, fmt.Errorf("listing saved searches: %w", err)
	}
	out := &savedSearchList{}
	out.Body.Items = make([]SavedSearch, len(rows))
	for i, r := range rows {
		if out.Body.Items[i], err = savedSearch(r.ID, r.Version, r.Name, r.Filters, r.Notify, r.CreatedAt); err != nil {
			return nil, err
		}
	}
	return out, nil
}

type savedSearchList struct {
	Body struct {
		Items []SavedSearch `json:"items" nullable:"false" doc:"Не больше 20"`
	}
}

// read returns a saved search of the engineer.
func (a *Service) read(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (SavedSearch, error) {
	r, err := q.SavedSearch(ctx, sqlcgen.SavedSearchParams{ID: id, EngineerID: httpapi.SessionFrom(ctx).Party})
	if errors.Is(err, db.ErrNotFound) {
		return SavedSearch{}, problems.New(problems.NotFound)
	}
	if err != nil {
		return SavedSearch{}, fmt.Errorf("reading a saved search: %w", err)
	}
	return savedSearch(r.ID, r.Version, r.Name, r.Filters, r.Notify, r.CreatedAt)
}

// createSavedSearch saves a search. The same key is the same search, also if it was changed since.
func (a *Service) createSavedSearch(ctx context.Context, in *struct {
	httpapi.Idempotent
	Body struct {
		SavedSearchSettings
		Filters OrderFilters `json:"filters" doc:"Фильтр, как у поиска по заказам"`
	}
},
) (*savedSearchOutput, error) {
	by := httpapi.SessionFrom(ctx)
	id := in.ID(by, "saved-search")
	row, err := changeOf(in.Body.Filters)
	if err != nil {
		return nil, err
	}
	out := &savedSearchOutput{}
	err = a.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.LockSearchesOf(ctx, by.Party.String()); err != nil {
			return fmt.Errorf("locking the saved searches of an engineer: %w", err)
		}
		if earlier, err := a.read(ctx, q, id); err == nil {
			out.Body = earlier
			return nil
		}
		saved, err := q.CountSearches(ctx, by.Party)
		if err != nil {
			return fmt.Errorf("counting saved searches: %w", err)
		}
		if saved >= maxSearches {
			return problems.New(problems.TooManySearches)
		}
		if err := q.InsertSavedSearch(ctx, sqlcgen.InsertSavedSearchParams{
			ID: id, EngineerID: by.Party, Name: in.Body.Name, Filters: row.Filters, Regions: row.Regions, PlaceWords: row.PlaceWords,
			NumberParts: row.NumberParts, Notify: in.Body.Notify, CreatedAt: a.Now().UTC(),
		}); err != nil {
			return sameName(err, "saving a search")
		}
		out.Body, err = a.read(ctx, q, id)
		return err
	})
	return out, err
}

// changeOf returns the columns that repeat the filters for the comparison with orders.
func changeOf(filters OrderFilters) (sqlcgen.UpdateSavedSearchParams, error) {
	encoded, err := json.Marshal(filters)
	if err != nil {
		return sqlcgen.UpdateSavedSearchParams{}, fmt.Errorf("encoding the filters of a search: %w", err)
	}
	return sqlcgen.UpdateSavedSearchParams{
		Filters: encoded, Regions: wire.NonNil(filters.Regions), PlaceWords: searchtext.Places(filters.Place).All,
		NumberParts: searchtext.Number(filters.Number).All,
	}, nil
}

// sameName explains that the engineer has another search of the name.
func sameName(err error, doing string) error {
	if db.IsUniqueViolation(err, "saved_searches_name") {
		return problems.Invalid(problems.FieldProblem{Field: "name", Message: "Поиск с таким названием у вас уже есть. Выберите другое."})
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func (a *Service) changeSavedSearch(ctx context.Context, in *struct {
	SavedPath
	Body struct {
		SavedSearchSettings
		Version int32         `json:"version" minimum:"1" maximum:"1000000000" doc:"version, которую видел человек"`
		Filters *OrderFilters `json:"filters,omitempty" doc:"Новый фильтр; без него остаётся прежний"`
	}
},
) (*savedSearchOutput, error) {
	by, out := httpapi.SessionFrom(ctx), &savedSearchOutput{}
	err := a.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		before, err := a.read(ctx, q, in.Search)
		if err != nil {
			return err
		}
		if in.Body.Filters != nil {
			before.Filters = *in.Body.Filters
		}
		change, err := changeOf(before.Filters)
		if err != nil {
			return err
		}
		change.ID, change.EngineerID, change.Version, change.UpdatedAt = in.Search, by.Party, in.Body.Version, a.Now().UTC()
		change.Name, change.Notify = in.Body.Name, in.Body.Notify
		changed, err := q.UpdateSavedSearch(ctx, change)
		if err != nil {
			return sameName(err, "changing a saved search")
		}
		if changed == 0 {
			return problems.New(problems.SearchChanged)
		}
		out.Body, err = a.read(ctx, q, in.Search)
		return err
	})
	return out, err
}

func (a *Service) deleteSavedSearch(ctx context.Context, in *SavedPath) (*struct{}, error) {
	deleted, err := a.Store.DeleteSavedSearch(ctx, sqlcgen.DeleteSavedSearchParams{ID: in.Search, EngineerID: httpapi.SessionFrom(ctx).Party})
	if err != nil {
		return nil, fmt.Errorf("deleting a saved search: %w", err)
	}
	if deleted == 0 {
		return nil, problems.New(problems.NotFound)
	}
	return nil, nil
}

// NotifyFound compares every order that was published, changed or opened again with the saved
// searches, and notifies the engineers whose searches find it. The order is forgotten only together
// with the notifications, so a crash repeats it, and an engineer is told of an order once.
func (a *Service) NotifyFound(ctx context.Context) error {
	for {
		announced, err := a.Store.AnnouncedOrders(ctx, announcedPage)
		if err != nil {
			return fmt.Errorf("listing new orders: %w", err)
		}
		for _, one := range announced {
			if err := a.notifyFound(ctx, one); err != nil {
				return err
			}
		}
		if len(announced) < announcedPage {
			return nil
		}
	}
}

func (a *Service) notifyFound(ctx context.Context, announced sqlcgen.AnnouncedOrder) error {
	return a.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		told, err := q.NotifySavedSearches(ctx, sqlcgen.NotifySavedSearchesParams{OrderID: announced.OrderID, At: a.Now().UTC()})
		if err != nil {
			return fmt.Errorf("comparing an order with the saved searches: %w", err)
		}
		if err := q.ForgetAnnouncedOrder(ctx, sqlcgen.ForgetAnnouncedOrderParams(announced)); err != nil {
			return fmt.Errorf("forgetting a new order: %w", err)
		}
		if told == 0 {
			return nil
		}
		return db.OrderChange{Order: announced.OrderID.String(), Found: true}.Notify(ctx, q)
	})
}
