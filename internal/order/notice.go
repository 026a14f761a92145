package order

// NoticeKind names a notification; its text is in [NoticeKind.Text].
type NoticeKind string

// Addressee is who is notified: a role, and for an engineer who is not the performer, which one.
type Addressee struct {
	Role Role
	// Party is the customer's account, the engineer or the organisation; empty for moderators, who share theirs.
	Party string
}

// Notice is a notification to be written with a decision.
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
	// NoticeTermsChangedMeanwhile goes to who responded while another engineer is the performer.
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
	NoticeAcceptedInTime    NoticeKind = "accepted-in-time"
	NoticeAnswerInTime      NoticeKind = "answer-in-time"
	NoticeEngineerLeft      NoticeKind = "engineer-left"
	NoticeDismissed         NoticeKind = "dismissed"
	NoticeCancelled         NoticeKind = "cancelled"
	NoticeContractSent      NoticeKind = "contract-sent"
	NoticeContractWithdrawn NoticeKind = "contract-withdrawn"
	NoticeContractReturned  NoticeKind = "contract-returned"
	NoticeContractSigned    NoticeKind = "contract-signed"
	NoticeInvoice           NoticeKind = "invoice"
	NoticePaid              NoticeKind = "paid"
	NoticePaymentConfirmed  NoticeKind = "payment-confirmed"
	NoticePaymentRefuted    NoticeKind = "payment-refuted"
	NoticeResults           NoticeKind = "results"
	NoticeResultsReceived   NoticeKind = "results-received"
	NoticeResultsAccepted   NoticeKind = "results-accepted"
	NoticeResultsReturned   NoticeKind = "results-returned"
	NoticeActAlone          NoticeKind = "act-alone"
	NoticeRegistration      NoticeKind = "registration"
	NoticeFinal             NoticeKind = "final"
	NoticeAct               NoticeKind = "act"
	NoticeActReturned       NoticeKind = "act-returned"
	NoticeActSigned         NoticeKind = "act-signed"
	NoticeCompleted         NoticeKind = "completed"
	NoticeRated             NoticeKind = "rated"
	NoticeSuspended         NoticeKind = "suspended"
	NoticeResumed           NoticeKind = "resumed"
	NoticeEngineerFlagged   NoticeKind = "engineer-flagged"
	NoticeEngineerUnflagged NoticeKind = "engineer-unflagged"
	NoticeEngineerLost      NoticeKind = "engineer-lost"
	NoticeCandidacyLost     NoticeKind = "candidacy-lost"
	NoticeProposal          NoticeKind = "proposal"
	NoticeProposalRefused   NoticeKind = "proposal-refused"
	NoticeProposalWithdrawn NoticeKind = "proposal-withdrawn"
	NoticeProposalEnded     NoticeKind = "proposal-ended"
	NoticeTerminated        NoticeKind = "terminated"
	NoticeReworkAgreed      NoticeKind = "rework-agreed"
	NoticeDispute           NoticeKind = "dispute"
	NoticeSettled           NoticeKind = "settled"
	NoticeDisputeEnded      NoticeKind = "dispute-ended"
	NoticeReplaced          NoticeKind = "replaced"
	NoticeAssigned          NoticeKind = "assigned"
	NoticeReminder          NoticeKind = "reminder"
	NoticeOverdue           NoticeKind = "overdue"
	NoticeEscalated         NoticeKind = "escalated"
)

// The alarms of an order call the moderators; no message of it raises them.
const (
	// AlarmHalted is an order whose workflow is gone while its record goes on.
	AlarmHalted NoticeKind = "order-halted"
	// AlarmForged is an order to which somebody sent a message past the platform.
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
	NoticeOverdue:               "Срок действия по заказу истёк",
	NoticeEscalated:             "Исполнитель в срок не ответил, поступила ли оплата, о которой сообщил заказчик",
	AlarmHalted:                 "Работа заказа остановлена сбоем: действия сторон не выполняются. Сообщите администратору платформы, он возобновит заказ",
	AlarmForged:                 "Заказу отправлено сообщение не через платформу. Оно не выполнено. Сообщите администратору платформы",
}

// Text is what the addressee reads.
func (k NoticeKind) Text() string { return noticeTexts[k] }

// NoticeKinds lists every kind.
func NoticeKinds() []NoticeKind {
	kinds := make([]NoticeKind, 0, len(noticeTexts))
	for k := range noticeTexts {
		kinds = append(kinds, k)
	}
	return kinds
}

func (c *decision) tellCustomer(kind NoticeKind) {
	c.notify(Addressee{RoleCustomer, c.s.Customer.Party}, kind)
}

func (c *decision) tellEngineer(id string, kind NoticeKind) {
	c.notify(Addressee{RoleEngineer, id}, kind)
}

func (c *decision) tellPerformer(kind NoticeKind) {
	if c.s.Performer != nil {
		c.tellEngineer(c.s.Performer.ID, kind)
	}
}

func (c *decision) tellBoth(kind NoticeKind) {
	c.tellCustomer(kind)
	c.tellPerformer(kind)
}

// tellModerators notifies those who may act for a party that does not, or between two that disagree. Operators cannot sign in: nothing is
// addressed to them.
func (c *decision) tellModerators(kind NoticeKind) {
	c.notify(Addressee{Role: RoleModerator}, kind)
}

// tellOther notifies the party that did not send the message; both if a third one did.
func (c *decision) tellOther(kind NoticeKind) {
	switch c.m.Actor.Role {
	case RoleCustomer:
		c.tellPerformer(kind)
	case RoleEngineer:
		c.tellCustomer(kind)
	default:
		c.tellBoth(kind)
	}
}

func (c *decision) tellResponders(kind NoticeKind, except string) {
	for _, r := range c.s.Responses {
		if r.Engineer != except {
			c.tellEngineer(r.Engineer, kind)
		}
	}
}
