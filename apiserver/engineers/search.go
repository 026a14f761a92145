package engineers

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/searchtext"
)

const (
	// maxCompared is how many engineers a comparison has at most.
	maxCompared = 4
	// correctedSort marks the cursor of a search whose names were corrected.
	correctedSort = "~"
)

type searchInput struct {
	httpapi.Page
	Name           string     `query:"name" maxLength:"200" doc:"Часть фамилии, имени, отчества; одна опечатка в слове допускается"`
	Regions        []string   `query:"region,explode" maxItems:"100" maxLength:"10" doc:"Коды субъектов: работает хотя бы в одном"`
	WorkKind       string     `query:"workKind" maxLength:"64" doc:"Вид работ"`
	PriceTo        int64      `query:"priceTo" minimum:"1" maximum:"100000000000000" doc:"Цена от — не больше, в копейках: выбранного вида работ или любого"`
	RatingFrom     float64    `query:"ratingFrom" minimum:"1" maximum:"5" doc:"Рейтинг не ниже"`
	ExperienceFrom int32      `query:"experienceFrom" minimum:"1" maximum:"80" doc:"Опыт не меньше, лет"`
	Form           FormOfWork `query:"form" doc:"Форма осуществления кадастровой деятельности"`
	Receives       bool       `query:"receives" doc:"Только те, кто принимает новые заказы"`
	SRO            string     `query:"sro" maxLength:"300" doc:"Часть названия СРО"`
	Number         string     `query:"number" maxLength:"50" doc:"Часть номера в реестре"`
	Sort           string     `query:"sort" enum:"rating,completed,experience,price,name" default:"rating" doc:"По рейтингу, числу выполненных заказов, опыту (сначала больше), цене (сначала меньше) или фамилии"`
}

type searchOutput struct {
	Body struct {
		Items []ListedEngineer `json:"items" nullable:"false"`
		Next  string           `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
		Total int64            `json:"total" doc:"Сколько всего, не больше двухсот"`
		More  bool             `json:"more" doc:"Всего больше, чем total"`
		// Corrected tells the reader why he sees other names than he typed.
		Corrected bool `json:"corrected" doc:"Точно такого имени нет: показаны имена, которые отличаются на одну опечатку"`
	}
}

func (s *Service) registerSearch() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-engineers", Method: http.MethodGet, Path: "/api/engineers", Tags: []string{tag}, Summary: "Поиск по кадастровым инженерам",
		Description: "Действующие в реестре, не заблокированные, с заполненными обязательными полями профиля.",
	}, httpapi.Consented(), s.search, httpapi.Costs(limits.Search))
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "compare-engineers", Method: http.MethodGet, Path: "/api/engineer-comparison", Tags: []string{tag},
		Summary: "Сравнение кадастровых инженеров, в порядке запроса", Description: "Кого в списке больше нет, того нет и в ответе.",
	}, httpapi.Consented(), s.compare)
}

func (s *Service) search(ctx context.Context, in *searchInput) (*searchOutput, error) {
	from, err := in.Start(in.Sort)
	corrected := false
	if err != nil {
		if from, err = in.Start(in.Sort + correctedSort); err != nil {
			return nil, err
		}
		corrected = true
	}
	conditions := s.conditionsOf(in)
	if corrected {
		if corrected, err = s.correct(ctx, in, &conditions); err != nil {
			return nil, err
		}
	}
	rows, total, err := s.find(ctx, in, from, conditions)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 && in.Cursor == "" {
		if corrected, err = s.correct(ctx, in, &conditions); err != nil {
			return nil, err
		}
		if corrected {
			if rows, total, err = s.find(ctx, in, from, conditions); err != nil {
				return nil, err
			}
		}
	}
	if corrected = corrected && len(rows) > 0; corrected {
		from.Sort = in.Sort + correctedSort
	}
	return s.pageOf(ctx, in, from, rows, total, corrected)
}

// conditionsOf returns the conditions of a search, with the names as they were typed.
func (s *Service) conditionsOf(in *searchInput) sqlcgen.CountEngineersParams {
	names, sro := searchtext.Names(in.Name).And(searchtext.Number(in.Number)), searchtext.Names(in.SRO)
	c := sqlcgen.CountEngineersParams{
		Names: names.Index, Words: wire.NonNil(names.All), Spellings: []string{}, Sro: sro.Index, Regions: wire.NonNil(in.Regions), WorkKind: in.WorkKind,
		PriceTo: in.PriceTo, RatingFrom: int32(math.Round(in.RatingFrom * 100)), Form: string(in.Form), Receives: in.Receives, Most: httpapi.MaxCounted + 1,
	}
	if in.ExperienceFrom > 0 {
		c.SinceTo = int32(s.Now().In(order.Moscow).Year()) - in.ExperienceFrom
	}
	return c
}

// correct makes the conditions accept names with one typing error in a word; all else stays as asked.
// It reports whether there are any such names.
func (s *Service) correct(ctx context.Context, in *searchInput, conditions *sqlcgen.CountEngineersParams) (bool, error) {
	var spellings []string
	for word := range strings.FieldsSeq(searchtext.Fold(in.Name)) {
		spellings = append(spellings, searchtext.Spellings(word)...)
	}
	if len(spellings) == 0 {
		return false, nil
	}
	similar, err := s.Store.SimilarNames(ctx, spellings)
	if err != nil {
		return false, fmt.Errorf("finding names that are spelt alike: %w", err)
	}
	index, all, ok := searchtext.Corrected(in.Name, similar)
	if ok {
		number := searchtext.Number(in.Number)
		conditions.Names, conditions.Words, conditions.Spelling, conditions.Spellings = number.Index, wire.NonNil(number.All), index, all
	}
	return ok, nil
}

// find reads a page of found engineers, and on the first page how many there are.
func (s *Service) find(
	ctx context.Context, in *searchInput, from httpapi.Cursor, c sqlcgen.CountEngineersParams,
) (rows []sqlcgen.FindEngineersRow, total int64, err error) {
	page := func(q *sqlcgen.Queries) (err error) {
		rows, err = q.FindEngineers(ctx, sqlcgen.FindEngineersParams{
			Names: c.Names, Words: c.Words, Spelling: c.Spelling, Spellings: c.Spellings, Sro: c.Sro, Regions: c.Regions, WorkKind: c.WorkKind,
			PriceTo: c.PriceTo, RatingFrom: c.RatingFrom, SinceTo: c.SinceTo, Form: c.Form, Receives: c.Receives, Sort: in.Sort,
			After1: from.Key1, AfterName: from.Text, AfterID: from.ID, Page: in.Limit + 1,
		})
		return err
	}
	if in.Cursor != "" {
		err = page(s.Store.Queries)
		total = from.Total
	} else {
		err = s.Store.Batch(ctx, page, func(q *sqlcgen.Queries) (err error) {
			total, err = q.CountEngineers(ctx, c)
			return err
		})
	}
	if err != nil {
		return nil, 0, fmt.Errorf("searching engineers: %w", err)
	}
	return rows, total, nil
}

func (s *Service) pageOf(
	ctx context.Context, in *searchInput, from httpapi.Cursor, rows []sqlcgen.FindEngineersRow, total int64, corrected bool,
) (*searchOutput, error) {
	out := &searchOutput{}
	if len(rows) > int(in.Limit) {
		rows = rows[:in.Limit]
		last := rows[len(rows)-1]
		out.Body.Next = httpapi.Cursor{Sort: from.Sort, Key1: last.Key1, Text: last.NameOrder, ID: last.EngineerID, Total: total}.Encode()
	}
	ids := make([]uuid.UUID, len(rows))
	for i, r := range rows {
		ids[i] = r.EngineerID
	}
	lines, err := s.lines(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i := range lines {
		for _, r := range rows {
			if r.EngineerID != lines[i].ID {
				continue
			}
			if lines[i].PriceFrom = nil; r.PriceKey != noKey {
				lines[i].PriceFrom = &r.PriceKey
			}
		}
	}
	out.Body.Items, out.Body.Total, out.Body.More, out.Body.Corrected = lines, min(total, httpapi.MaxCounted), total > httpapi.MaxCounted, corrected
	return out, nil
}

// lines returns the lines of the listed engineers among these, in the same order.
func (s *Service) lines(ctx context.Context, ids []uuid.UUID) ([]ListedEngineer, error) {
	rows, err := s.Store.EngineerLines(ctx, sqlcgen.EngineerLinesParams{Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("reading engineers: %w", err)
	}
	lines := make([]ListedEngineer, 0, len(rows))
	for _, id := range ids {
		for _, r := range rows {
			if r.EngineerID == id {
				lines = append(lines, s.lineOf(r))
				break
			}
		}
	}
	return lines, nil
}

// ComparedEngineer is an engineer in a comparison.
type ComparedEngineer struct {
	ListedEngineer
	Works    []PublicWork        `json:"works" nullable:"false" doc:"Виды работ и стоимость"`
	Registry PublicRegistryEntry `json:"registry"`
}

type comparisonOutput struct {
	Body struct {
		Items []ComparedEngineer `json:"items" nullable:"false"`
	}
}

func (s *Service) compare(ctx context.Context, in *struct {
	IDs []uuid.UUID `query:"id,explode" required:"true" minItems:"1" maxItems:"4" uniqueItems:"true" nullable:"false" format:"uuid" maxLength:"36" doc:"Кого сравнить, не больше четырёх"`
},
) (*comparisonOutput, error) {
	lines, err := s.lines(ctx, in.IDs[:min(len(in.IDs), maxCompared)])
	if err != nil {
		return nil, err
	}
	out := &comparisonOutput{}
	out.Body.Items = make([]ComparedEngineer, len(lines))
	asOf, err := s.Store.RegistryAsOf(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading when the registry was read: %w", err)
	}
	for i, line := range lines {
		profile, err := s.Store.PublicProfile(ctx, line.ID)
		if err != nil {
			return nil, fmt.Errorf("reading a profile: %w", err)
		}
		works, err := s.worksOf(ctx, line.ID)
		if err != nil {
			return nil, err
		}
		registered, err := registryEntryOf(profile, asOf, line)
		if err != nil {
			return nil, err
		}
		out.Body.Items[i] = ComparedEngineer{ListedEngineer: line, Works: works, Registry: registered}
	}
	return out, nil
}

// dayOf returns a day as JSON has it.
func dayOf(t time.Time) string { return t.In(order.Moscow).Format(time.DateOnly) }
