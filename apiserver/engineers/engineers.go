// Package engineers shows the cadastral engineers to those who look for one: the public list, the
// profiles, a comparison, and the reviews with their replies and moderation.
//
// Only engineers of the public list are shown (table engineer_listing). What an engineer enters
// himself is written by package profiles; what orders make of it is counted by the database.
package engineers

import (
	"math"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

const tag = "Кадастровые инженеры"

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Now   func() time.Time
}

// Service shows the engineers and their reviews.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the operations on engineers as others see them.
func (s *Service) Register() {
	s.registerSearch()
	s.registerProfile()
	s.registerReviews()
	s.registerModeration()
}

// Path is the path parameter that identifies an engineer.
type Path struct {
	Engineer uuid.UUID `path:"engineer" format:"uuid" doc:"Кадастровый инженер"`
}

// FormOfWork is how an engineer works: for himself or for an employer.
type FormOfWork string

// The forms of work.
const (
	Entrepreneur FormOfWork = "entrepreneur"
	Employee     FormOfWork = "employee"
)

// Schema lists the forms in the description of the API, for huma.
func (FormOfWork) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]FormOfWork{Entrepreneur, Employee})
}

// EngineerStatistics are an engineer's numbers, counted by the database as orders are recorded.
type EngineerStatistics struct {
	Rating     *float64 `json:"rating,omitempty" doc:"Средняя оценка, два знака после запятой; нет, пока нет оценок"`
	Marks      int32    `json:"marks" doc:"Сколько оценок"`
	Reviews    int32    `json:"reviews" doc:"Сколько оценок с отзывом"`
	Completed  int32    `json:"completed" doc:"Выполнено заказов"`
	Successful int32    `json:"successful" doc:"Из них успешно: с оценкой 4 или 5, а без оценки — без возвратов с замечаниями"`
	InWork     int32    `json:"inWork" doc:"Заказов в работе"`
	Progress   *int32   `json:"progress,omitempty" doc:"Завершенность заказов в работе, в процентах: доля пройденных этапов; нет, если их нет"`
	Refusals   int32    `json:"refusals" doc:"Отказов: отклонённых предложений и заказов, оставленных до подписания договора"`
	Asked      int32    `json:"asked" doc:"Из скольких предложений и взятых заказов"`
	LastActive string   `json:"lastActive,omitempty" format:"date" doc:"День, когда эти числа изменились последний раз"`
}

// workSteps is the number of steps that the database function steps_passed counts in an order.
const workSteps = 6

func statisticsOf(r sqlcgen.EngineerStatisticsRow) EngineerStatistics {
	s := EngineerStatistics{
		Marks: r.Marks, Reviews: r.Reviews, Completed: r.Completed, Successful: r.Successful, InWork: r.InWork,
		Refusals: r.Abandoned + r.Declined, Asked: r.Taken + r.Declined,
	}
	if r.Marks > 0 {
		s.Rating = new(math.Round(100*float64(r.MarkSum)/float64(r.Marks)) / 100)
	}
	if r.InWork > 0 {
		s.Progress = new(int32(math.Round(100 * float64(r.Steps) / float64(workSteps*r.InWork))))
	}
	if r.LastActiveAt != nil {
		s.LastActive = r.LastActiveAt.In(order.Moscow).Format(time.DateOnly)
	}
	return s
}

// ListedEngineer is an engineer in the public list.
type ListedEngineer struct {
	ID             uuid.UUID  `json:"id" format:"uuid" doc:"Идентификатор"`
	Name           string     `json:"name" doc:"Фамилия, имя, отчество"`
	Photo          string     `json:"photo,omitempty" doc:"Адрес фотографии; нет, если её нет"`
	RegistryNumber string     `json:"registryNumber" doc:"Номер в реестре"`
	SRO            string     `json:"sro" doc:"СРО"`
	Form           FormOfWork `json:"form,omitempty" doc:"Форма осуществления кадастровой деятельности"`
	Business       string     `json:"business,omitempty" doc:"Наименование ИП или юридического лица, которое подтвердило работу инженера"`
	// UnconfirmedBusiness reports that ЕСИА does not name the ИП that the engineer has named.
	UnconfirmedBusiness bool               `json:"unconfirmedBusiness,omitempty" doc:"ИП назван самим инженером и не подтверждён Госуслугами"`
	Regions             []wire.Coded       `json:"regions" nullable:"false" doc:"Регионы деятельности"`
	ReceivesOrders      bool               `json:"receivesOrders" doc:"Принимает новые заказы"`
	Experience          *int32             `json:"experience,omitempty" doc:"Опыт работы, лет"`
	PriceFrom           *int64             `json:"priceFrom,omitempty" doc:"Цена от, в копейках: выбранного вида работ, а без выбора — наименьшая; нет — по договоренности"`
	Statistics          EngineerStatistics `json:"statistics"`
}

// noKey is the sort key of a missing price, the database function last_key.
const noKey = 9_000_000_000_000_000_000

func (s *Service) lineOf(r sqlcgen.EngineerLinesRow) ListedEngineer {
	line := ListedEngineer{
		ID: r.EngineerID, Name: r.Name, RegistryNumber: r.RegistryNumber, SRO: r.Sro, Form: FormOfWork(r.Form), Business: r.Employer,
		ReceivesOrders: r.ReceivesOrders, Regions: []wire.Coded{},
		Statistics: statisticsOf(sqlcgen.EngineerStatisticsRow{
			Marks: r.Marks, MarkSum: r.MarkSum, Reviews: r.Reviews, Completed: r.Completed, Successful: r.Successful, InWork: r.InWork,
			Steps: r.Steps, Taken: r.Taken, Abandoned: r.Abandoned, Declined: r.Declined, LastActiveAt: r.LastActiveAt,
		}),
	}
	if line.Form == Entrepreneur {
		line.Business, line.UnconfirmedBusiness = "ИП "+r.Name, !r.BusinessConfirmed
	}
	if r.Photo {
		line.Photo = "/api/engineers/" + r.EngineerID.String() + "/photo"
	}
	if r.ExperienceSince != nil {
		line.Experience = new(max(0, int32(s.Now().In(order.Moscow).Year())-*r.ExperienceSince))
	}
	if r.PriceKey != noKey {
		line.PriceFrom = &r.PriceKey
	}
	for _, code := range r.Regions {
		line.Regions = append(line.Regions, *wire.RegionOf(code))
	}
	return line
}
