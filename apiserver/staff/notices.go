package staff

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

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

	toEngineerAsked     notice = "engineer-asked"
	toEngineerConfirmed notice = "engineer-confirmed"
	toEngineerRejected  notice = "engineer-rejected"
	toEngineerWithdrawn notice = "engineer-withdrawn"
	toEngineerSuspended notice = "engineer-suspended"
	toEngineerResumed   notice = "engineer-resumed"
	toEngineerRemoved   notice = "engineer-removed"
)

var noticeTexts = map[notice]string{
	toEmployerAsked:     "Новая заявка кадастрового инженера на присоединение к организации: ответьте на неё во вкладке «Сотрудники»",
	toEmployerConfirmed: "Кадастровый инженер принял ваше приглашение и стал сотрудником организации",
	toEmployerRejected:  "Кадастровый инженер отклонил ваше приглашение",
	toEmployerWithdrawn: "Кадастровый инженер отозвал заявку на присоединение к организации",
	toEmployerLeft:      "Кадастровый инженер больше не сотрудник организации: он удалил работодателя в своём профиле",
	toEmployerClosed:    "Заявка закрыта: кадастровый инженер стал сотрудником другой организации",

	toEngineerAsked:     "Организация приглашает вас в сотрудники: ответьте в разделе «Добавить работодателя»",
	toEngineerConfirmed: "Статус работодателя подтверждён: вы сотрудник организации",
	toEngineerRejected:  "Работодатель отклонил вашу заявку: почему, сказано в разделе «Добавить работодателя»",
	toEngineerWithdrawn: "Организация отозвала своё приглашение в сотрудники",
	toEngineerSuspended: "Работодатель приостановил вашу деятельность: новые заказы вам недоступны, начатые приостановлены",
	toEngineerResumed:   "Работодатель возобновил вашу деятельность",
	toEngineerRemoved:   "Работодатель удалил вас из сотрудников: заказы, начатые у него, приостановлены или переданы на новый выбор исполнителя",
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

// notify tells one side of an employment.
func notify(ctx context.Context, q *sqlcgen.Queries, m sqlcgen.Employment, to order.Role, kind notice, at time.Time) error {
	party := map[order.Role]uuid.UUID{order.RoleEngineer: m.EngineerID, order.RoleEmployer: m.EmployerID}[to]
	err := q.NotifyParty(ctx, sqlcgen.NotifyPartyParams{Role: string(to), PartyID: &party, Kind: noticePrefix + string(kind), CreatedAt: at})
	if err != nil {
		return fmt.Errorf("notifying a side of an employment: %w", err)
	}
	return nil
}
