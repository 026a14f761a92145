package order

import (
	"maps"
	"slices"
	"time"
)

// NoticeKind is the kind of a notification; [NoticeKind.Text] returns its text.
type NoticeKind string

// Addressee is who is notified: a role and a party.
type Addressee struct {
	Role Role
	// Party is the id of the customer's account, the engineer or the organisation; empty for
	// moderators, who share their notices.
	Party string
}

// Notice is a notification that is recorded with a decision.
type Notice struct {
	To   Addressee
	Kind NoticeKind
}

// The notifications.
const (
	NoticeResponse          NoticeKind = "response"
	NoticeResponseWithdrawn NoticeKind = "response-withdrawn"
	NoticeResponseConfirmed NoticeKind = "response-confirmed"
	NoticeResponseClosed    NoticeKind = "response-closed"
	NoticeTermsChanged      NoticeKind = "terms-changed"
	// NoticeTermsChangedMeanwhile is for engineers who responded while another one is the
	// performer.
	NoticeTermsChangedMeanwhile NoticeKind = "terms-changed-meanwhile"
	NoticeReopened              NoticeKind = "reopened"
	NoticeReopenedChanged       NoticeKind = "reopened-changed"
	NoticeReleased              NoticeKind = "released"
	NoticeChangesAccepted       NoticeKind = "changes-accepted"
	NoticeOffer                 NoticeKind = "offer"
	NoticeOfferWithdrawn        NoticeKind = "offer-withdrawn"
	NoticeOfferDeclined         NoticeKind = "offer-declined"
	NoticeOfferExpired          NoticeKind = "offer-expired"
	NoticeChosen                NoticeKind = "chosen"
	NoticeAccepted              NoticeKind = "accepted"
	// NoticeAcceptedInTime and NoticeAnswerInTime correct a NoticeOfferExpired.
	NoticeAcceptedInTime NoticeKind = "accepted-in-time"
	NoticeAnswerInTime   NoticeKind = "answer-in-time"
	NoticeEngineerLeft   NoticeKind = "engineer-left"
	NoticeDismissed      NoticeKind = "dismissed"
	// NoticeRecalled is for the customer, NoticeRecalledByEmployer for the engineer.
	NoticeRecalled           NoticeKind = "recalled"
	NoticeRecalledByEmployer NoticeKind = "recalled-by-employer"
	NoticeCancelled          NoticeKind = "cancelled"
	NoticeContractSent       NoticeKind = "contract-sent"
	NoticeContractWithdrawn  NoticeKind = "contract-withdrawn"
	NoticeContractReturned   NoticeKind = "contract-returned"
	NoticeContractSigned     NoticeKind = "contract-signed"
	NoticeInvoice            NoticeKind = "invoice"
	NoticePaid               NoticeKind = "paid"
	NoticePaymentConfirmed   NoticeKind = "payment-confirmed"
	NoticePaymentRefuted     NoticeKind = "payment-refuted"
	NoticeResults            NoticeKind = "results"
	NoticeResultsReceived    NoticeKind = "results-received"
	NoticeResultsAccepted    NoticeKind = "results-accepted"
	NoticeResultsReturned    NoticeKind = "results-returned"
	NoticeActAlone           NoticeKind = "act-alone"
	NoticeRegistration       NoticeKind = "registration"
	NoticeFinal              NoticeKind = "final"
	NoticeAct                NoticeKind = "act"
	NoticeActReturned        NoticeKind = "act-returned"
	NoticeActSigned          NoticeKind = "act-signed"
	NoticeCompleted          NoticeKind = "completed"
	NoticeRated              NoticeKind = "rated"
	NoticeSuspended          NoticeKind = "suspended"
	NoticeResumed            NoticeKind = "resumed"
	NoticeEngineerFlagged    NoticeKind = "engineer-flagged"
	NoticeEngineerUnflagged  NoticeKind = "engineer-unflagged"
	NoticeEngineerLost       NoticeKind = "engineer-lost"
	NoticeCandidacyLost      NoticeKind = "candidacy-lost"
	NoticeProposal           NoticeKind = "proposal"
	NoticeProposalRefused    NoticeKind = "proposal-refused"
	NoticeProposalWithdrawn  NoticeKind = "proposal-withdrawn"
	NoticeProposalEnded      NoticeKind = "proposal-ended"
	NoticeTerminated         NoticeKind = "terminated"
	NoticeReworkAgreed       NoticeKind = "rework-agreed"
	NoticeDispute            NoticeKind = "dispute"
	NoticeSettled            NoticeKind = "settled"
	NoticeDisputeEnded       NoticeKind = "dispute-ended"
	NoticeReplaced           NoticeKind = "replaced"
	NoticeAssigned           NoticeKind = "assigned"
	NoticeReminder           NoticeKind = "reminder"
	NoticeSilenceAccepts     NoticeKind = "silence-accepts"
	NoticeAcceptedBySilence  NoticeKind = "accepted-by-silence"
	NoticeOverdue            NoticeKind = "overdue"
	NoticeEscalated          NoticeKind = "escalated"

	// NoticeReplacementOffered, NoticeReplacementRefused and NoticeReplacementOver are for the engineer
	// whom the employer proposes, NoticeReplacementAwaits for the moderators.
	NoticeReplacementOffered   NoticeKind = "replacement-offered"
	NoticeReplacementRefused   NoticeKind = "replacement-refused"
	NoticeReplacementOver      NoticeKind = "replacement-over"
	NoticeReplacementAwaits    NoticeKind = "replacement-awaits"
	NoticeReplacementProposed  NoticeKind = "replacement-proposed"
	NoticeReplacementWithdrawn NoticeKind = "replacement-withdrawn"
	NoticeReplacementAgreed    NoticeKind = "replacement-agreed"
	NoticeReplacementDeclined  NoticeKind = "replacement-declined"
	NoticeReplacementRejected  NoticeKind = "replacement-rejected"
	NoticeReplacementVoid      NoticeKind = "replacement-void"
	NoticeReplacementEnded     NoticeKind = "replacement-ended"
)

// AlarmInterval is the minimum interval between alarms of one kind about one order.
const AlarmInterval = 24 * time.Hour

// The alarms of an order, for the moderators. No message of the order raises them.
const (
	// AlarmHalted means that the order's workflow does not run although the order has not ended.
	AlarmHalted NoticeKind = "order-halted"
	// AlarmForged means that somebody sent the order a message that did not come through the
	// platform.
	AlarmForged NoticeKind = "message-forged"
)

var noticeTexts = map[NoticeKind]string{
	NoticeResponse:              "Новый отклик кадастрового инженера",
	NoticeResponseWithdrawn:     "Кадастровый инженер отозвал отклик",
	NoticeResponseConfirmed:     "Кадастровый инженер подтвердил отклик на изменённых условиях",
	NoticeResponseClosed:        "Исполнителем выбран другой кадастровый инженер",
	NoticeTermsChanged:          "Условия заказа изменены: если они вам подходят, подтвердите согласие, иначе откажитесь",
	NoticeReopened:              "Заказ снова ищет исполнителя: ваш отклик снова действует",
	NoticeReopenedChanged:       "Заказ снова ищет исполнителя, условия изменены: если они вам подходят, подтвердите отклик, иначе отзовите его",
	NoticeReleased:              "Условия заказа изменены, и он снова ищет исполнителя: вы больше не исполнитель",
	NoticeChangesAccepted:       "Исполнитель согласился с изменёнными условиями",
	NoticeTermsChangedMeanwhile: "Условия заказа, на который вы откликались, изменены. Исполнитель сейчас выбран другой; если выбор начнётся заново, отклик нужно будет подтвердить",
	NoticeAcceptedInTime:        "Кадастровый инженер принял заказ в работу: его ответ пришёл до окончания срока предложения",
	NoticeAnswerInTime:          "Ваше согласие пришло до окончания срока предложения и принято: вы исполнитель заказа",
	NoticeCandidacyLost:         "Вы больше не можете взять этот заказ: отклик и предложение сняты, потому что ваш статус кадастрового инженера не позволяет выполнять заказы",
	NoticeProposalWithdrawn:     "Другая сторона отозвала своё предложение",
	NoticeProposalEnded:         "Предложение больше не действует: заказ изменился с тех пор, как оно сделано",
	NoticeAssigned:              "Модератор назначил вас исполнителем заказа",
	NoticeOffer:                 "Вам предложен заказ",
	NoticeOfferWithdrawn:        "Предложение заказа больше не действует: заказчик отозвал его или выбрал другого исполнителя",
	NoticeOfferDeclined:         "Кадастровый инженер отказался от выполнения заказа",
	NoticeOfferExpired:          "Срок предложения истёк без ответа",
	NoticeChosen:                "Вы выбраны исполнителем заказа",
	NoticeAccepted:              "Кадастровый инженер принял заказ в работу",
	NoticeEngineerLeft:          "Исполнитель отказался от заказа",
	NoticeDismissed:             "Заказчик отказался от исполнителя",
	NoticeRecalled:              "Работодатель исполнителя снял его с заказа: заказ снова ищет исполнителя, прежние отклики снова действуют",
	NoticeRecalledByEmployer:    "Работодатель снял вас с заказа: заказ снова ищет исполнителя",
	NoticeCancelled:             "Заказ отменен заказчиком",
	NoticeContractSent:          "Договор подписан исполнителем и ждёт вашей подписи",
	NoticeContractWithdrawn:     "Исполнитель отозвал договор",
	NoticeContractReturned:      "Договор возвращён на доработку",
	NoticeContractSigned:        "Договор подписан обеими сторонами",
	NoticeInvoice:               "Пришёл счет на оплату",
	NoticePaid:                  "Заказчик сообщил об оплате: подтвердите получение",
	NoticePaymentConfirmed:      "Получение оплаты подтверждено",
	NoticePaymentRefuted:        "Исполнитель сообщил, что оплата не поступила",
	NoticeResults:               "Исполнитель передал результаты работ",
	NoticeResultsReceived:       "Заказчик подтвердил получение результатов",
	NoticeResultsAccepted:       "Заказчик принял результаты работ",
	NoticeResultsReturned:       "Результаты возвращены на доработку",
	NoticeActAlone:              "Исполнитель оформил приемку в одностороннем порядке: срок, отведённый вам, истёк",
	NoticeRegistration:          "Изменилось состояние постановки на ГКУ/ГРП",
	NoticeFinal:                 "Исполнитель отправил итог ГКУ/ГРП",
	NoticeAct:                   "Акт выполненных работ ждёт вашей подписи",
	NoticeActReturned:           "Акт возвращён на доработку",
	NoticeActSigned:             "Акт выполненных работ подписан",
	NoticeCompleted:             "Заказ выполнен",
	NoticeRated:                 "Заказчик оценил работу",
	NoticeSuspended:             "Заказ приостановлен: почему, сказано в карточке",
	NoticeResumed:               "Заказ возобновлён",
	NoticeEngineerFlagged:       "Исполнитель сейчас не может выполнять заказы: почему, сказано в карточке. Работы приняты, оплату можно завершить",
	NoticeEngineerUnflagged:     "Исполнитель снова может выполнять заказы",
	NoticeEngineerLost:          "Кадастровый инженер больше не может взять заказ",
	NoticeProposal:              "Другая сторона ждёт вашего ответа на предложение",
	NoticeProposalRefused:       "Другая сторона не согласилась с предложением",
	NoticeTerminated:            "Договор прекращён, заказ закрыт",
	NoticeReworkAgreed:          "Заказ возвращён в работу",
	NoticeDispute:               "По заказу приглашён модератор",
	NoticeSettled:               "Модератор принял решение по спору",
	NoticeDisputeEnded:          "Предмет спора отпал: решение модератора больше не требуется",
	NoticeReplaced:              "Модератор заменил исполнителя заказа",
	NoticeReminder:              "Напоминание: заказ ждёт вашего действия",
	NoticeSilenceAccepts:        "Напоминание: примите работы или верните их с замечаниями. По договору, если вы не ответите в срок, они будут приняты без замечаний",
	NoticeAcceptedBySilence:     "Работы приняты без замечаний: заказчик не ответил в срок, и договор считает это приёмкой",
	NoticeOverdue:               "Срок действия по заказу истёк",
	NoticeEscalated:             "Исполнитель в срок не ответил, поступила ли оплата, о которой сообщил заказчик",
	AlarmHalted:                 "Работа заказа остановлена сбоем: действия сторон не выполняются. Сообщите администратору платформы, он возобновит заказ",
	AlarmForged:                 "Заказу отправлено сообщение не через платформу. Оно не выполнено. Сообщите администратору платформы",

	NoticeReplacementOffered:   "Работодатель предлагает вам заменить исполнителя заказа: прочитайте условия и документы и ответьте",
	NoticeReplacementRefused:   "Модератор не согласился, чтобы вы заменили исполнителя заказа",
	NoticeReplacementOver:      "Предложение заменить исполнителя заказа больше не действует",
	NoticeReplacementAwaits:    "Работодатель исполнителя предлагает его заменить, предложенный кадастровый инженер согласен: решите о замене",
	NoticeReplacementProposed:  "Работодатель исполнителя предлагает его заменить: кем, сказано в карточке",
	NoticeReplacementWithdrawn: "Работодатель исполнителя отозвал предложение о замене",
	NoticeReplacementAgreed:    "Предложенный кадастровый инженер согласен заменить исполнителя: решение за модератором",
	NoticeReplacementDeclined:  "Предложенный кадастровый инженер отказался заменить исполнителя: почему, сказано в истории заказа",
	NoticeReplacementRejected:  "Модератор не согласился заменить исполнителя: почему, сказано в истории заказа",
	NoticeReplacementVoid:      "Предложенный кадастровый инженер больше не может заменить исполнителя: почему, сказано в карточке",
	NoticeReplacementEnded:     "Предложение о замене исполнителя больше не действует: заказ возобновлён или прекращён",
}

// Text returns the notification's text.
func (k NoticeKind) Text() string { return noticeTexts[k] }

// NoticeKinds returns every kind, sorted.
func NoticeKinds() []NoticeKind { return slices.Sorted(maps.Keys(noticeTexts)) }

func (c *decision) notifyCustomer(kind NoticeKind) {
	c.addNotice(Addressee{RoleCustomer, c.s.Customer.Party}, kind)
}

func (c *decision) notifyEngineer(id string, kind NoticeKind) {
	c.addNotice(Addressee{RoleEngineer, id}, kind)
}

func (c *decision) notifyPerformer(kind NoticeKind) {
	if c.s.Performer != nil {
		c.notifyEngineer(c.s.Performer.ID, kind)
	}
}

// notifyEmployer notifies the performer's employer, if he has one.
func (c *decision) notifyEmployer(kind NoticeKind) {
	if c.s.Performer != nil && c.s.Performer.Employer != "" {
		c.addNotice(Addressee{RoleEmployer, c.s.Performer.Employer}, kind)
	}
}

func (c *decision) notifyBoth(kind NoticeKind) {
	c.notifyCustomer(kind)
	c.notifyPerformer(kind)
}

// notifyModerators notifies the moderators, who may act for a silent party or between two that
// disagree. Operators cannot sign in, so no notice is addressed to them.
func (c *decision) notifyModerators(kind NoticeKind) {
	c.addNotice(Addressee{Role: RoleModerator}, kind)
}

// notifyOther notifies the party that did not send the message, or both if a third one sent it.
func (c *decision) notifyOther(kind NoticeKind) {
	switch c.m.Actor.Role {
	case RoleCustomer:
		c.notifyPerformer(kind)
	case RoleEngineer:
		c.notifyCustomer(kind)
	default:
		c.notifyBoth(kind)
	}
}

func (c *decision) notifyResponders(kind NoticeKind, except string) {
	for _, r := range c.s.Responses {
		if r.Engineer != except {
			c.notifyEngineer(r.Engineer, kind)
		}
	}
}
