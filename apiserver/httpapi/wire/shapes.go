package wire

import (
	"github.com/google/uuid"

	"epkr/internal/territory"
)

// Named is somebody with the id and the name under which he appears in an order.
type Named struct {
	ID   uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Name string    `json:"name" doc:"Имя или наименование"`
	Kind string    `json:"kind,omitempty" doc:"person, entrepreneur или organisation; у инженера пусто"`
}

// RegionOf names a region; nil for none.
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
