package mail

import (
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/registry"
)

// Frequency is when a person gets a letter about a notification.
type Frequency string

// The frequencies.
const (
	Now   Frequency = "now"
	Daily Frequency = "daily"
	Never Frequency = "never"
)

// Schema lists the frequencies in the description of the API, for huma.
func (Frequency) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]Frequency{Now, Daily, Never})
}

// Topics say how often a person gets letters about the notifications of each topic.
type Topics struct {
	Action   Frequency `json:"action" doc:"О том, что ждёт действия человека"`
	Progress Frequency `json:"progress" doc:"О ходе его заказов"`
	Found    Frequency `json:"found" doc:"О заказах, которые нашли сохранённые поиски"`
	Account  Frequency `json:"account" doc:"О его учётной записи, сотрудниках и отзывах"`
}

// defaultTopics are those of a person who has chosen nothing, as in the table mail_addresses.
var defaultTopics = Topics{Action: Now, Progress: Daily, Found: Daily, Account: Daily}

// awaited are the notifications of orders after which their addressee has to act. The order waits for
// him, or loses time without him.
var awaited = []order.NoticeKind{
	order.NoticeResponse, order.NoticeResponseConfirmed, order.NoticeTermsChanged, order.NoticeReopenedChanged, order.NoticeOffer,
	order.NoticeOfferDeclined, order.NoticeOfferExpired, order.NoticeChosen, order.NoticeAccepted, order.NoticeAnswerInTime, order.NoticeAssigned,
	order.NoticeEngineerLeft, order.NoticeRecalled, order.NoticeReplaced, order.NoticeContractSent, order.NoticeContractReturned,
	order.NoticeContractSigned, order.NoticeInvoice, order.NoticePaid, order.NoticePaymentRefuted, order.NoticePaymentConfirmed, order.NoticeResults,
	order.NoticeResultsReturned, order.NoticeResultsAccepted, order.NoticeFinal, order.NoticeAct, order.NoticeActReturned, order.NoticeSuspended,
	order.NoticeProposal, order.NoticeReworkAgreed, order.NoticeDispute, order.NoticeReminder, order.NoticeSilenceAccepts, order.NoticeOverdue,
	order.NoticeEscalated, order.AlarmHalted, order.AlarmForged,
	order.NoticeReplacementOffered, order.NoticeReplacementAwaits, order.NoticeReplacementProposed,
}

// awaitedElsewhere are the other notifications after which their addressee has to act.
var awaitedElsewhere = []string{
	"staff-employer-asked", "staff-engineer-asked", "account-changed", "personal-account-changed", "business-unconfirmed",
	"goskey-refused", "goskey-expired", "goskey-no-account", "goskey-not-accepted", "goskey-sender-fault", "goskey-too-many", "goskey-failed", "goskey-invalid",
	string(registry.AlarmAwaitingApproval), string(registry.AlarmFailed), string(registry.AlarmMissed), string(registry.AlarmForged),
}

// ofAccount are the beginnings of the kinds of notifications that are about no order's progress.
var ofAccount = []string{"staff-", "account-", "personal-account-", "admission-", "business-", "review-", "reply-", "registry-"}

// topic returns how often a person gets letters about a kind of notification. What is not listed is
// about the progress of an order.
func (t Topics) of(kind string) Frequency {
	has := func(prefix string) bool { return strings.HasPrefix(kind, prefix) }
	switch {
	case slices.Contains(awaited, order.NoticeKind(kind)), slices.Contains(awaitedElsewhere, kind):
		return t.Action
	case kind == "saved-search":
		return t.Found
	case slices.ContainsFunc(ofAccount, has):
		return t.Account
	default:
		return t.Progress
	}
}

func topicsOf(r sqlcgen.MailReadersRow) Topics {
	return Topics{Action: Frequency(r.Action), Progress: Frequency(r.Progress), Found: Frequency(r.Found), Account: Frequency(r.Account)}
}
