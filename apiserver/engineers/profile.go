package engineers

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
	"epkr/apiserver/profiles"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/registry"
)

// PublicWork is a kind of work that an engineer does.
type PublicWork struct {
	Kind  wire.Coded `json:"kind" doc:"Вид работ"`
	Price *int64     `json:"price,omitempty" doc:"Цена от, в копейках; нет — по договоренности"`
}

// DisciplinaryMeasure is a disciplinary measure.
type DisciplinaryMeasure struct {
	Date   string `json:"date" format:"date" doc:"Когда применена"`
	Kind   string `json:"kind" doc:"Какая, словами СРО"`
	Ground string `json:"ground,omitempty" doc:"За что, словами СРО"`
	Until  string `json:"until,omitempty" format:"date" doc:"До какого дня действует"`
}

// ProfessionalActivity is an engineer's professional activity in a period, as his СРО counts it.
type ProfessionalActivity struct {
	Period      string `json:"period" doc:"Год или квартал: 2025, 2025-Q3"`
	Filed       int    `json:"filed" doc:"Документов, представленных на учёт"`
	Refusals    int    `json:"refusals" doc:"Отказов"`
	Suspensions int    `json:"suspensions" doc:"Приостановлений"`
}

// PublicRegistryEntry is what АИС «Реестр СРО» says of an engineer, without his СНИЛС.
type PublicRegistryEntry struct {
	Number   string                 `json:"number" doc:"Номер в реестре"`
	SRO      string                 `json:"sro" doc:"СРО"`
	MemberOf string                 `json:"memberSince,omitempty" format:"date" doc:"В СРО с"`
	AsOf     string                 `json:"asOf,omitempty" format:"date" doc:"По данным реестра на этот день"`
	Measures []DisciplinaryMeasure  `json:"measures" nullable:"false" doc:"Дисциплинарные взыскания, новые сначала"`
	Results  []ProfessionalActivity `json:"results" nullable:"false" doc:"Результаты профессиональной деятельности, новые сначала"`
}

// FilePurpose is what a file of a profile shows.
type FilePurpose string

// The purposes of the files that everybody may see.
const (
	Diploma FilePurpose = "diploma"
	Sample  FilePurpose = "sample"
)

// Schema lists the purposes in the description of the API, for huma.
func (FilePurpose) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]FilePurpose{Diploma, Sample})
}

// PublicFile is a file that an engineer shows.
type PublicFile struct {
	ID      uuid.UUID   `json:"id" format:"uuid" doc:"Идентификатор"`
	Purpose FilePurpose `json:"purpose" doc:"Диплом, аттестат, лицензия или пример работы"`
	Title   string      `json:"title" doc:"Название, а без него имя файла"`
	Type    string      `json:"type" doc:"Тип содержимого"`
	Size    int64       `json:"size" doc:"Размер в байтах"`
	URL     string      `json:"url" doc:"Откуда скачать"`
}

// PublicProfile is an engineer as others see him.
type PublicProfile struct {
	ListedEngineer
	Listed       bool                `json:"listed" doc:"Есть в общем списке"`
	Unlisted     UnlistedReason      `json:"unlistedReason,omitempty" doc:"Почему его нет в общем списке: not-in-registry — нет действующего статуса в реестре; blocked — заблокирован модератором; account-off — не пользуется платформой; incomplete — не заполнен профиль"`
	Website      string              `json:"website,omitempty" doc:"Личный сайт"`
	Email        string              `json:"email,omitempty" doc:"Электронная почта для заказов"`
	Phone        string              `json:"phone,omitempty" doc:"Телефон для заказов"`
	Residence    string              `json:"residence,omitempty" doc:"Где проживает"`
	About        string              `json:"about,omitempty" doc:"О себе"`
	Experienced  string              `json:"experienceText,omitempty" doc:"Опыт работы, словами"`
	WorkingHours string              `json:"workingHours,omitempty" doc:"Часы работы"`
	Education    string              `json:"education,omitempty" doc:"Образование"`
	Works        []PublicWork        `json:"works" nullable:"false" doc:"Виды работ и стоимость"`
	Files        []PublicFile        `json:"files" nullable:"false" doc:"Дипломы, аттестаты, лицензии и примеры работ"`
	Registry     PublicRegistryEntry `json:"registry"`
	MarkCounts   []MarkCount         `json:"markCounts" nullable:"false" doc:"Сколько каких оценок, высшая сначала"`
}

// UnlistedReason is why an engineer is not in the public list.
type UnlistedReason string

// The reasons, as the rules of orders name and order them.
const (
	NotInRegistry UnlistedReason = "not-in-registry"
	Blocked       UnlistedReason = "blocked"
	AccountOff    UnlistedReason = "account-off"
	Incomplete    UnlistedReason = "incomplete"
)

// Schema lists the reasons in the description of the API, for huma.
func (UnlistedReason) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]UnlistedReason{NotInRegistry, Blocked, AccountOff, Incomplete})
}

func unlistedReasonOf(r sqlcgen.EngineerLinesRow) UnlistedReason {
	switch {
	case r.Listed:
		return ""
	case !r.InRegistry:
		return NotInRegistry
	case r.Blocked:
		return Blocked
	case !r.AccountOn:
		return AccountOff
	}
	return Incomplete
}

// MarkCount is how many times a mark was given.
type MarkCount struct {
	Mark  int32 `json:"mark" doc:"Оценка"`
	Count int32 `json:"count" doc:"Сколько"`
}

type profileOutput struct{ Body PublicProfile }

type ratingOutput struct {
	Body struct {
		Statistics orders.EngineerStatistics `json:"statistics"`
		MarkCounts []MarkCount               `json:"markCounts" nullable:"false" doc:"Сколько каких оценок, высшая сначала"`
		Listed     bool                      `json:"listed" doc:"Вы есть в общем списке"`
	}
}

func (s *Service) registerProfile() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-engineer", Method: http.MethodGet, Path: "/api/engineers/{engineer}", Tags: []string{tag},
		Summary: "Профиль кадастрового инженера", Errors: []int{http.StatusNotFound},
	}, httpapi.Consented(), s.profile)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-own-rating", Method: http.MethodGet, Path: "/api/engineer/rating", Tags: []string{tag}, Summary: "Мой рейтинг и показатели",
	}, httpapi.Engineers, s.ownRating)
}

// visible returns what the caller may see of an engineer. The answer to those who may see nothing is
// the same for an engineer who never was in the list and for one who left it.
func (s *Service) visible(ctx context.Context, engineer uuid.UUID) (profiles.View, error) {
	view, err := s.Profiles.LoadVisible(ctx, engineer)
	if problem := (*problems.Problem)(nil); errors.As(err, &problem) && problem.Code == problems.NotFound {
		return view, problems.New(problems.EngineerNotListed)
	}
	return view, err
}

func (s *Service) profile(ctx context.Context, in *Path) (*profileOutput, error) {
	if _, err := s.visible(ctx, in.Engineer); err != nil {
		return nil, err
	}
	lines, err := s.Store.EngineerLines(ctx, sqlcgen.EngineerLinesParams{Ids: []uuid.UUID{in.Engineer}, Unlisted: true})
	if err != nil {
		return nil, fmt.Errorf("reading an engineer: %w", err)
	}
	row, err := s.Store.PublicProfile(ctx, in.Engineer)
	if err != nil {
		return nil, fmt.Errorf("reading a profile: %w", err)
	}
	asOf, err := s.Store.RegistryAsOf(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading when the registry was read: %w", err)
	}
	p := PublicProfile{
		ListedEngineer: s.lineOf(lines[0]), Listed: lines[0].Listed, Unlisted: unlistedReasonOf(lines[0]), Website: row.Website, Email: row.Email, Phone: row.Phone, Residence: row.Residence, About: row.About,
		Experienced: row.Experience, WorkingHours: row.WorkingHours, Education: row.Education, Files: []PublicFile{},
	}
	if p.Works, err = s.worksOf(ctx, in.Engineer); err != nil {
		return nil, err
	}
	if p.Registry, err = registryEntryOf(row, asOf, p.ListedEngineer); err != nil {
		return nil, err
	}
	if p.MarkCounts, err = s.marksOf(ctx, in.Engineer); err != nil {
		return nil, err
	}
	files, err := s.Store.PublicFiles(ctx, in.Engineer)
	if err != nil {
		return nil, fmt.Errorf("reading the files of a profile: %w", err)
	}
	for _, f := range files {
		file := PublicFile{
			ID: f.FileID, Purpose: FilePurpose(f.Purpose), Title: f.Title, Type: f.ContentType, Size: f.Size,
			URL: "/api/engineers/" + in.Engineer.String() + "/files/" + f.FileID.String(),
		}
		if file.Title == "" {
			file.Title = f.Name
		}
		p.Files = append(p.Files, file)
	}
	return &profileOutput{Body: p}, nil
}

func (s *Service) ownRating(ctx context.Context, _ *struct{}) (*ratingOutput, error) {
	engineer := httpapi.SessionFrom(ctx).Party
	row, err := s.Store.EngineerStatistics(ctx, engineer)
	if err != nil {
		return nil, fmt.Errorf("reading an engineer's numbers: %w", err)
	}
	out := &ratingOutput{}
	out.Body.Statistics, out.Body.Listed = orders.StatisticsOf(row), row.Listed
	out.Body.MarkCounts, err = s.marksOf(ctx, engineer)
	return out, err
}

func (s *Service) worksOf(ctx context.Context, engineer uuid.UUID) ([]PublicWork, error) {
	rows, err := s.Store.WorksOf(ctx, engineer)
	if err != nil {
		return nil, fmt.Errorf("reading the works of an engineer: %w", err)
	}
	works := []PublicWork{}
	for _, known := range order.WorkKinds() { // in the order of the manuals
		for _, r := range rows {
			if r.WorkKind == string(known.Code) {
				works = append(works, PublicWork{Kind: wire.Coded{Code: r.WorkKind, Label: known.Label}, Price: r.Price})
			}
		}
	}
	return works, nil
}

func (s *Service) marksOf(ctx context.Context, engineer uuid.UUID) ([]MarkCount, error) {
	rows, err := s.Store.MarksOf(ctx, engineer)
	if err != nil {
		return nil, fmt.Errorf("counting the marks of an engineer: %w", err)
	}
	counts := make([]MarkCount, len(rows))
	for i, r := range rows {
		counts[i] = MarkCount{Mark: r.Mark, Count: r.Marks}
	}
	return counts, nil
}

// registryEntryOf returns what everybody may know of the registry's entry.
func registryEntryOf(row sqlcgen.PublicProfileRow, asOf time.Time, line ListedEngineer) (PublicRegistryEntry, error) {
	var entry registry.Row
	if err := json.Unmarshal(row.RegistryEntry, &entry); err != nil {
		return PublicRegistryEntry{}, fmt.Errorf("reading a registry entry: %w", err)
	}
	if row.RegistryAsOf.After(asOf) {
		asOf = row.RegistryAsOf
	}
	e := PublicRegistryEntry{
		Number: line.RegistryNumber, SRO: line.SRO, MemberOf: entry.SROIn.String(), AsOf: dayOf(asOf),
		Measures: make([]DisciplinaryMeasure, 0, len(entry.Disciplinary)), Results: make([]ProfessionalActivity, 0, len(entry.Results)),
	}
	for i := len(entry.Disciplinary) - 1; i >= 0; i-- {
		d := entry.Disciplinary[i]
		e.Measures = append(e.Measures, DisciplinaryMeasure{Date: d.Date.String(), Kind: d.Kind, Ground: d.Ground, Until: d.Until.String()})
	}
	for i := len(entry.Results) - 1; i >= 0; i-- {
		r := entry.Results[i]
		e.Results = append(e.Results, ProfessionalActivity{Period: r.Period, Filed: r.Filed, Refusals: r.Refusals, Suspensions: r.Suspensions})
	}
	return e, nil
}
