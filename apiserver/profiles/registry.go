package profiles

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi/wire"
	"epkr/internal/registry"
)

// RegistryStatus describes [registry.Status] in the API.
type RegistryStatus string

// Schema lists the states in the description of the API, for huma.
func (RegistryStatus) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]registry.Status{registry.StatusActive, registry.StatusExcluded, registry.StatusSuspended, registry.StatusDeceased})
}

// RegistryEntry is what АИС «Реестр СРО» says of an engineer. Dates are empty if there are none.
type RegistryEntry struct {
	Number string `json:"number" doc:"Номер в реестре"`
	SRO    string `json:"sro" doc:"СРО"`
	// SRONumber and the rest are empty for an engineer whose entry was never loaded completely.
	SRONumber        string               `json:"sroNumber,omitempty" doc:"Номер СРО в государственном реестре"`
	SROIn            string               `json:"sroIn,omitempty" format:"date" doc:"Дата вступления в СРО"`
	SROOut           string               `json:"sroOut,omitempty" format:"date" doc:"Дата выхода из СРО"`
	SROOutReason     string               `json:"sroOutReason,omitempty" doc:"Основание выхода"`
	AttestatNumber   string               `json:"attestatNumber,omitempty" doc:"Номер аттестата"`
	AttestatDate     string               `json:"attestatDate,omitempty" format:"date" doc:"Дата аттестата"`
	AttestatAnnulled string               `json:"attestatAnnulled,omitempty" format:"date" doc:"Когда аттестат аннулирован"`
	Active           bool                 `json:"active" doc:"Действующий статус"`
	Status           RegistryStatus       `json:"status,omitempty" doc:"Состояние членства"`
	StatusLabel      string               `json:"statusLabel,omitempty" doc:"Состояние членства словами"`
	Disciplinary     []DisciplinaryAction `json:"disciplinary" nullable:"false" doc:"Дисциплинарные взыскания, новые сначала"`
	Results          []ActivityResult     `json:"results" nullable:"false" doc:"Результаты профессиональной деятельности, новые сначала"`
	AsOf             time.Time            `json:"asOf" doc:"На какой момент сведения"`
}

// DisciplinaryAction is one disciplinary measure.
type DisciplinaryAction struct {
	Date   string `json:"date" format:"date" doc:"Дата"`
	Kind   string `json:"kind" doc:"Вид взыскания"`
	Ground string `json:"ground" doc:"Основание"`
	Until  string `json:"until,omitempty" format:"date" doc:"До какого числа действует"`
}

// ActivityResult is the professional activity of a period.
type ActivityResult struct {
	Period      string `json:"period" doc:"Год или квартал"`
	Filed       int    `json:"filed" doc:"Подано документов для учёта"`
	Refusals    int    `json:"refusals" doc:"Отказано"`
	Suspensions int    `json:"suspensions" doc:"Приостановлено"`
}

// NewRegistryEntry converts the stored entry of an engineer, which may be null. number, sro and
// active are columns of his own.
func NewRegistryEntry(stored json.RawMessage, number, sro string, active bool, asOf time.Time) (RegistryEntry, error) {
	e := RegistryEntry{
		Number: number, SRO: sro, Active: active, AsOf: asOf, Disciplinary: []DisciplinaryAction{}, Results: []ActivityResult{},
	}
	if len(stored) == 0 {
		return e, nil
	}
	var row registry.Row
	if err := json.Unmarshal(stored, &row); err != nil {
		return e, fmt.Errorf("reading the registry's entry of an engineer: %w", err)
	}
	e.SRONumber, e.SROIn, e.SROOut, e.SROOutReason = row.SRONumber, row.SROIn.String(), row.SROOut.String(), row.SROOutReason
	e.AttestatNumber, e.AttestatDate, e.AttestatAnnulled = row.AttestatNumber, row.AttestatDate.String(), row.AttestatAnnulled.String()
	if row.Status.Valid() && (active || row.Status != registry.StatusActive) { // who is not in the snapshot any more keeps his last entry
		e.Status, e.StatusLabel = RegistryStatus(row.Status), row.Status.Label()
	}
	for i := range row.Disciplinary {
		d := row.Disciplinary[len(row.Disciplinary)-1-i]
		e.Disciplinary = append(e.Disciplinary, DisciplinaryAction{d.Date.String(), d.Kind, d.Ground, d.Until.String()})
	}
	for i := range row.Results {
		r := row.Results[len(row.Results)-1-i]
		e.Results = append(e.Results, ActivityResult{r.Period, r.Filed, r.Refusals, r.Suspensions})
	}
	return e, nil
}
