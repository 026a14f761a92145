package workflowapi

import (
	"fmt"
	"strings"
	"time"

	"epkr/internal/order"
)

var roleNames = map[order.Role]string{
	order.RoleCustomer: "заказчик", order.RoleEngineer: "исполнитель", order.RoleEmployer: "работодатель",
	order.RoleModerator: "модератор", order.RoleOperator: "оператор", order.RoleRegistry: "реестр",
}

var holdNames = map[order.Source]string{
	order.BySourceRegistry: "реестр СРО", order.BySourceModerator: "модератор", order.BySourceEmployer: "работодатель",
}

// Details returns the text that the Temporal UI shows of an order: what the order waits for, from
// whom and since when, and the last refusal.
func Details(s *order.State) string {
	if s.Stage == "" {
		return notCreatedDetails(s)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**Заказ %s: %s.**", s.Number, s.StageLabel())
	if w := s.EffectiveWait(); w.For != order.WaitNothing {
		fmt.Fprintf(&b, " Ждёт %s", w.For.What())
		if name := roleNames[w.From]; name != "" {
			fmt.Fprintf(&b, " (%s)", name)
		}
		fmt.Fprintf(&b, " с %s.", MoscowTime(w.Since))
	}
	b.WriteString(deadlineText(s))
	for _, r := range s.Statuses {
		if !r.Active && !s.Stage.Final() {
			fmt.Fprintf(&b, "\n\nПриостановил: %s, с %s.", holdNames[r.Source], MoscowTime(r.Since))
		}
	}
	if r := s.Refused; r != nil {
		fmt.Fprintf(&b, "\n\nПоследний отказ: %s — %s (%s), %s.", r.Kind, r.Code, order.ReasonOf(r.Code), MoscowTime(r.At))
	}
	return b.String()
}

// deadlineText describes until when the order waits. While the order waits for the end of a
// suspension or of a dispute, the text names the overdue step of the order itself.
func deadlineText(s *order.State) string {
	until := s.Deadline()
	switch own := s.Wait.For == s.EffectiveWait().For; {
	case s.Overdue && !own:
		return fmt.Sprintf(" **Срок шага истёк%s:** заказ ждал %s (%s).", optionalTime(until), s.Wait.For.What(), roleNames[s.Wait.From])
	case s.Overdue:
		return fmt.Sprintf(" **Срок истёк%s.**", optionalTime(until))
	case own && !until.IsZero():
		return fmt.Sprintf(" Срок: %s.", MoscowTime(until))
	}
	return ""
}

// optionalTime formats a moment and returns "" for an unknown one.
func optionalTime(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " " + MoscowTime(at)
}

func notCreatedDetails(s *order.State) string {
	if r := s.Refused; r != nil {
		return fmt.Sprintf("**Заказ не создан**: %s (%s), %s.", order.ReasonOf(r.Code), r.Code, MoscowTime(r.At))
	}
	return "Заказ ещё не создан."
}

// DivergedDetails returns the text that tells operators what to do with an order whose record
// differs from its state.
func DivergedDetails(s *order.State) string {
	return fmt.Sprintf("**Заказ %s остановлен: запись расходится с историей.** Перед сообщением %d в базе записано не то, что "+
		"помнит процесс (так бывает после его сброса или восстановления базы из копии). Проверьте историю заказа и отправьте сигнал `%s`: заказ "+
		"продолжится с того, что записано в базе. Если он остановится снова, завершите процесс и выполните `worker order restart`.",
		s.Number, s.Seq+1, RejoinSignal)
}

// MoscowTime formats a moment in Moscow time for the Temporal UI.
func MoscowTime(t time.Time) string { return t.In(order.Moscow).Format("02.01.2006 15:04 МСК") }
