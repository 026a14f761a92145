package order

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"epkr/internal/strictjson"
)

// Kind names a message. It is also the name of the Temporal signal and the last part of the API's
// path.
type Kind string

// BodyRef refers to the immutable text of a message, which never enters the workflow's history.
type BodyRef struct {
	ID     string `json:"id"`
	SHA256 string `json:"sha256"`
}

// FileRef refers to a stored file of the order.
type FileRef struct {
	ID     string `json:"id" format:"uuid" doc:"Идентификатор загруженного файла"`
	SHA256 string `json:"sha256" pattern:"^[0-9a-f]{64}$" doc:"SHA-256 содержимого"`
}

// Message is a request or event for an order, as a signal carries it.
type Message struct {
	// ID makes the message idempotent: a UUIDv5 over its source, person, role, order, operation and
	// idempotency key.
	ID   string `json:"id"`
	Kind Kind   `json:"-"`
	// Actor is the sender.
	Actor Actor `json:"actor"`
	// ReceivedAt is when the platform received the message from its sender, UTC.
	ReceivedAt time.Time `json:"receivedAt"`
	// Body refers to the text of the message; nil if it has none.
	Body *BodyRef `json:"body,omitempty"`
	// Details are the ids, amounts and dates that the rules read; never personal data or free text.
	Details json.RawMessage `json:"details,omitempty"`
	// Reason is why an operator intervenes, without personal data; only operators use it.
	Reason string `json:"reason,omitempty"`
	// Unreadable is why the signal could not be decoded; such a message is refused, never applied.
	Unreadable string `json:"-"`
}

// Flooded is the Unreadable value of messages dropped in a flood: an order keeps only the first
// messages of a flood.
const Flooded = "too many messages at once"

// ParseMessage decodes a signal's payload. It never fails: for a payload that it cannot decode it
// returns a message with Unreadable set, which gets a verdict like any other.
func ParseMessage(name string, payload []byte) Message {
	m := Message{Kind: Kind(name)}
	if err := strictJSON(payload, &m); err != nil {
		return Message{Kind: Kind(name), Unreadable: err.Error()}
	}
	if !representable(m.ReceivedAt) {
		return Message{Kind: Kind(name), Unreadable: "received in a year that nobody can write"}
	}
	m.canonical()
	return m
}

// decodeDetails decodes the details into the type of the kind. It refuses unknown names, repeated
// names and names in another case. Only activities call it, never workflows.
func decodeDetails[D any](m Message) (D, *Refusal) {
	var d D
	if len(m.Details) == 0 {
		return d, nil
	}
	if err := strictjson.Unmarshal(m.Details, &d); err != nil {
		var none D
		return none, refuse(CodeUnreadable)
	}
	CanonicalIDs(&d)
	return d, nil
}

func strictJSON(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return fmt.Errorf("decoding the message: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("decoding the message: more follows its end")
	}
	return nil
}

// The messages of an order. A name states what the sender does.
const (
	Create  Kind = "create"
	Publish Kind = "publish"
	Amend   Kind = "amend"
	Delete  Kind = "delete"
	Cancel  Kind = "cancel"

	Respond          Kind = "respond"
	WithdrawResponse Kind = "withdraw-response"
	AcceptChanges    Kind = "accept-changes"
	OfferOrder       Kind = "offer"
	WithdrawOffer    Kind = "withdraw-offer"
	AcceptOffer      Kind = "accept-offer"
	DeclineOffer     Kind = "decline-offer"
	Choose           Kind = "choose"
	LeaveOrder       Kind = "leave-order"
	DismissEngineer  Kind = "dismiss-engineer"

	SendContract     Kind = "send-contract"
	WithdrawContract Kind = "withdraw-contract"
	ReturnContract   Kind = "return-contract"
	SignContract     Kind = "sign-contract"

	SendPrepaymentInvoice Kind = "send-prepayment-invoice"
	ReportPrepayment      Kind = "report-prepayment"
	ConfirmPrepayment     Kind = "confirm-prepayment"
	RefutePrepayment      Kind = "refute-prepayment"

	SubmitResults  Kind = "submit-results"
	ConfirmReceipt Kind = "confirm-receipt"
	AcceptResults  Kind = "accept-results"
	ReturnResults  Kind = "return-results"
	SignActAlone   Kind = "sign-act-alone"

	ReportRegistration Kind = "report-registration"
	SubmitFinal        Kind = "submit-final"
	SendAct            Kind = "send-act"
	ReturnAct          Kind = "return-act"
	SignAct            Kind = "sign-act"

	SendInvoice    Kind = "send-invoice"
	ReportPayment  Kind = "report-payment"
	ConfirmPayment Kind = "confirm-payment"
	RefutePayment  Kind = "refute-payment"
	Rate           Kind = "rate"

	RegistryStatus  Kind = "registry-status"
	ModeratorStatus Kind = "moderator-status"
	EmployerStatus  Kind = "employer-status"

	ProposeTermination Kind = "propose-termination"
	AgreeTermination   Kind = "agree-termination"
	RefuseTermination  Kind = "refuse-termination"
	ProposeRework      Kind = "propose-rework"
	AgreeRework        Kind = "agree-rework"
	RefuseRework       Kind = "refuse-rework"
	WithdrawProposal   Kind = "withdraw-proposal"
	OpenDispute        Kind = "open-dispute"
	SettleDispute      Kind = "settle-dispute"
	ReplaceEngineer    Kind = "replace-engineer"

	ProposeReplacement  Kind = "propose-replacement"
	WithdrawReplacement Kind = "withdraw-replacement"
	AgreeReplacement    Kind = "agree-replacement"
	DeclineReplacement  Kind = "decline-replacement"
	ApproveReplacement  Kind = "approve-replacement"
	RejectReplacement   Kind = "reject-replacement"

	// RestartOrder is the first message of an order whose workflow was lost and that an operator
	// restarted from its record.
	RestartOrder Kind = "restart-order"

	// DeadlineDue and EffectFinished are sent by the order itself, never from outside.
	DeadlineDue    Kind = "deadline-due"
	EffectFinished Kind = "effect-finished"
)
