package goskey

import "strings"

// noticeTexts are the texts of the notifications of how a request ended, by its state.
var noticeTexts = map[string]string{
	"applied":      "Документ «{}» подписан в Госключе, подпись принята",
	"refused":      "В Госключе отказались подписать документ «{}»" + again,
	"expired":      "Документ «{}» не подписан в Госключе: срок истёк" + again,
	"no-account":   "Документ «{}» не подписан: Госключ не нашёл того, кто должен его подписать. Подпишите документ другим способом",
	"not-accepted": notSigned,
	"sender-fault": notSigned,
	"too-many":     "Документ «{}» не подписан: вам отправлено слишком много документов" + again,
	"failed":       notSigned,
	"invalid":      "Подпись из Госключа под документом «{}» не принята" + again,
	"late":         "Подпись из Госключа под документом «{}» сохранена, но не применена: заказ её уже не ждал",
}

const (
	again     = ". Отправьте его ещё раз или подпишите другим способом: причина — в карточке заказа"
	notSigned = "Документ «{}» не подписан в Госключе" + again
)

// NoticeText returns the text of a notification of this package; "" for other kinds.
func NoticeText(kind string) string {
	state, own := strings.CutPrefix(kind, "goskey-")
	if !own {
		return ""
	}
	return noticeTexts[state]
}
