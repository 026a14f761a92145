// Package messages sends people's messages to orders and answers with the verdicts.
package messages

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"go.temporal.io/sdk/client"

	"epkr/apiserver/events"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/signing"
	"epkr/internal/order"
)

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP     *httpapi.Server
	Store    *db.Store
	Temporal client.Client
	Log      *slog.Logger
	Now      func() time.Time
	Orders   *orders.Service
	Events   *events.Service
	// Signatures checks the signatures that messages bring.
	Signatures *signing.Checks
	// TaskQueue is the task queue of the workflows of orders.
	TaskQueue string
	// MaxDrafts is the maximum number of drafts of an account; 0 means no limit.
	MaxDrafts int
}

// Service sends people's messages to orders and answers with the verdicts.
type Service struct {
	Dependencies
	locks  *orderLocks
	limits *limits
	// verdicts measures how long messages waited for their verdicts, by outcome: applied, refused
	// or pending.
	verdicts *prometheus.HistogramVec
	// halted counts messages to orders whose workflow is not running although their record is not
	// final.
	halted prometheus.Counter
}

// New returns the service.
func New(d Dependencies) *Service {
	a := &Service{
		Dependencies: d, locks: newOrderLocks(), limits: newLimits(),
		verdicts: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "epkr_verdict_wait_seconds", Help: "How long messages waited for their verdicts, by outcome.", Buckets: prometheus.DefBuckets,
		}, []string{"outcome"}),
		halted: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "epkr_halted_order_messages_total", Help: "Messages to orders whose workflow is gone while their record goes on.",
		}),
	}
	d.HTTP.Metrics().MustRegister(a.verdicts, a.halted)
	return a
}

// Register adds the operations that send messages to orders.
func (a *Service) Register() {
	a.registerDrafts()
	a.registerMessages()
	a.registerVerdicts()
}

// confirmers are the engineer, who received the money, and the moderator, who has verified that.
var confirmers = httpapi.Consented(order.RoleEngineer, order.RoleModerator)

// registerMessages is the table of all messages that people send to an order, one operation for
// each signal.
func (a *Service) registerMessages() {
	registerWithDetails[order.Terms, order.Form](a, order.Publish, httpapi.Customers)
	registerWithDetails[order.Terms, order.Form](a, order.Amend, httpapi.Customers)
	registerPlain[order.Note](a, order.Delete, httpapi.Customers)
	registerPlain[order.Note](a, order.Cancel, httpapi.Customers)

	registerWithDetails[order.Bid, order.Note](a, order.Respond, httpapi.Engineers)
	registerPlain[order.Note](a, order.WithdrawResponse, httpapi.Engineers)
	registerWithDetails[order.Revised, order.Note](a, order.AcceptChanges, httpapi.Engineers)
	registerWithDetails[order.EngineerChoice, order.Note](a, order.OfferOrder, httpapi.Customers)
	registerPlain[order.Note](a, order.WithdrawOffer, httpapi.Customers)
	registerWithDetails[order.Revised, order.Note](a, order.AcceptOffer, httpapi.Engineers)
	registerPlain[order.Note](a, order.DeclineOffer, httpapi.Engineers)
	registerWithDetails[order.EngineerChoice, order.Note](a, order.Choose, httpapi.Customers)
	registerPlain[order.Note](a, order.LeaveOrder, httpapi.Engineers)
	registerPlain[order.Note](a, order.DismissEngineer, httpapi.Customers)

	registerWithDetails[order.ContractTerms, order.Note](a, order.SendContract, httpapi.Engineers)
	registerPlain[order.Note](a, order.WithdrawContract, httpapi.Engineers)
	registerPlain[order.Note](a, order.ReturnContract, httpapi.Customers)
	registerWithDetails[order.ContractSignature, order.Note](a, order.SignContract, httpapi.Customers)

	registerWithDetails[order.Invoice, order.LinkNote](a, order.SendPrepaymentInvoice, httpapi.Engineers)
	registerWithDetails[order.PaymentReport, order.Note](a, order.ReportPrepayment, httpapi.Customers)
	registerPlain[order.Note](a, order.ConfirmPrepayment, confirmers)
	registerPlain[order.Note](a, order.RefutePrepayment, httpapi.Engineers)

	registerWithDetails[order.ResultsDelivery, order.ResultsText](a, order.SubmitResults, httpapi.Engineers)
	registerPlain[order.Note](a, order.ConfirmReceipt, httpapi.Customers)
	registerWithDetails[order.ActSignature, order.Note](a, order.AcceptResults, httpapi.Customers)
	registerWithDetails[order.Remarks, order.Note](a, order.ReturnResults, httpapi.Customers)
	registerWithDetails[order.ActSignature, order.Note](a, order.SignActAlone, httpapi.Engineers)

	registerWithDetails[order.RegistrationStatus, order.RegistrationText](a, order.ReportRegistration, httpapi.Engineers)
	registerWithDetails[order.FinalDelivery, order.LinkNote](a, order.SubmitFinal, httpapi.Engineers)
	registerWithDetails[order.ActDelivery, order.Note](a, order.SendAct, httpapi.Engineers)
	registerPlain[order.Note](a, order.ReturnAct, httpapi.Customers)
	registerWithDetails[order.ActSignature, order.Note](a, order.SignAct, httpapi.Customers)

	registerWithDetails[order.Invoice, order.LinkNote](a, order.SendInvoice, httpapi.Engineers)
	registerWithDetails[order.PaymentReport, order.Note](a, order.ReportPayment, httpapi.Customers)
	registerPlain[order.Note](a, order.ConfirmPayment, confirmers)
	registerPlain[order.Note](a, order.RefutePayment, httpapi.Engineers)
	registerWithDetails[order.Mark, order.Review](a, order.Rate, httpapi.Customers)

	registerWithDetails[StatusUpdate, order.Note](a, order.ModeratorStatus, httpapi.Moderators)
	registerWithDetails[StatusUpdate, order.Note](a, order.EmployerStatus, httpapi.Employers)

	registerPlain[order.Note](a, order.ProposeTermination, httpapi.BothSides)
	registerPlain[order.Note](a, order.AgreeTermination, httpapi.BothSides)
	registerPlain[order.Note](a, order.RefuseTermination, httpapi.BothSides)
	registerPlain[order.Note](a, order.ProposeRework, httpapi.BothSides)
	registerPlain[order.Note](a, order.AgreeRework, httpapi.BothSides)
	registerPlain[order.Note](a, order.RefuseRework, httpapi.BothSides)
	registerPlain[order.Note](a, order.WithdrawProposal, httpapi.BothSides)
	registerWithDetails[order.DisputeCall, order.Note](a, order.OpenDispute, httpapi.BothSides)
	registerWithDetails[order.DisputeSettlement, order.Note](a, order.SettleDispute, httpapi.Moderators)
	registerWithDetails[order.EngineerChoice, order.Note](a, order.ReplaceEngineer, httpapi.Moderators)

	registerWithDetails[order.EngineerChoice, order.Note](a, order.ProposeReplacement, httpapi.Employers)
	registerPlain[order.Note](a, order.WithdrawReplacement, httpapi.Employers)
	registerPlain[order.Note](a, order.AgreeReplacement, httpapi.Engineers)
	registerPlain[order.Note](a, order.DeclineReplacement, httpapi.Engineers)
	registerWithDetails[order.EngineerChoice, order.Note](a, order.ApproveReplacement, httpapi.Moderators)
	registerWithDetails[order.EngineerChoice, order.Note](a, order.RejectReplacement, httpapi.Moderators)
}

// StatusUpdate is a moderator's or an employer's decision whether an engineer may act. The platform
// sets its time.
type StatusUpdate struct {
	Engineer string `json:"engineer" format:"uuid" doc:"Кадастровый инженер"`
	Active   bool   `json:"active" doc:"Может ли он действовать"`
}

// at returns the details of a message received at that time.
func (w StatusUpdate) at(received time.Time) any {
	return order.EngineerStatus{Engineer: w.Engineer, Active: w.Active, AsOf: received}
}

// detailedInput is a message with details.
type detailedInput[D, T any] struct {
	orders.OrderPath
	httpapi.Idempotent
	Body struct {
		Details D  `json:"details" doc:"Данные действия"`
		Text    *T `json:"text,omitempty" doc:"Текст действия"`
	}
}

// plainInput is a message without details.
type plainInput[T any] struct {
	orders.OrderPath
	httpapi.Idempotent
	Body *struct {
		Text *T `json:"text,omitempty" doc:"Текст действия"`
	}
}

// messageOutput answers a message: 200 when the order has applied it, 202 when there is no verdict
// yet.
type messageOutput struct {
	Status   int
	Location string `header:"Location" doc:"Где узнать, что стало с действием"`
	Body     struct {
		Message MessageStatus     `json:"message"`
		Order   *orders.OrderCard `json:"order,omitempty" doc:"Заказ после действия; нет, если действие ещё не выполнено или заказа больше нет"`
	}
}

// messageOperation returns the operation of a kind. Its summary is the title of the button.
func messageOperation(kind order.Kind) huma.Operation {
	rule, known := order.RuleFor(kind)
	if !known { // registerMessages names a message without a rule
		panic(fmt.Sprintf("no rule for the message %q", kind))
	}
	return huma.Operation{
		OperationID: string(kind), Method: http.MethodPost, Path: "/api/orders/{order}/" + string(kind), Tags: []string{"Действия"},
		Summary: rule.Title, DefaultStatus: http.StatusOK,
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{
			"202": httpapi.AcceptedResponse("Принято, решение ещё не вынесено: его покажут событие и адрес из заголовка Location", "MessageOutputBody"),
		},
	}
}

func registerWithDetails[D, T any](a *Service, kind order.Kind, who httpapi.Access) {
	httpapi.Register(a.HTTP, messageOperation(kind), who, func(ctx context.Context, in *detailedInput[D, T]) (*messageOutput, error) {
		order.CanonicalIDs(&in.Body.Details)
		text := nilIfEmpty(in.Body.Text)
		if found := append(detailProblems(&in.Body.Details, a.Now()), textProblems(kind, text, &in.Body.Details)...); len(found) > 0 {
			return nil, problems.Invalid(found...)
		}
		return a.send(ctx, messageRequest{kind: kind, order: in.Order, key: in.Key, details: in.Body.Details, text: text})
	})
}

func registerPlain[T any](a *Service, kind order.Kind, who httpapi.Access) {
	httpapi.Register(a.HTTP, messageOperation(kind), who, func(ctx context.Context, in *plainInput[T]) (*messageOutput, error) {
		var text any
		if in.Body != nil {
			text = nilIfEmpty(in.Body.Text)
		}
		if found := textProblems(kind, text, nil); len(found) > 0 {
			return nil, problems.Invalid(found...)
		}
		return a.send(ctx, messageRequest{kind: kind, order: in.Order, key: in.Key, text: text})
	})
}

// nilIfEmpty returns nil for an empty text, so that it is not stored.
func nilIfEmpty[T any](text *T) any {
	if text == nil || reflect.ValueOf(*text).IsZero() {
		return nil
	}
	return text
}

// canonical returns the JSON of a value; nil for nil.
func canonical(value any) (json.RawMessage, error) {
	if value == nil {
		return nil, nil
	}
	data, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encoding a message: %w", err)
	}
	return data, nil
}
