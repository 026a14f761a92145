package search

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi"
)

type landRegistryOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Cabinet    string `json:"cabinet" format:"uri" doc:"Личный кабинет кадастрового инженера"`
		Accounting string `json:"accounting" format:"uri" doc:"ГКУ"`
		Rights     string `json:"rights" format:"uri" doc:"ГРП"`
		Both       string `json:"both" format:"uri" doc:"ГКУ/ГРП: учёт с одновременной регистрацией"`
	}
}

// registerLandRegistry adds the addresses to which the card of an order leads its performer.
func (a *Service) registerLandRegistry() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "get-land-registry", Method: http.MethodGet, Path: "/api/reference/land-registry", Tags: []string{referenceTag},
		Summary: "Адреса сервисов Росреестра",
	}, httpapi.Public, a.landRegistry)
}

func (a *Service) landRegistry(context.Context, *struct{}) (*landRegistryOutput, error) {
	out := &landRegistryOutput{CacheControl: referenceCache}
	out.Body.Cabinet, out.Body.Accounting = a.LandRegistry.Cabinet, a.LandRegistry.Accounting
	out.Body.Rights, out.Body.Both = a.LandRegistry.Rights, a.LandRegistry.Both
	return out, nil
}
