package order

import "time"

// Terms are the conditions of an order that rules and filters need. The address and the description
// are in its text.
type Terms struct {
	Region   string   `json:"region" pattern:"^[0-9]{2}$" doc:"Код субъекта Российской Федерации"`
	WorkKind WorkKind `json:"workKind" maxLength:"64" doc:"Вид кадастровых работ"`
	// Price is the customer's price in kopecks; nil if he names none.
	Price *Kopecks `json:"price,omitempty" minimum:"1" maximum:"10000000000000" doc:"Стоимость в копейках, если заказчик её указал"`
	// TermDate is the last day of the works (Moscow); TermDays is their length. Exactly one is set.
	TermDate string `json:"termDate,omitempty" format:"date" doc:"Срок выполнения: до даты"`
	TermDays int    `json:"termDays,omitempty" minimum:"1" maximum:"3650" doc:"Срок выполнения: в днях"`
	// Prepayment means that the customer agrees to pay an advance.
	Prepayment bool `json:"prepayment,omitempty" doc:"Заказчик согласен на предоплату"`
	// Registration means that the engineer also carries the result through ГКУ/ГРП.
	Registration bool `json:"registration,omitempty" doc:"Нужна постановка на ГКУ/ГРП"`
	// Files are the source data from the customer.
	Files []FileRef `json:"files,omitempty" maxItems:"100" doc:"Приложенные файлы"`
}

// Bid is the term and the price of an engineer's response.
type Bid struct {
	Price    Kopecks `json:"price" minimum:"1" maximum:"10000000000000" doc:"Стоимость в копейках"`
	TermDate string  `json:"termDate,omitempty" format:"date" doc:"Срок выполнения: до даты"`
	TermDays int     `json:"termDays,omitempty" minimum:"1" maximum:"3650" doc:"Срок выполнения: в днях"`
}

// Revised is the revision of the conditions that the sender has seen, so that he cannot agree to
// conditions that he has not seen.
type Revised struct {
	Revision int `json:"revision" minimum:"1" maximum:"2147483647" doc:"Номер редакции условий заказа, с которой вы согласны"`
}

// EngineerChoice is the id of a chosen engineer.
type EngineerChoice struct {
	Engineer string `json:"engineer" format:"uuid" doc:"Кадастровый инженер"`
}

// ContractTerms are the file of a contract signed by the engineer and the conditions in it.
type ContractTerms struct {
	File      FileRef `json:"file" doc:"Договор, PDF/A"`
	Signature FileRef `json:"signature" doc:"Открепленная подпись исполнителя"`
	ContractConditions
}

// ContractConditions are what the rules need to know of a contract. A contract that the platform made
// says the same as the message that sends it, see [GeneratedFacts].
type ContractConditions struct {
	Price Kopecks `json:"price" minimum:"1" maximum:"10000000000000" doc:"Стоимость работ в копейках"`
	// AdvanceBasisPoints is the advance in hundredths of a per cent of the price, 0..10000.
	AdvanceBasisPoints int     `json:"advanceBasisPoints" minimum:"0" maximum:"10000" doc:"Аванс в сотых долях процента"`
	Advance            Kopecks `json:"advance" minimum:"0" maximum:"10000000000000" doc:"Сумма аванса в копейках"`
	TermDate           string  `json:"termDate" format:"date" doc:"Срок исполнения"`
	Registration       bool    `json:"registration,omitempty" doc:"Договор предусматривает постановку на ГКУ/ГРП"`
	// AcceptanceDays is the term of acceptance in working days; 0 means [UsualAcceptanceDays].
	AcceptanceDays int `json:"acceptanceDays,omitempty" minimum:"0" maximum:"365" doc:"Срок приёмки по договору в рабочих днях; 0 — он не указан, действует срок платформы, 10 рабочих дней"`
	// SilenceAcceptsAfter is the term of acceptance in working days if the parties agreed that the
	// customer's silence accepts the works; 0 means that silence accepts nothing.
	SilenceAcceptsAfter int `json:"silenceAcceptsAfter,omitempty" minimum:"0" maximum:"365" doc:"Через сколько рабочих дней молчание заказчика считается приёмкой работ, от 3; 0 — молчание не приёмка"`
}

// UsualAcceptanceDays is the term of acceptance in working days unless the contract has its own.
const UsualAcceptanceDays = 10

// MinSilence is the shortest term after which silence may accept the works, in working days: within
// it the customer is reminded twice.
const MinSilence, maxSilence = 3, 365

func validSilence(days int) bool { return days == 0 || days >= MinSilence && days <= maxSilence }

// validAcceptance reports whether the term of acceptance is one, and the same as that of silence.
func (t ContractConditions) validAcceptance() bool {
	if t.AcceptanceDays < 0 || t.AcceptanceDays > maxSilence {
		return false
	}
	return t.AcceptanceDays == 0 || t.SilenceAcceptsAfter == 0 || t.AcceptanceDays == t.SilenceAcceptsAfter
}

// Remainder returns the price without the advance.
func (t ContractConditions) Remainder() Kopecks { return t.Price - t.Advance }

// PowerOfAttorney is a machine-readable power of attorney (МЧД) with the signature of who gave it.
type PowerOfAttorney struct {
	File      FileRef `json:"file" doc:"Файл доверенности, XML единого формата 003"`
	Signature FileRef `json:"signature" doc:"Открепленная подпись доверителя"`
}

// Powers are the powers of attorney of a signer: his own, and each next one is that whose authority
// the one before it delegates. There are none if he signs for himself or is the head.
type Powers []PowerOfAttorney

// ContractSignature is the customer's signature of the contract with the hash that he saw.
type ContractSignature struct {
	Contract  string  `json:"contract" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 подписываемого договора"`
	Signature FileRef `json:"signature" doc:"Открепленная подпись заказчика"`
	Powers    Powers  `json:"powers,omitempty" maxItems:"3" doc:"Доверенности подписанта: его собственная, за ней та, в порядке передоверия которой она выдана"`
}

// Invoice is an invoice as a stored file, or as a link in the message's text.
type Invoice struct {
	File *FileRef `json:"file,omitempty" doc:"Файл счета"`
	Link bool     `json:"link,omitempty" doc:"Счет передан ссылкой (ссылка в text.link)"`
}

// PaymentReport is a customer's report that he has paid.
type PaymentReport struct {
	File            *FileRef `json:"file,omitempty" doc:"Документ об оплате"`
	WithoutDocument bool     `json:"withoutDocument,omitempty" doc:"Документа нет, исполнитель подтвердит получение"`
}

// Way is how the results of the works are delivered.
type Way string

// The four ways of the manuals.
const (
	InPerson  Way = "physical"
	ByFiles   Way = "files"
	ByLink    Way = "link"
	ByStorage Way = "uin"
)

// SignedAct is an act of completed works with its engineer's signature.
type SignedAct struct {
	File      FileRef `json:"file" doc:"Акт выполненных работ"`
	Signature FileRef `json:"signature" doc:"Открепленная подпись исполнителя"`
}

// ResultsDelivery is a delivery of the results; it includes the act if the contract has no ГКУ/ГРП.
type ResultsDelivery struct {
	Way     Way        `json:"way" enum:"physical,files,link,uin" doc:"Способ передачи"`
	Files   []FileRef  `json:"files,omitempty" maxItems:"100" doc:"Файлы результата"`
	Act     *SignedAct `json:"act,omitempty" doc:"Подписанный исполнителем акт, если договор без ГКУ/ГРП"`
	Invoice *Invoice   `json:"invoice,omitempty" doc:"Счет на оплату, если готов"`
}

// ActSignature is a signature of the act with the hash that its signer saw.
type ActSignature struct {
	Act       string   `json:"act,omitempty" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 подписываемого акта"`
	Signature *FileRef `json:"signature,omitempty" doc:"Открепленная подпись"`
	Powers    Powers   `json:"powers,omitempty" maxItems:"3" doc:"Доверенности подписанта: его собственная, за ней та, в порядке передоверия которой она выдана"`
}

// Remarks are the files of a customer's remarks; the remarks themselves are in the message's text.
type Remarks struct {
	Files []FileRef `json:"files,omitempty" maxItems:"100" doc:"Файлы к замечаниям"`
}

// RegistrationStatus is Rosreestr's status of the application.
type RegistrationStatus struct {
	Status string `json:"status" enum:"review,suspended,refused" doc:"На рассмотрении, приостановлено, отказ"`
}

// The statuses of an application for ГКУ/ГРП.
const (
	RegistrationReview    = "review"
	RegistrationSuspended = "suspended"
	RegistrationRefused   = "refused"
)

// FinalDelivery is the result of ГКУ/ГРП with the act and the invoice.
type FinalDelivery struct {
	Files   []FileRef  `json:"files" minItems:"1" nullable:"false" maxItems:"100" doc:"Документы о результате ГКУ/ГРП"`
	Act     *SignedAct `json:"act" doc:"Подписанный исполнителем акт"`
	Invoice *Invoice   `json:"invoice,omitempty" doc:"Счет на оплату"`
}

// ActDelivery is a new version of the act.
type ActDelivery struct {
	Act SignedAct `json:"act" doc:"Подписанный исполнителем акт"`
}

// Mark is a customer's rating of the work.
type Mark struct {
	Mark int `json:"mark" minimum:"1" maximum:"5" doc:"Оценка от 1 до 5"`
}

// EngineerStatus is an engineer's status as the registry, a moderator or an employer sends it.
type EngineerStatus struct {
	Engineer string `json:"engineer" format:"uuid"`
	Active   bool   `json:"active"`
	// AsOf orders the statuses of one source: an older one changes nothing.
	AsOf time.Time `json:"asOf"`
	// Snapshot is the id of the registry snapshot, for the operators.
	Snapshot string `json:"snapshot,omitempty"`
}

// Ground is the subject of a dispute.
type Ground string

// The grounds of a dispute.
const (
	GroundTermination  Ground = "termination"
	GroundResults      Ground = "results"
	GroundRegistration Ground = "registration"
	GroundPayment      Ground = "payment"
)

// DisputeCall is a call for the moderator.
type DisputeCall struct {
	Ground Ground `json:"ground" enum:"termination,results,registration,payment" doc:"Предмет спора"`
}

// Settlement is a moderator's decision on a dispute.
type Settlement string

// The settlements: the order continues, returns to work, or is terminated.
const (
	SettleContinue  Settlement = "continue"
	SettleRework    Settlement = "rework"
	SettleTerminate Settlement = "terminate"
)

// DisputeSettlement is the decision that ends a dispute.
type DisputeSettlement struct {
	Settlement Settlement `json:"settlement" enum:"continue,rework,terminate" doc:"Решение модератора"`
}

// DueNow names a deadline of the order that has come.
type DueNow struct {
	Due string `json:"due"`
}

// EffectResult names an effect of the order that has finished.
type EffectResult struct {
	Effect string `json:"effect"`
}
