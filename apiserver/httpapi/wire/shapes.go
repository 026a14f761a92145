package wire

import (
	"github.com/google/uuid"

	"epkr/internal/order"
	"epkr/internal/territory"
)

// Named is a person or organisation with the id and name shown in an order.
type Named struct {
	ID           uuid.UUID          `json:"id" format:"uuid" doc:"Идентификатор"`
	Name         string             `json:"name" doc:"Имя или наименование"`
	RegistryName *string            `json:"registryName,omitempty" doc:"У инженера: как назван в АИС «Реестр СРО», если иначе"`
	Kind         order.CustomerKind `json:"kind,omitempty" doc:"Кто он; у инженера пусто"`
}

// RegionOf returns a region with its name; nil for an empty code.
func RegionOf(code string) *Coded {
	if code == "" {
		return nil
	}
	r, _ := territory.RegionByCode(code)
	return &Coded{Code: code, Label: r.Name}
}

// Coded is a code with its name.
type Coded struct {
	Code  string `json:"code" doc:"Код"`
	Label string `json:"label" doc:"Название"`
}
