package staff

import (
	"context"
	"fmt"
	"time"

	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// notice is the kind of a notification about an employment.
type notice string

// The notifications; the first word is who is told.
const (
	toEmployerAsked     notice = "employer-asked"
	toEmployerConfirmed notice = "employer-confirmed"
	toEmployerRejected  notice = "employer-rejected"
	toEmployerWithdrawn notice = "employer-withdrawn"
	toEmployerLeft      notice = "employer-left"
	toEmployerClosed    notice = "employer-closed"
	// The transaction that counts the active engineers makes these, see the function
	// recount_employers of the database.
	toEmployerOnly   notice = "employer-only"
	toEmployerEnough notice = "employer-enough"

	toEngineerAsked     notice = "engineer-asked"
	toEngineerConfirmed notice = "engineer-confirmed"
	toEngineerRejected  notice = "engineer-rejected"
	toEngineerWithdrawn notice = "engineer-withdrawn"
	toEngineerSuspended notice = "engineer-suspended"
	toEngineerResumed   notice = "engineer-resumed"
	toEngineerRemoved   notice = "engineer-removed"
	toEngineerOnly      notice = "engineer-only"
	toEngineerEnough    notice = "engineer-enough"
)

// noticeTexts name the other side: the engineer to the employer, the organisation to the engineer.
var noticeTexts = map[notice]string{
	toEmployerAsked:     "Новая заявка на присоединение к организации: {}. Ответьте на неё во вкладке «Сотрудники»",
	toEmployerConfirmed: "Приглашение принято, новый сотрудник организации: {}",
	toEmployerRejected:  "Приглашение отклонено: {}",
	toEmployerWithdrawn: "Отозвана заявка на присоединение к организации: {}",
	toEmployerLeft:      "Работодатель удалён в профиле, больше не сотрудник организации: {}",
	toEmployerClosed:    "Заявка закрыта, кадастровый инженер стал сотрудником другой организации: {}",
	toEmployerOnly:      "В организации меньше двух действующих кадастровых инженеров: новые заказы сотрудникам недоступны. Остаётся: {}",
	toEmployerEnough:    "В организации снова не меньше двух действующих кадастровых инженеров: новые заказы сотрудникам доступны",

	toEngineerAsked:     "Вас приглашают в сотрудники: {}. Ответьте в разделе «Добавить работодателя»",
	toEngineerConfirmed: "Статус работодателя подтверждён, вы сотрудник организации: {}",
	toEngineerRejected:  "Работодатель отклонил вашу заявку: {}. Почему, сказано в разделе «Добавить работодателя»",
	toEngineerWithdrawn: "Приглашение в сотрудники отозвано: {}",
	toEngineerSuspended: "Работодатель приостановил вашу деятельность: {}. Новые заказы вам недоступны, начатые приостановлены",
	toEngineerResumed:   "Работодатель возобновил вашу деятельность: {}",
	toEngineerRemoved:   "Работодатель удалил вас из сотрудников: {}. Заказы, начатые у него, приостановлены или переданы на новый выбор исполнителя",
	toEngineerOnly:      "Вы единственный действующий кадастровый инженер у своего работодателя: {}. Пока второго нет, новые заказы вам недоступны",
	toEngineerEnough:    "У вашего работодателя снова не меньше двух действующих кадастровых инженеров: {}. Новые заказы вам доступны",
}

// noticePrefix separates the kinds of this package from those of orders.
const noticePrefix = "staff-"

// NoticeText returns the text of a notification of this package; "" for other kinds.
func NoticeText(kind string) string {
	if len(kind) <= len(noticePrefix) || kind[:len(noticePrefix)] != noticePrefix {
		return ""
	}
	return noticeTexts[notice(kind[len(noticePrefix):])]
}

// notify tells one side of an employment, and names the other one.
func notify(ctx context.Context, q *sqlcgen.Queries, m sqlcgen.Employment, to order.Role, kind notice, at time.Time) error {
	party, other, nameOf := m.EngineerID, m.EmployerID, q.NameOfEmployer
	if to == order.RoleEmployer {
		party, other, nameOf = m.EmployerID, m.EngineerID, q.NameOfEngineer
	}
	name, err := nameOf(ctx, other)
	if err != nil {
		return fmt.Errorf("reading the name of a side of an employment: %w", err)
	}
	if err := q.NotifyParty(ctx, sqlcgen.NotifyPartyParams{
		Role: string(to), PartyID: &party, Kind: noticePrefix + string(kind), Subject: name, CreatedAt: at,
	}); err != nil {
		return fmt.Errorf("notifying a side of an employment: %w", err)
	}
	return nil
}
