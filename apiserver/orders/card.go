package orders

import (
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi/wire"
	"epkr/internal/order"
)

// OrderCard is an order as one viewer sees it, without what he may not see.
type OrderCard struct {
	ID     uuid.UUID   `json:"id" format:"uuid" doc:"Идентификатор"`
	Number string      `json:"number" doc:"Номер"`
	Seq    int32       `json:"seq" doc:"Растёт с каждым действием"`
	Stage  Stage       `json:"stage"`
	Cause  order.Cause `json:"cause,omitempty" doc:"Кто прекратил заказ"`
	// Party reports that the viewer is a party of the order, and not an engineer who may take it.
	Party bool `json:"party" doc:"Вы сторона этого заказа"`
	// OtherChosen is set for an engineer who responded and was not chosen, and for his employer.
	OtherChosen bool `json:"otherChosen,omitempty" doc:"Исполнителем выбран другой кадастровый инженер"`

	CreatedAt   time.Time  `json:"createdAt" doc:"Когда создан"`
	PublishedAt *time.Time `json:"publishedAt,omitempty" doc:"Когда опубликован"`
	UpdatedAt   time.Time  `json:"updatedAt" doc:"Когда изменён"`

	Terms    *Terms      `json:"terms,omitempty"`
	Form     *Form       `json:"form,omitempty"`
	Region   *wire.Coded `json:"region,omitempty"`
	WorkKind *wire.Coded `json:"workKind,omitempty"`
	Revision int         `json:"revision,omitempty" doc:"Номер редакции условий"`

	Customer     *wire.Named        `json:"customer,omitempty" doc:"Заказчик; виден сторонам заказа"`
	CustomerKind order.CustomerKind `json:"customerKind,omitempty" doc:"Кто заказчик"`
	Performer    *CardEngineer      `json:"performer,omitempty"`
	Reaccept     bool               `json:"reaccept,omitempty" doc:"Исполнитель ещё не согласился с изменёнными условиями"`
	Responses    []CardResponse     `json:"responses,omitempty"`
	Offer        *CardOffer         `json:"offer,omitempty"`

	Contract *Contract `json:"contract,omitempty"`
	// Differences are shown before the customer signs.
	Differences []Difference `json:"differences,omitempty" doc:"Чем договор, который ждёт подписи заказчика, отличается от того, о чём договорились"`
	// MissingForContract is for the viewer's own side, until both have signed.
	MissingForContract []wire.Missing `json:"missingForContract,omitempty" doc:"Чего не хватает в ваших реквизитах для договора"`
	SilenceAccepts     *time.Time     `json:"silenceAccepts,omitempty" doc:"Когда работы будут приняты по договору, если заказчик промолчит"`
	Remainder          *int64         `json:"remainder,omitempty" doc:"Остаток к оплате после аванса, в копейках"`
	Prepayment         *CardBill      `json:"prepayment,omitempty"`
	Results            *CardResults   `json:"results,omitempty"`
	Rounds             int            `json:"rounds,omitempty" doc:"Сколько раз результаты возвращались"`
	Act                *Act           `json:"act,omitempty"`
	Application        *CardFiling    `json:"application,omitempty"`
	Payment            *CardBill      `json:"payment,omitempty"`
	Rating             *CardRating    `json:"rating,omitempty"`

	Holds    []CardHold    `json:"holds,omitempty"`
	Dispute  *Dispute      `json:"dispute,omitempty"`
	Proposal *CardProposal `json:"proposal,omitempty"`
	// Replacement is shown to everybody who sees the order as a party.
	Replacement *CardReplacement `json:"replacement,omitempty"`
	Waits       *Waits           `json:"waits,omitempty" doc:"Чего ждёт заказ; видно сторонам заказа и тому, кому он предложен"`

	// A card contains a part of long lists; separate operations return them page by page.
	MoreResponses bool           `json:"moreResponses,omitempty" doc:"Откликов больше, чем в карточке: остальные в списке откликов"`
	Documents     []CardDocument `json:"documents,omitempty"`
	MoreDocuments bool           `json:"moreDocuments,omitempty" doc:"Документов больше, чем в карточке, здесь последние: остальные в списке документов"`
	Actions       []Action       `json:"actions" nullable:"false" doc:"Действия, доступные вам, и почему недоступны остальные; решает сам заказ"`
	// Halted reports that the order's workflow does not run; an operator restarts it. There are no
	// actions meanwhile.
	Halted bool `json:"halted,omitempty" doc:"Работа заказа остановлена сбоем; действий пока нет"`
	// Workflow is for moderators only.
	Workflow string `json:"workflow,omitempty" doc:"Адрес заказа в Temporal UI"`
}

// CardEngineer is an engineer with his data from the registry.
type CardEngineer struct {
	wire.Named
	RegistryNumber string `json:"registryNumber,omitempty" doc:"Номер в реестре"`
	SRO            string `json:"sro,omitempty" doc:"СРО"`
	Employer       string `json:"employer,omitempty" doc:"Работодатель"`
}

// CardResponse is a response with its author and note.
type CardResponse struct {
	Engineer CardEngineer `json:"engineer"`
	Bid
	Note string `json:"note,omitempty" doc:"Пояснение"`
	// Current reports that the response is to the current conditions.
	Current bool `json:"current" doc:"Отклик на действующие условия"`
	// Reason is a hint: the order itself decides.
	Reason    string     `json:"reason,omitempty" doc:"Почему этого инженера нельзя выбрать исполнителем"`
	CreatedAt *time.Time `json:"createdAt,omitempty" doc:"Когда отправлен"`

	// TermUntil and DaysLater make terms in days and terms as dates comparable.
	TermUntil string `json:"termUntil,omitempty" format:"date" doc:"Последний день срока, если выбрать исполнителя сегодня; у выбранного — со дня выбора"`
	DaysLater int    `json:"daysLater,omitempty" doc:"На сколько дней этот день позже срока из условий заказа; отрицательное, если раньше"`
	// Statistics are for the customer, who compares the responses.
	Statistics *EngineerStatistics `json:"statistics,omitempty" doc:"Рейтинг и отказы; видны заказчику, пока он выбирает исполнителя"`
}

// CardOffer is the open offer.
type CardOffer struct {
	Engineer CardEngineer `json:"engineer"`
	Expires  time.Time    `json:"expires" doc:"До какого времени действует"`
	Note     string       `json:"note,omitempty" doc:"Что написал заказчик"`
}

// CardBill is a payment with the link to its invoice.
type CardBill struct {
	Invoice *Invoice `json:"invoice,omitempty"`
	// Claimed reports that the customer reported the payment and the engineer has not answered.
	Claimed   bool     `json:"claimed,omitempty"`
	Document  *FileRef `json:"document,omitempty"`
	Refuted   int      `json:"refuted,omitempty"`
	Confirmed bool     `json:"confirmed,omitempty"`
	Link      string   `json:"link,omitempty" doc:"Ссылка на счет"`
	Note      string   `json:"note,omitempty" doc:"Пояснение к счету"`
}

// CardResults are the results and where they are.
type CardResults struct {
	Way   order.Way `json:"way"`
	Files []FileRef `json:"files,omitempty"`
	// Received reports that the customer has received the results; files are received when they are
	// stored.
	Received bool   `json:"received,omitempty"`
	Link     string `json:"link,omitempty" doc:"Ссылка на облачное хранилище"`
	UIN      string `json:"uin,omitempty" doc:"Номер УИН"`
	Note     string `json:"note,omitempty" doc:"Пояснение"`
}

// CardFiling is the application for ГКУ/ГРП.
type CardFiling struct {
	Status string `json:"status" enum:"review,suspended,refused" doc:"Что с заявлением"`
	KUVD   string `json:"kuvd,omitempty" doc:"Номер КУВД"`
	Note   string `json:"note,omitempty" doc:"Пояснение"`
}

// CardRating is the mark with the review.
type CardRating struct {
	Mark   int       `json:"mark"`
	First  time.Time `json:"first"`
	Review string    `json:"review,omitempty" doc:"Отзыв"`
}

// CardProposal is a proposal of one side to the other, with its note.
type CardProposal struct {
	Proposal
	Own  bool   `json:"own" doc:"Предложила ваша сторона"`
	Note string `json:"note,omitempty" doc:"Почему: слова того, кто предложил"`
}

// CardReplacement is the employer's newest proposal to replace the performer.
type CardReplacement struct {
	Engineer CardEngineer `json:"engineer" doc:"Кто предложен вместо исполнителя"`
	Since    time.Time    `json:"since" doc:"Когда предложен"`
	Agreed   *time.Time   `json:"agreed,omitempty" doc:"Когда он согласился; нет, если ещё не ответил"`
	Note     string       `json:"note,omitempty" doc:"Что написал работодатель"`
	// Void reports that the proposal has no effect any more, for the reason given.
	Void bool `json:"void,omitempty" doc:"Предложение больше не действует"`
	// Reason of an open proposal is a hint: the order itself decides.
	Reason string `json:"reason,omitempty" doc:"Почему он не может заменить исполнителя"`
}

// CardHold is a hold of the order.
type CardHold struct {
	Source order.Source `json:"source" doc:"Кто приостановил"`
	Since  time.Time    `json:"since" doc:"С какого времени"`
	// ThisOrder is true for a hold of this order alone, and false for a hold that follows from the
	// engineer's status.
	ThisOrder bool   `json:"thisOrder,omitempty" doc:"Приостановлен именно этот заказ, а не кадастровый инженер"`
	Reason    string `json:"reason,omitempty" doc:"Почему приостановлен этот заказ"`
}

// CardDocument is a file and its role in the order.
type CardDocument struct {
	Seq         int32              `json:"seq" doc:"С каким действием пришёл"`
	Kind        order.DocumentKind `json:"kind" doc:"Что это"`
	File        uuid.UUID          `json:"file" format:"uuid" doc:"Файл"`
	Name        string             `json:"name" doc:"Имя файла"`
	Size        int64              `json:"size" doc:"Размер в байтах"`
	SHA256      string             `json:"sha256" doc:"SHA-256"`
	ContentType string             `json:"contentType" doc:"Тип содержимого"`
	AuthorRole  order.Role         `json:"authorRole" doc:"Кто приложил: роль"`
	CreatedAt   time.Time          `json:"createdAt" doc:"Когда приложен"`
	// DOCX and Attachment are of a document that the platform made.
	DOCX           *uuid.UUID `json:"docx,omitempty" format:"uuid" doc:"Файл с тем же текстом в DOCX; есть у документа, который сформировала платформа"`
	Attachment     *uuid.UUID `json:"attachment,omitempty" format:"uuid" doc:"Файл, приложенный к сформированному документу"`
	AttachmentName string     `json:"attachmentName,omitempty" doc:"Имя приложенного файла"`
	// Signature is nil for a signature that came in before the platform checked signatures.
	Signature *CheckedSignature `json:"signature,omitempty" doc:"Что показала проверка подписи; нет у других документов и у подписей, принятых до того, как платформа стала их проверять"`
}

// CheckedSignature is what the check of a valid signature found when the signature came in.
type CheckedSignature struct {
	Signer       string     `json:"signer" doc:"Кому выдан сертификат"`
	Position     string     `json:"position,omitempty" doc:"Должность в сертификате"`
	Organisation string     `json:"organisation,omitempty" doc:"Организация в сертификате"`
	Issuer       string     `json:"issuer" doc:"Кто выдал сертификат"`
	ValidUntil   time.Time  `json:"validUntil" doc:"До какого времени действует сертификат"`
	At           time.Time  `json:"at" doc:"На какой момент проверена подпись"`
	Stamped      bool       `json:"stamped,omitempty" doc:"Момент подтверждён штампом времени, иначе это приём платформой"`
	ByPower      bool       `json:"byPower,omitempty" doc:"Подписал представитель по доверенности (МЧД)"`
	Power        *CardPower `json:"power,omitempty" doc:"Эта доверенность"`
	Warnings     []string   `json:"warnings,omitempty" doc:"Что при проверке отмечено"`
}

// CardPower is the power of attorney by which a document was signed.
type CardPower struct {
	Number     string   `json:"number" doc:"Номер"`
	IssuedOn   string   `json:"issuedOn" format:"date" doc:"Выдана"`
	ExpiresOn  string   `json:"expiresOn" format:"date" doc:"Действует до"`
	Principals []string `json:"principals" nullable:"false" doc:"Доверители"`
	Powers     []string `json:"powers" nullable:"false" doc:"Полномочия"`
}

// cardFromState returns the part of a card that follows from the state.
func cardFromState(o *Visible) *OrderCard {
	s, r := &o.State, &o.Row
	card := &OrderCard{
		ID: r.ID, Number: r.Number, Seq: r.Seq, Stage: StageOf(string(s.ShownStage()), string(s.Cause)), Cause: s.Cause,
		Halted: r.Halted, Party: o.visibility == visibilityParty, CreatedAt: r.CreatedAt, PublishedAt: r.PublishedAt, UpdatedAt: r.UpdatedAt,
		Terms: termsOf(s.Terms), Revision: s.Revision, CustomerKind: order.CustomerKind(r.CustomerKind), Actions: []Action{},
	}
	if s.Terms != nil {
		card.Region, card.WorkKind = wire.RegionOf(s.Terms.Region), WorkKindOf(string(s.Terms.WorkKind))
	}
	card.OtherChosen = s.Performer != nil && !card.Party
	if card.Party {
		addPartyFields(card, o)
	}
	if card.Party || o.offered() {
		w := s.EffectiveWait()
		card.Waits = WaitsOf(string(w.For), string(w.From), w.Since, deadlineOf(s), s.Overdue, s.Rating != nil)
		card.Waits.MarkForHead(o.By, s.Contract != nil && s.Contract.Registration)
	}
	return card
}

// addPartyFields adds what only parties see.
func addPartyFields(card *OrderCard, o *Visible) {
	s := &o.State
	customer, _ := uuid.Parse(s.Customer.Party)
	card.Customer = &wire.Named{ID: customer, Name: o.Row.CustomerName, Kind: order.CustomerKind(o.Row.CustomerKind)}
	card.Reaccept, card.Contract, card.Rounds, card.Act = s.Reaccept, contractOf(s.Contract), s.Rounds, actOf(s.Act)
	card.Dispute = disputeOf(s.Dispute)
	if s.Proposal != nil {
		card.Proposal = &CardProposal{
			Proposal: proposalOf(s.Proposal), Own: s.Proposal.MadeBy(o.By.Actor()),
		}
	}
	if r := s.Replacement; r != nil {
		card.Replacement = &CardReplacement{Since: r.Since, Void: r.Void != "", Reason: order.ReasonOf(r.Void)}
		if !r.Agreed.IsZero() {
			card.Replacement.Agreed = &r.Agreed
		}
	}
	if s.Contract != nil {
		rest := s.Contract.Remainder()
		card.Remainder = &rest
	}
	if at := s.SilenceAccepts(); !at.IsZero() {
		card.SilenceAccepts = &at
	}
	card.Prepayment, card.Payment = billOf(s.Prepayment), billOf(s.Payment)
	if s.Results != nil {
		card.Results = &CardResults{Way: s.Results.Way, Files: fileRefsOf(s.Results.Files), Received: s.Results.Received}
	}
	if s.Application != "" {
		card.Application = &CardFiling{Status: s.Application}
	}
	if s.Rating != nil {
		card.Rating = &CardRating{Mark: s.Rating.Mark, First: s.Rating.First}
	}
	for _, hold := range s.HoldRecords() {
		card.Holds = append(card.Holds, CardHold{Source: hold.Source, Since: hold.Since})
	}
}

func billOf(b *order.Bill) *CardBill {
	if b == nil {
		return nil
	}
	return &CardBill{
		Invoice: invoiceOf(b.Invoice), Claimed: b.Claimed, Document: optionalRef(b.Document), Refuted: b.Refuted, Confirmed: b.Confirmed,
	}
}

func deadlineOf(s *order.State) *time.Time {
	if at := s.Deadline(); !at.IsZero() {
		return &at
	}
	return nil
}
