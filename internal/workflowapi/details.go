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

// Details is what the Temporal UI shows of an order: what it waits for, from whom, since when, the last refusal.
func Details(s *order.State) string {
	if s.Stage == "" {
		return uncreated(s)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**Заказ %s: %s.**", s.Number, s.StageLabel())
	if w := s.Awaits(); w.For != order.WaitNothing {
		fmt.Fprintf(&b, " Ждёт %s", w.For.What())
		if name := roleNames[w.From]; name != "" {
			fmt.Fprintf(&b, " (%s)", name)
		}
		fmt.Fprintf(&b, " с %s.", MoscowTime(w.Since))
	}
	b.WriteString(term(s))
	for _, r := range s.Standings {
		if !r.Active && !s.Stage.Final() {
			fmt.Fprintf(&b, "\n\nПриостановил: %s, с %s.", holdNames[r.Source], MoscowTime(r.Since))
		}
	}
	if r := s.Refused; r != nil {
		fmt.Fprintf(&b, "\n\nПоследний отказ: %s — %s (%s), %s.", r.Kind, r.Code, order.ReasonOf(r.Code), MoscowTime(r.At))
	}
	return b.String()
}

// term is until when the order waits. While it waits for the end of a suspension or of a dispute, an overdue step of the order itself is
// named.
func term(s *order.State) string {
	until := s.Deadline()
	switch own := s.Wait.For == s.Awaits().For; {
	case s.Overdue && !own:
		return fmt.Sprintf(" **Срок шага истёк%s:** заказ ждал %s (%s).", dated(until), s.Wait.For.What(), roleNames[s.Wait.From])
	case s.Overdue:
		return fmt.Sprintf(" **Срок истёк%s.**", dated(until))
	case own && !until.IsZero():
		return fmt.Sprintf(" Срок: %s.", MoscowTime(until))
	}
	return ""
}

// dated is empty for a moment that is not known.
func dated(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return " " + MoscowTime(at)
}

func uncreated(s *order.State) string {
	if r := s.Refused; r != nil {
		return fmt.Sprintf("**Заказ не создан**: %s (%s), %s.", order.ReasonOf(r.Code), r.Code, MoscowTime(r.At))
	}
	return "Заказ ещё не создан."
}

// DivergedDetails tells the operators what to do with an order whose record is not its own.
func DivergedDetails(s *order.State) string {
	return fmt.Sprintf("**Заказ %s остановлен: запись расходится с историей.** Перед сообщением %d в базе записано не то, что "+
		"помнит процесс (так бывает после его сброса или восстановления базы из копии). Проверьте историю заказа и отправьте сигнал `%s`: заказ "+
		"продолжится с того, что записано в базе. Если он остановится снова, завершите процесс и выполните `worker order restart`.",
		s.Number, s.Seq+1, RejoinSignal)
}

// MoscowTime is a moment as operators read it in the Temporal UI.
func MoscowTime(t time.Time) string { return t.In(order.Moscow).Format("02.01.2006 15:04 МСК") }
