package search

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/internal/config"
	"epkr/internal/order"
	"epkr/internal/territory"
)

// ReferenceStage is a stage with both of its names.
type ReferenceStage struct {
	Code    order.Stage `json:"code" doc:"Код"`
	Label   string      `json:"label" doc:"Название"`
	Heading string      `json:"heading" doc:"Название в карточке заказа"`
}

// ReferenceCity is a city with its region.
type ReferenceCity struct {
	Name   string `json:"name" doc:"Название"`
	Region string `json:"region" doc:"Код субъекта Российской Федерации"`
	Area   string `json:"area,omitempty" doc:"Район"`
}

type listOutput[T any] struct {
	// Reference data changes only with a new release.
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Items []T `json:"items"`
	}
}

const (
	referenceTag   = "Справочники"
	referenceCache = "public, max-age=3600"
)

// suggestions is the maximum number of suggested cities.
const suggestions = 20

func reference[T any](items []T) *listOutput[T] {
	out := &listOutput[T]{CacheControl: referenceCache}
	out.Body.Items = items
	return out
}

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Now   func() time.Time
	// MaxFileBytes is the maximum size of an uploaded file.
	MaxFileBytes int64
	// CryptoProScripts are the addresses of the scripts of КриптоПро's browser extension.
	CryptoProScripts []string
	// LandRegistry are the addresses of the services of Rosreestr.
	LandRegistry config.LandRegistry
}

// Service lists orders and the reference data of forms and filters.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the lists.
func (a *Service) Register() {
	a.registerReference()
	a.registerLists()
	a.registerOpenOrders()
	a.registerSavedSearches()
}

// registerReference adds the lists of reference data.
func (a *Service) registerReference() {
	op := func(name, summary string) huma.Operation {
		return huma.Operation{
			OperationID: "list-" + name, Method: http.MethodGet, Path: "/api/reference/" + name, Tags: []string{referenceTag}, Summary: summary,
		}
	}
	httpapi.Register(a.HTTP, op("work-kinds", "Виды кадастровых работ"), httpapi.Public, workKinds)
	httpapi.Register(a.HTTP, op("regions", "Субъекты Российской Федерации"), httpapi.Public, regions)
	httpapi.Register(a.HTTP, op("stages", "Этапы заказа"), httpapi.Public, stages)
	httpapi.Register(a.HTTP, op("cities", "Подсказки городов"), httpapi.Public, cities)
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "get-limits", Method: http.MethodGet, Path: "/api/reference/limits", Tags: []string{referenceTag},
		Summary: "Ограничения, о которых программе полезно знать заранее",
	}, httpapi.Public, a.clientLimits)
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "get-signing", Method: http.MethodGet, Path: "/api/reference/signing", Tags: []string{referenceTag},
		Summary: "Как страница находит плагин КриптоПро",
	}, httpapi.Public, a.signing)
	a.registerLandRegistry()
}

type signingOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		CryptoProScripts []string `json:"cryptoProScripts" nullable:"false" doc:"Адреса сценариев расширения браузера, в порядке попыток"`
	}
}

func (a *Service) signing(context.Context, *struct{}) (*signingOutput, error) {
	out := &signingOutput{CacheControl: referenceCache}
	out.Body.CryptoProScripts = a.CryptoProScripts
	return out, nil
}

type limitsOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		MaxFileBytes int64 `json:"maxFileBytes" doc:"Наибольший файл, в байтах"`
	}
}

func (a *Service) clientLimits(context.Context, *struct{}) (*limitsOutput, error) {
	out := &limitsOutput{CacheControl: referenceCache}
	out.Body.MaxFileBytes = a.MaxFileBytes
	return out, nil
}

func workKinds(context.Context, *struct{}) (*listOutput[wire.Coded], error) {
	var items []wire.Coded
	for _, k := range order.WorkKinds() {
		items = append(items, wire.Coded{Code: string(k.Code), Label: k.Label})
	}
	return reference(items), nil
}

func regions(context.Context, *struct{}) (*listOutput[wire.Coded], error) {
	var items []wire.Coded
	for _, r := range territory.Subjects() {
		items = append(items, wire.Coded{Code: r.Code, Label: r.Name})
	}
	return reference(items), nil
}

func stages(context.Context, *struct{}) (*listOutput[ReferenceStage], error) {
	var items []ReferenceStage
	for _, s := range order.Stages() {
		items = append(items, ReferenceStage{Code: s, Label: s.Label(), Heading: s.Heading()})
	}
	return reference(items), nil
}

func cities(_ context.Context, in *struct {
	Query  string `query:"q" maxLength:"100" doc:"Начало названия"`
	Region string `query:"region" pattern:"^[0-9]{2}$" doc:"Код субъекта Российской Федерации"`
},
) (*listOutput[ReferenceCity], error) {
	items := []ReferenceCity{}
	for _, c := range territory.Suggest(in.Query, in.Region, suggestions) {
		items = append(items, ReferenceCity{Name: c.Name, Region: c.RegionCode, Area: c.Area})
	}
	return reference(items), nil
}
