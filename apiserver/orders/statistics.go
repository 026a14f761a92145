package orders

import (
	"math"
	"time"

	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

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

// StatisticsOf converts the stored numbers of an engineer.
func StatisticsOf(r sqlcgen.EngineerStatisticsRow) EngineerStatistics {
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
