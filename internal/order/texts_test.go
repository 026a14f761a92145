package order_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

var (
	cyrillic = regexp.MustCompile(`[А-Яа-яЁё]`)
	latin    = regexp.MustCompile(`[A-Za-z_]+`)
)

// requireRussian requires that a text is Russian, with Latin letters only in well-known names.
func requireRussian(t *testing.T, text string) {
	t.Helper()
	require.Regexp(t, cyrillic, text)
	for _, word := range latin.FindAllString(text, -1) {
		require.Contains(t, []string{"PDF", "A", "https"}, word, "%q", text)
	}
	require.Equal(t, strings.TrimSpace(text), text)
	require.NotContains(t, text, "  ")
}

// constants returns the values of the constants of a named string type in the package's source.
func constants(t *testing.T, typeName string, files ...string) []string {
	t.Helper()
	var values []string
	for _, name := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if named, ok := spec.Type.(*ast.Ident); ok && named.Name == typeName {
				for _, v := range spec.Values {
					value, err := strconv.Unquote(v.(*ast.BasicLit).Value)
					require.NoError(t, err)
					values = append(values, value)
				}
			}
			return true
		})
	}
	require.NotEmpty(t, values)
	return values
}

func TestEveryRefusalHasAReason(t *testing.T) {
	acceptance.Covers(t, "R-FAQ-5")
	codes := order.Codes()
	for _, value := range constants(t, "Code", "refusal.go") {
		code := order.Code(value)
		require.Contains(t, codes, code)
		if code == order.CodeStage {
			continue // its sentence depends on the action and the stage
		}
		reason := order.ReasonOf(code)
		requireRussian(t, reason)
		require.True(t, strings.HasSuffix(reason, "."), "%s: a whole sentence: %q", code, reason)
	}
	require.Len(t, codes, len(constants(t, "Code", "refusal.go")))
	d := inWork(t).requireRefused(order.CodeStage, order.Publish, customer, terms())
	require.Equal(t, "Действие «Опубликовать заказ» сейчас недоступно: заказ на этапе «Выполнение работ».", d.Reason)
}

func TestAllReasonsAreRussian(t *testing.T) {
	for _, s := range situations() {
		l := s.setup(t)
		for _, r := range order.Rules() {
			m := message(r.Kind, customer, nil)
			m.ReceivedAt = l.now
			if d := decide(t, l.s, m, factsFor(&l.s, m, l.now)); d.Reason != "" {
				requireRussian(t, d.Reason)
				require.NotContains(t, d.Reason, "«»", "%s: %s", s.name, r.Kind)
			}
		}
	}
}

func TestEveryNoticeHasAText(t *testing.T) {
	acceptance.Covers(t, "R-NOTIF-1")
	kinds := order.NoticeKinds()
	for _, value := range constants(t, "NoticeKind", "notice.go") {
		kind := order.NoticeKind(value)
		require.Contains(t, kinds, kind)
		requireRussian(t, kind.Text())
	}
	require.Len(t, kinds, len(constants(t, "NoticeKind", "notice.go")))
}

func TestEveryMessageHasARule(t *testing.T) {
	kinds := constants(t, "Kind", "message.go")
	require.Len(t, order.Rules(), len(kinds))
	for _, value := range kinds {
		r, ok := order.RuleFor(order.Kind(value))
		require.True(t, ok, value)
		requireRussian(t, r.Title)
		requireRussian(t, r.Done)
		require.NotEmpty(t, r.By)
		require.NotEmpty(t, r.From)
		require.Regexp(t, `^[a-z]+(-[a-z]+)*$`, value, "a signal's name")
		for _, sender := range r.Senders() {
			requireRussian(t, sender)
		}
	}
}

func TestEveryAwaitedStepHasAName(t *testing.T) {
	require.Len(t, order.WaitCodes(), len(constants(t, "WaitCode", "waits.go"))-1, "all but WaitNothing")
	for _, w := range order.WaitCodes() {
		requireRussian(t, w.What())
	}
}

func TestStagesInEverySpelling(t *testing.T) {
	acceptance.Covers(t, "C-1", "C-2", "C-3", "R-CUST-5")
	require.Len(t, order.Stages(), 11)
	for text, want := range map[string]order.Stage{
		"Проект заказа": order.Draft, "Выбор исполнителя": order.Selection, "Подписание договора": order.Contracting,
		"Предоплата": order.Prepayment, "Выполнение работ": order.Work, "Приемка работ": order.Acceptance,
		"Постановка на ГКУ/ГРП": order.Registration,
		"Оплата работ":          order.Payment, "Оплата заказа": order.Payment,
		"Завершен": order.Completed, "Заказ выполнен": order.Completed, "Выполнен": order.Completed,
		"Отменен заказчиком": order.Cancelled,
		"Приостановлен":      order.Suspended, "Заказ приостановлен": order.Suspended,
	} {
		got, ok := order.ParseStage(text)
		require.True(t, ok, text)
		require.Equal(t, want, got, text)
	}
	for _, s := range order.Stages() {
		for _, text := range []string{string(s), s.Label(), s.Heading()} {
			got, ok := order.ParseStage(text)
			require.True(t, ok)
			require.Equal(t, s, got)
		}
	}
	require.Equal(t, "Оплата работ", order.Payment.Label())
	require.Equal(t, "Оплата заказа", order.Payment.Heading())
	require.Equal(t, "Завершен", order.Completed.Label())
	require.Equal(t, "Приостановлен", order.Suspended.Label())
	for _, none := range []string{"", "deleted", "Удален", "оплата"} {
		_, ok := order.ParseStage(none)
		require.False(t, ok, none)
	}
}

func TestButtonsMatchTheManuals(t *testing.T) {
	acceptance.Covers(t, "C-7")
	for kind, title := range map[order.Kind]string{
		order.Create: "Создать новый", order.Publish: "Опубликовать заказ", order.Amend: "Изменить заказ",
		order.Respond: "Откликнуться", order.SendContract: "Подписать и отправить на согласование",
		order.SendPrepaymentInvoice: "Отправить счет на предоплату", order.ReportPrepayment: "Оплачено",
		order.SubmitResults: "Передать результаты работ", order.AcceptResults: "Принять и перейти к подписанию",
		order.SubmitFinal: "Отправить заказчику итог", order.ReportPayment: "Оплата произведена",
		order.ConfirmPayment: "Подтвердить получение оплаты",
	} {
		r, _ := order.RuleFor(kind)
		require.Equal(t, title, r.Title)
	}
}

func TestTenKindsOfWork(t *testing.T) {
	acceptance.Covers(t, "R-KORD-6", "C-13")
	require.Len(t, order.WorkKinds(), 10)
	seen := map[string]bool{}
	for _, w := range order.WorkKinds() {
		require.Equal(t, w.Label, w.Code.Label())
		require.False(t, seen[w.Label])
		seen[w.Label] = true
	}
	require.True(t, seen["Подготовка карты-плана"])
	require.Empty(t, order.WorkKind("иной").Label())
}

func TestLinksAreHTTPSOnly(t *testing.T) {
	acceptance.Covers(t, "S-38")
	for _, good := range []string{"", "https://disk.yandex.ru/d/abc", "https://пример.рф/файл?x=1"} {
		require.Nil(t, order.CheckLink("link", good), good)
	}
	for _, bad := range []string{
		"http://disk.yandex.ru", "javascript:alert(1)", "//disk.yandex.ru", "disk.yandex.ru", "https://", "https:///x", "ftp://x.ru",
		"https://user:password@x.ru", "https://x\x00", "data:text/html,x", "HTTPS",
	} {
		p := order.CheckLink("link", bad)
		require.NotNil(t, p, bad)
		require.Equal(t, "link", p.Field)
		requireRussian(t, p.Reason)
	}
	require.NotNil(t, order.CheckRequired("note", " \n\t", "Укажите причину."))
	require.Nil(t, order.CheckRequired("note", "есть", "Укажите причину."))
}

// A required text must contain something readable.
func TestRequiredTextIsFilled(t *testing.T) {
	acceptance.Covers(t, "S-38")
	require.Nil(t, order.CheckRequired("note", "Нет координат", "Укажите причину."))
	for _, empty := range []string{"", " \n", "\u3164\u200b", "\u0301"} {
		require.NotNil(t, order.CheckRequired("note", empty, "Укажите причину."), "%q", empty)
	}
}
