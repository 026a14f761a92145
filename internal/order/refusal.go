package order

import (
	"maps"
	"slices"
)

// Code is the stable name of a refusal, for programs.
type Code string

// Refusal is why a message was not applied: a code for programs and a sentence for the sender.
type Refusal struct {
	Code   Code   `json:"code"`
	Reason string `json:"reason"`
}

// The refusals.
const (
	CodeUnknown     Code = "unknown_message"
	CodeUnreadable  Code = "unreadable_message"
	CodeFlooded     Code = "order_flooded"
	CodeNotStored   Code = "not_kept"
	CodeNotParty    Code = "not_a_party"
	CodeStage       Code = "wrong_stage"
	CodeClosed      Code = "order_closed"
	CodeSuspended   Code = "order_suspended"
	CodeAlreadyDone Code = "already_done"
	CodeBodyMissing Code = "body_missing"
	CodeNoReason    Code = "reason_required"
	CodeNoForm      Code = "form_required"

	CodeBadTerms   Code = "terms_invalid"
	CodeBadTerm    Code = "term_invalid"
	CodeBadPrice   Code = "price_invalid"
	CodeBadAdvance Code = "advance_mismatch"
	CodeBadSilence Code = "silence_term_wrong"
	// CodeBadAcceptance means that the term of acceptance is none, or not that of silence.
	CodeBadAcceptance Code = "acceptance_term_wrong"
	CodeBadMark       Code = "mark_invalid"
	CodeBadDetails    Code = "details_invalid"
	CodeFileUnknown   Code = "file_unknown"
	// CodeFileRepeated means that one list names a file more than once.
	CodeFileRepeated Code = "file_repeated"
	CodeNotPDF       Code = "contract_not_pdf"
	// CodeNotPDFA means that a contract or an act is no PDF/A.
	CodeNotPDFA Code = "document_not_pdfa"
	// CodeNotChecked means that a contract or an act was stored before PDFs were checked.
	CodeNotChecked Code = "document_not_checked"
	// CodeOtherConditions means that a document that the platform made says something else than it is
	// sent with.
	CodeOtherConditions Code = "document_conditions_differ"

	CodeOwnOrder         Code = "own_order"
	CodeBothSides        Code = "both_sides"
	CodeModeratorIsParty Code = "moderator_is_party"
	CodeNotInRegistry    Code = "engineer_not_in_registry"
	CodeBlocked          Code = "engineer_blocked"
	CodeAccountOff       Code = "engineer_account_off"
	CodeOnlyEngineer     Code = "engineer_only_one_at_employer"
	CodeByEmployer       Code = "engineer_suspended_by_employer"
	CodeFormOfWork       Code = "engineer_without_form_of_work"
	CodeOutsideRegions   Code = "engineer_outside_regions"
	CodeNotReceiving     Code = "engineer_not_receiving"
	CodeProfile          Code = "engineer_profile_incomplete"
	CodeUnknownEngineer  Code = "engineer_unknown"
	CodeUnknownCustomer  Code = "customer_unknown"
	CodeHeadSigns        Code = "head_signature_required"
	CodeNotSigned        Code = "signature_not_checked"

	CodeHasResponse     Code = "already_responded"
	CodeNoResponse      Code = "no_response"
	CodeManyResponses   Code = "too_many_responses"
	CodeStaleResponse   Code = "response_outdated"
	CodeNothingChanged  Code = "nothing_changed"
	CodeOfferOpen       Code = "offer_open"
	CodeNoOffer         Code = "no_offer"
	CodeOfferExpired    Code = "offer_expired"
	CodeOldRevision     Code = "conditions_changed"
	CodeReaccept        Code = "changes_not_accepted"
	CodeContractSent    Code = "contract_sent"
	CodeContractNotSent Code = "contract_not_sent"
	CodeOtherContract   Code = "contract_changed"
	CodeContractSigned  Code = "contract_signed"

	CodeNoInvoice      Code = "invoice_missing"
	CodeNothingToPay   Code = "nothing_to_pay"
	CodeNotClaimed     Code = "payment_not_reported"
	CodeClaimed        Code = "payment_reported"
	CodeNoDocument     Code = "payment_document_required"
	CodeActNeeded      Code = "act_required"
	CodeActNotNow      Code = "act_comes_with_registration"
	CodeActDone        Code = "act_signed"
	CodeActNotSigned   Code = "act_not_signed"
	CodeOtherAct       Code = "act_changed"
	CodeNotReceived    Code = "results_not_received"
	CodeReceived       Code = "results_received"
	CodeNotOverdue     Code = "not_overdue"
	CodeNotPaid        Code = "rating_before_payment"
	CodeRatingClosed   Code = "rating_closed"
	CodeNotRefused     Code = "registration_not_refused"
	CodeProposalOpen   Code = "proposal_open"
	CodeNoProposal     Code = "no_proposal"
	CodeOwnProposal    Code = "own_proposal"
	CodeOthersProposal Code = "others_proposal"
	CodeDisputeOpen    Code = "dispute_open"
	CodeNoDispute      Code = "no_dispute"
	CodeFewRounds      Code = "too_few_rounds"
	CodeNoDisagreement Code = "no_disagreement"
	CodeOtherEmployer  Code = "engineer_of_another_employer"
	CodeSameEngineer   Code = "same_engineer"

	CodeNotSuspended      Code = "order_not_suspended"
	CodeReplacementOpen   Code = "replacement_open"
	CodeNoReplacement     Code = "no_replacement"
	CodeNotAgreed         Code = "replacement_not_agreed"
	CodeAgreedReplacement Code = "replacement_agreed"

	CodeOutdatedStatus Code = "older_statement"
	CodeNotConcerned   Code = "engineer_not_concerned"
	CodeNotDue         Code = "not_due"
	CodeNoEffect       Code = "no_such_effect"
)

var reasons = map[Code]string{
	CodeUnknown:     "Такого действия у заказа нет.",
	CodeUnreadable:  "Сообщение не удалось прочитать: в нём неверные или лишние поля. Обновите страницу и повторите.",
	CodeFlooded:     "Заказ не успевает отвечать на поступающие сообщения. Отправьте это сообщение ещё раз через несколько минут.",
	CodeNotStored:   "Сообщение пришло не через платформу, поэтому не выполнено. Если его отправляли вы, повторите действие на странице заказа.",
	CodeNotParty:    "Это действие доступно другой стороне заказа.",
	CodeClosed:      "Заказ уже закрыт, изменить его нельзя.",
	CodeSuspended:   "Заказ приостановлен, до возобновления это действие закрыто: почему, сказано в карточке. Документы можно смотреть и скачивать; ход заказа продолжится, когда приостановка будет снята.",
	CodeAlreadyDone: "Это уже выполнено.",
	CodeBodyMissing: "Текст сообщения не найден. Отправьте его ещё раз.",
	CodeNoReason:    "Укажите причину: без неё другая сторона не поймёт, что исправить.",
	CodeNoForm:      "Заполните все обязательные поля заказа.",

	CodeBadTerms:        "Заполните регион и вид кадастровых работ.",
	CodeBadTerm:         "Укажите срок выполнения: либо дату от сегодняшней и не дальше десяти лет, либо количество дней, не больше 3650.",
	CodeBadPrice:        "Укажите стоимость больше нуля и не больше 100 миллиардов рублей.",
	CodeBadAcceptance:   "Срок приёмки — от 1 до 365 рабочих дней. Если по договору молчание заказчика — приёмка, она наступает после этого же срока: укажите одно число.",
	CodeBadSilence:      "Приёмка по молчанию возможна через 3–365 рабочих дней: за это время платформа дважды напомнит заказчику о приёмке.",
	CodeBadAdvance:      "Сумма аванса не совпадает с процентом от стоимости. Пересчитайте аванс.",
	CodeBadMark:         "Поставьте оценку от 1 до 5.",
	CodeBadDetails:      "Не все сведения указаны. Заполните обязательные поля.",
	CodeFileRepeated:    "Один и тот же файл приложен несколько раз. Оставьте его один раз.",
	CodeFileUnknown:     "Файл не найден среди загруженных вашей стороной к этому заказу. Загрузите его ещё раз.",
	CodeNotPDF:          "Договор принимается только файлом PDF. Сохраните его как PDF/A и приложите ещё раз.",
	CodeNotPDFA:         "Договор и акт принимаются только файлами PDF/A. Сохраните документ как PDF/A и приложите ещё раз.",
	CodeOtherConditions: "Документ, сформированный платформой, отправляют с теми же условиями, что в нём указаны. Обновите страницу и отправьте его ещё раз или сформируйте новый.",
	CodeNotChecked:      "Этот файл загружен до того, как платформа стала проверять договоры и акты на PDF/A. Загрузите его ещё раз.",

	CodeOwnOrder:         ownOrderReasons[TiePerson],
	CodeBothSides:        "Вы исполнитель этого заказа или представляете работодателя исполнителя, поэтому не можете действовать в нём за заказчика. Это должен сделать другой представитель заказчика.",
	CodeModeratorIsParty: "Вы связаны с одной из сторон этого заказа, поэтому решение по нему должен принять другой модератор.",
	CodeNotInRegistry:    "У кадастрового инженера нет действующего статуса в АИС «Реестр СРО».",
	CodeBlocked:          "Кадастровый инженер заблокирован Модератором системы.",
	CodeAccountOff:       "Кадастровый инженер сейчас не пользуется платформой. Пока он не вернётся, заказ ему поручить нельзя.",
	CodeOnlyEngineer:     "Кадастровый инженер является единственным, по данным платформы, действующим кадастровым инженером у своего работодателя. В штате юридического лица должно быть не менее двух кадастровых инженеров.",
	CodeByEmployer:       "Работодатель приостановил деятельность кадастрового инженера или ещё не подтвердил его.",
	CodeFormOfWork:       "Не указана форма работы: индивидуальный предприниматель или сотрудник юридического лица.",
	CodeOutsideRegions:   "Местоположение объекта работ не входит в регионы деятельности кадастрового инженера.",
	CodeNotReceiving:     "Кадастровый инженер не принимает заказы: переключатель приёма заказов в его профиле выключен.",
	CodeProfile:          "В профиле кадастрового инженера не заполнены обязательные поля, поэтому он не может принимать заказы и откликаться на них.",
	CodeUnknownEngineer:  "Такого кадастрового инженера на платформе нет.",
	CodeUnknownCustomer:  "Такого заказчика на платформе нет.",
	CodeHeadSigns:        "Подписать может только руководитель организации: допуск даёт право вести заказы, но не подписывать за организацию. Руководителю нужно войти на платформу через Госуслуги, или приложите к подписи машиночитаемую доверенность (МЧД).",
	CodeNotSigned:        "Подпись этого документа не проверена или не принята. Подпишите документ и отправьте подпись ещё раз.",

	CodeHasResponse:     "Вы уже откликнулись на этот заказ. Чтобы изменить условия, отзовите отклик.",
	CodeNoResponse:      "Отклика этого кадастрового инженера нет: он не откликался или отозвал отклик.",
	CodeManyResponses:   "На этот заказ уже откликнулось столько кадастровых инженеров, сколько он принимает. Откликнуться можно, когда кто-нибудь отзовёт отклик.",
	CodeStaleResponse:   "Условия заказа изменены после этого отклика. Выбрать исполнителя можно, когда он подтвердит отклик.",
	CodeNothingChanged:  "Подтверждать нечего: условия заказа не менялись.",
	CodeOfferOpen:       "Заказ уже предложен кадастровому инженеру. Дождитесь ответа или отзовите предложение.",
	CodeNoOffer:         "Предложения этого заказа для вас нет: оно отозвано или на него уже дан ответ.",
	CodeOfferExpired:    "Срок предложения истёк.",
	CodeOldRevision:     "Условия заказа изменились, пока вы их рассматривали. Ознакомьтесь с новыми условиями и повторите.",
	CodeReaccept:        "Исполнитель ещё не согласился с изменёнными условиями заказа.",
	CodeContractSent:    "Договор уже подписан исполнителем и отправлен на согласование.",
	CodeContractNotSent: "Договор ещё не отправлен исполнителем.",
	CodeOtherContract:   "Договор изменился, пока вы его рассматривали. Откройте новую редакцию и подпишите её.",
	CodeContractSigned:  "Договор подписан обеими сторонами, отменить заказ нельзя. Прекратить работы можно по соглашению сторон или через модератора.",

	CodeNoInvoice:      "Приложите файл счета или укажите ссылку на него.",
	CodeNothingToPay:   "Платить нечего: стоимость оплачена авансом полностью.",
	CodeNotClaimed:     "Заказчик ещё не сообщил об оплате.",
	CodeClaimed:        "Об оплате уже сообщено, исполнитель должен её подтвердить.",
	CodeNoDocument:     "Приложите документ об оплате или отметьте, что его нет.",
	CodeActNeeded:      "Приложите акт выполненных работ, подписанный исполнителем.",
	CodeActNotNow:      "По этому договору акт передаётся вместе с результатом ГКУ/ГРП.",
	CodeActDone:        "Акт уже подписан.",
	CodeActNotSigned:   "Сначала нужно подписать акт выполненных работ.",
	CodeOtherAct:       "Акт изменился, пока вы его рассматривали. Откройте новую редакцию и подпишите её.",
	CodeNotReceived:    "Сначала подтвердите, что результаты работ получены.",
	CodeReceived:       "Получение результатов уже подтверждено.",
	CodeNotOverdue:     "Срок, отведённый заказчику, ещё не истёк.",
	CodeNotPaid:        "Оценить работу можно после оплаты.",
	CodeRatingClosed:   "Срок оценки истёк: оценку можно поставить и изменить в течение 14 дней.",
	CodeNotRefused:     "Отказа в постановке на ГКУ/ГРП нет, возвращать заказ в работу не на чем.",
	CodeProposalOpen:   "Предложение уже сделано. Дождитесь ответа на него: тот, кто его сделал, может его отозвать.",
	CodeNoProposal:     "Такого предложения от другой стороны нет.",
	CodeOthersProposal: "Это предложение другой стороны: отозвать его может только она. Вы можете согласиться или отказаться.",
	CodeOwnProposal:    "Это ваше предложение, ответить на него должна другая сторона.",
	CodeDisputeOpen:    "Модератор уже приглашён, дождитесь его решения.",
	CodeNoDispute:      "Открытого спора по заказу нет.",
	CodeFewRounds:      "Пригласить модератора по качеству результатов можно после трёх возвратов на доработку.",
	CodeNoDisagreement: "Об оплате стороны не спорят: платёж не отклонялся и срок его подтверждения не истёк.",
	CodeOtherEmployer:  "Заменить исполнителя можно только кадастровым инженером того же юридического лица.",
	CodeSameEngineer:   "Этот кадастровый инженер уже исполнитель заказа.",

	CodeNotSuspended:      "Заказ не приостановлен: исполнитель ведёт его сам. Предложить замену можно, пока заказ приостановлен.",
	CodeReplacementOpen:   "Замена исполнителя уже предложена. Чтобы предложить другого кадастрового инженера, отзовите это предложение.",
	CodeNoReplacement:     "Такого предложения о замене исполнителя нет: его отозвали, отклонили или оно перестало действовать.",
	CodeNotAgreed:         "Предложенный кадастровый инженер ещё не ответил. Решить о замене можно, когда он согласится.",
	CodeAgreedReplacement: "Вы уже согласились, решение за модератором. Пока он не решил, вы можете отказаться.",

	CodeOutdatedStatus: "Есть более новые сведения о статусе кадастрового инженера.",
	CodeNotConcerned:   "Этот кадастровый инженер в заказе не участвует.",
	CodeNotDue:         "Этот срок не наступил или уже снят.",
	CodeNoEffect:       "Такой работы заказ не начинал.",
}

func refuse(code Code) *Refusal { return &Refusal{Code: code, Reason: reasons[code]} }

// ReasonOf returns the sentence of a code. It is empty for CodeStage, whose sentence names the
// stage and comes with the refusal itself.
func ReasonOf(code Code) string { return reasons[code] }

// Codes returns every refusal code, sorted.
func Codes() []Code {
	codes := slices.AppendSeq([]Code{CodeStage}, maps.Keys(reasons))
	slices.Sort(codes)
	return codes
}

func refuseStage(r *Rule, s *State) *Refusal {
	return &Refusal{
		Code:   CodeStage,
		Reason: "Действие «" + r.Title + "» сейчас недоступно: заказ на этапе «" + s.Stage.Label() + "».",
	}
}
