// Package messages carries to orders what people tell them, and answers with what the orders say.
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
	"epkr/internal/order"
)

// Dependencies are what the service needs; all are required.
type Dependencies struct {
	HTTP     *httpapi.Server
	Store    *db.Store
	Temporal client.Client
	Log      *slog.Logger
	Now      func() time.Time
	Orders   *orders.Service
	Events   *events.Service
	// TaskQueue is where the workflows of orders run.
	TaskQueue string
	// MaxDrafts is how many drafts an account may have; 0 sets no limit.
	MaxDrafts int
}

// Service carries to orders what people tell them, and answers with what the orders say.
type Service struct {
	Dependencies
	turns  *orderTurns
	limits *limits
	// verdicts is how long messages waited for their verdicts, by what came of it: applied, refused or pending.
	verdicts *prometheus.HistogramVec
	// halted counts messages to orders whose workflow is gone while their record goes on.
	halted prometheus.Counter
}

// New makes the service.
func New(d Dependencies) *Service {
	a := &Service{
		Dependencies: d, turns: newOrderTurns(), limits: newLimits(),
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

// Register adds the operations by which people tell orders something.
func (a *Service) Register() {
	a.registerDrafts()
	a.registerMessages()
	a.registerVerdicts()
}

// confirmers are an engineer, who has the money, and a moderator, who has seen that he does.
var confirmers = httpapi.Consented(order.RoleEngineer, order.RoleModerator)

// registerMessages is the table of everything that people tell an order, one operation for each signal.
func (a *Service) registerMessages() {
	detailed[order.Terms, order.Form](a, order.Publish, httpapi.Customers)
	detailed[order.Terms, order.Form](a, order.Amend, httpapi.Customers)
	plain[order.Note](a, order.Delete, httpapi.Customers)
	plain[order.Note](a, order.Cancel, httpapi.Customers)

	detailed[order.Bid, order.Note](a, order.Respond, httpapi.Engineers)
	plain[order.Note](a, order.WithdrawResponse, httpapi.Engineers)
	detailed[order.Revised, order.Note](a, order.AcceptChanges, httpapi.Engineers)
	detailed[order.Pick, order.Note](a, order.OfferOrder, httpapi.Customers)
	plain[order.Note](a, order.WithdrawOffer, httpapi.Customers)
	detailed[order.Revised, order.Note](a, order.AcceptOffer, httpapi.Engineers)
	plain[order.Note](a, order.DeclineOffer, httpapi.Engineers)
	detailed[order.Pick, order.Note](a, order.Choose, httpapi.Customers)
	plain[order.Note](a, order.LeaveOrder, httpapi.Engineers)
	plain[order.Note](a, order.DismissEngineer, httpapi.Customers)

	detailed[order.ContractTerms, order.Note](a, order.SendContract, httpapi.Engineers)
	plain[order.Note](a, order.WithdrawContract, httpapi.Engineers)
	plain[order.Note](a, order.ReturnContract, httpapi.Customers)
	detailed[order.ContractSignature, order.Note](a, order.SignContract, httpapi.Customers)

	detailed[order.Invoice, order.LinkNote](a, order.SendPrepaymentInvoice, httpapi.Engineers)
	detailed[order.PaymentReport, order.Note](a, order.ReportPrepayment, httpapi.Customers)
	plain[order.Note](a, order.ConfirmPrepayment, confirmers)
	plain[order.Note](a, order.RefutePrepayment, httpapi.Engineers)

	detailed[order.ResultsDelivery, order.ResultsText](a, order.SubmitResults, httpapi.Engineers)
	plain[order.Note](a, order.ConfirmReceipt, httpapi.Customers)
	detailed[order.ActSignature, order.Note](a, order.AcceptResults, httpapi.Customers)
	detailed[order.Remarks, order.Note](a, order.ReturnResults, httpapi.Customers)
	detailed[order.ActSignature, order.Note](a, order.SignActAlone, httpapi.Engineers)

	detailed[order.RegistrationStatus, order.RegistrationText](a, order.ReportRegistration, httpapi.Engineers)
	detailed[order.FinalDelivery, order.LinkNote](a, order.SubmitFinal, httpapi.Engineers)
	detailed[order.ActDelivery, order.Note](a, order.SendAct, httpapi.Engineers)
	plain[order.Note](a, order.ReturnAct, httpapi.Customers)
	detailed[order.ActSignature, order.Note](a, order.SignAct, httpapi.Customers)

	detailed[order.Invoice, order.LinkNote](a, order.SendInvoice, httpapi.Engineers)
	detailed[order.PaymentReport, order.Note](a, order.ReportPayment, httpapi.Customers)
	plain[order.Note](a, order.ConfirmPayment, confirmers)
	plain[order.Note](a, order.RefutePayment, httpapi.Engineers)
	detailed[order.Mark, order.Review](a, order.Rate, httpapi.Customers)

	detailed[StandingWord, order.Note](a, order.ModeratorStatus, httpapi.Moderators)
	detailed[StandingWord, order.Note](a, order.EmployerStatus, httpapi.Employers)

	plain[order.Note](a, order.ProposeTermination, httpapi.BothSides)
	plain[order.Note](a, order.AgreeTermination, httpapi.BothSides)
	plain[order.Note](a, order.RefuseTermination, httpapi.BothSides)
	plain[order.Note](a, order.ProposeRework, httpapi.BothSides)
	plain[order.Note](a, order.AgreeRework, httpapi.BothSides)
	plain[order.Note](a, order.RefuseRework, httpapi.BothSides)
	plain[order.Note](a, order.WithdrawProposal, httpapi.BothSides)
	detailed[order.DisputeCall, order.Note](a, order.OpenDispute, httpapi.BothSides)
	detailed[order.DisputeSettlement, order.Note](a, order.SettleDispute, httpapi.Moderators)
	detailed[order.Pick, order.Note](a, order.ReplaceEngineer, httpapi.Moderators)
}

// StandingWord is what a moderator or an employer says of an engineer; when he says it, the platform knows itself.
type StandingWord struct {
	Engineer string `json:"engineer" format:"uuid" doc:"Кадастровый инженер"`
	Active   bool   `json:"active" doc:"Может ли он действовать"`
}

// at makes the word the details of a message received at that time.
func (w StandingWord) at(received time.Time) any {
	return order.Standing{Engineer: w.Engineer, Active: w.Active, AsOf: received}
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

// messageOutput answers a message: 200 when the order has applied it, 202 when it has not judged it yet.
type messageOutput struct {
	Status   int
	Location string `header:"Location" doc:"Где узнать, что стало с действием"`
	Body     struct {
		Message MessageStatus     `json:"message"`
		Order   *orders.OrderCard `json:"order,omitempty" doc:"Заказ после действия; нет, если действие ещё не выполнено или заказа больше нет"`
	}
}

// messageOperation describes the operation of a kind. Its title is that of the button.
func messageOperation(kind order.Kind) huma.Operation {
	rule, known := order.RuleFor(kind)
	if !known { // the table of this package names a message that the rules do not have
		panic(fmt.Sprintf("no rule for the message %q", kind))
	}
	return huma.Operation{
		OperationID: string(kind), Method: http.MethodPost, Path: "/api/orders/{order}/" + string(kind), Tags: []string{"Действия"},
		Summary: rule.Title, DefaultStatus: http.StatusOK,
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests, http.StatusServiceUnavailable},
		Responses: map[string]*huma.Response{
			"202": httpapi.LaterAnswer("Принято, решение ещё не вынесено: его покажут событие и адрес из заголовка Location", "MessageOutputBody"),
		},
	}
}

func detailed[D, T any](a *Service, kind order.Kind, who httpapi.Access) {
	httpapi.Register(a.HTTP, messageOperation(kind), who, func(ctx context.Context, in *detailedInput[D, T]) (*messageOutput, error) {
		order.CanonicalIDs(&in.Body.Details)
		text := reduced(in.Body.Text)
		if found := append(detailProblems(&in.Body.Details, a.Now()), textProblems(kind, text, &in.Body.Details)...); len(found) > 0 {
			return nil, problems.Invalid(found...)
		}
		return a.send(ctx, outgoing{kind: kind, order: in.Order, key: in.Key, details: in.Body.Details, text: text})
	})
}

func plain[T any](a *Service, kind order.Kind, who httpapi.Access) {
	httpapi.Register(a.HTTP, messageOperation(kind), who, func(ctx context.Context, in *plainInput[T]) (*messageOutput, error) {
		var text any
		if in.Body != nil {
			text = reduced(in.Body.Text)
		}
		if found := textProblems(kind, text, nil); len(found) > 0 {
			return nil, problems.Invalid(found...)
		}
		return a.send(ctx, outgoing{kind: kind, order: in.Order, key: in.Key, text: text})
	})
}

// reduced is nil for a text that says nothing, so that none is stored.
func reduced[T any](text *T) any {
	if text == nil || reflect.ValueOf(*text).IsZero() {
		return nil
	}
	return text
}

// canonical is the one JSON of a value: what has no details has none.
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
