package api

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

	"epkr/db"
	"epkr/internal/order"
)

// messageDependencies are what the service needs; all are required.
type messageDependencies struct {
	HTTP     *Server
	Store    *db.Store
	Temporal client.Client
	Log      *slog.Logger
	Now      func() time.Time
	Orders   *orderService
	Events   *eventService
	// TaskQueue is where the workflows of orders run.
	TaskQueue string
	// MaxDrafts is how many drafts an account may have; 0 sets no limit.
	MaxDrafts int
}

// messageService carries to orders what people tell them, and answers with what the orders say.
type messageService struct {
	messageDependencies
	turns  *orderTurns
	limits *limits
	// verdicts is how long messages waited for their verdicts, by what came of it: applied, refused or pending.
	verdicts *prometheus.HistogramVec
	// halted counts messages to orders whose workflow is gone while their record goes on.
	halted prometheus.Counter
}

// newMessageService makes the service.
func newMessageService(d messageDependencies) *messageService {
	a := &messageService{
		messageDependencies: d, turns: newOrderTurns(), limits: newLimits(),
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
func (a *messageService) Register() {
	a.registerDrafts()
	a.registerMessages()
	a.registerVerdicts()
}

// confirmers are an engineer, who has the money, and a moderator, who has seen that he does.
var confirmers = consented(order.RoleEngineer, order.RoleModerator)

// registerMessages is the table of everything that people tell an order, one operation for each signal.
func (a *messageService) registerMessages() {
	detailed[order.Terms, order.Form](a, order.Publish, customers)
	detailed[order.Terms, order.Form](a, order.Amend, customers)
	plain[order.Note](a, order.Delete, customers)
	plain[order.Note](a, order.Cancel, customers)

	detailed[order.Bid, order.Note](a, order.Respond, engineers)
	plain[order.Note](a, order.WithdrawResponse, engineers)
	detailed[order.Revised, order.Note](a, order.AcceptChanges, engineers)
	detailed[order.Pick, order.Note](a, order.OfferOrder, customers)
	plain[order.Note](a, order.WithdrawOffer, customers)
	detailed[order.Revised, order.Note](a, order.AcceptOffer, engineers)
	plain[order.Note](a, order.DeclineOffer, engineers)
	detailed[order.Pick, order.Note](a, order.Choose, customers)
	plain[order.Note](a, order.LeaveOrder, engineers)
	plain[order.Note](a, order.DismissEngineer, customers)

	detailed[order.ContractTerms, order.Note](a, order.SendContract, engineers)
	plain[order.Note](a, order.WithdrawContract, engineers)
	plain[order.Note](a, order.ReturnContract, customers)
	detailed[order.ContractSignature, order.Note](a, order.SignContract, customers)

	detailed[order.Invoice, order.LinkNote](a, order.SendPrepaymentInvoice, engineers)
	detailed[order.PaymentReport, order.Note](a, order.ReportPrepayment, customers)
	plain[order.Note](a, order.ConfirmPrepayment, confirmers)
	plain[order.Note](a, order.RefutePrepayment, engineers)

	detailed[order.ResultsDelivery, order.ResultsText](a, order.SubmitResults, engineers)
	plain[order.Note](a, order.ConfirmReceipt, customers)
	detailed[order.ActSignature, order.Note](a, order.AcceptResults, customers)
	detailed[order.Remarks, order.Note](a, order.ReturnResults, customers)
	detailed[order.ActSignature, order.Note](a, order.SignActAlone, engineers)

	detailed[order.RegistrationStatus, order.RegistrationText](a, order.ReportRegistration, engineers)
	detailed[order.FinalDelivery, order.LinkNote](a, order.SubmitFinal, engineers)
	detailed[order.ActDelivery, order.Note](a, order.SendAct, engineers)
	plain[order.Note](a, order.ReturnAct, customers)
	detailed[order.ActSignature, order.Note](a, order.SignAct, customers)

	detailed[order.Invoice, order.LinkNote](a, order.SendInvoice, engineers)
	detailed[order.PaymentReport, order.Note](a, order.ReportPayment, customers)
	plain[order.Note](a, order.ConfirmPayment, confirmers)
	plain[order.Note](a, order.RefutePayment, engineers)
	detailed[order.Mark, order.Review](a, order.Rate, customers)

	detailed[StandingWord, order.Note](a, order.ModeratorStatus, moderators)
	detailed[StandingWord, order.Note](a, order.EmployerStatus, employers)

	plain[order.Note](a, order.ProposeTermination, bothSides)
	plain[order.Note](a, order.AgreeTermination, bothSides)
	plain[order.Note](a, order.RefuseTermination, bothSides)
	plain[order.Note](a, order.ProposeRework, bothSides)
	plain[order.Note](a, order.AgreeRework, bothSides)
	plain[order.Note](a, order.RefuseRework, bothSides)
	plain[order.Note](a, order.WithdrawProposal, bothSides)
	detailed[order.DisputeCall, order.Note](a, order.OpenDispute, bothSides)
	detailed[order.DisputeSettlement, order.Note](a, order.SettleDispute, moderators)
	detailed[order.Pick, order.Note](a, order.ReplaceEngineer, moderators)
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
	OrderPath
	Idempotent
	Body struct {
		Details D  `json:"details" doc:"Данные действия"`
		Text    *T `json:"text,omitempty" doc:"Текст действия"`
	}
}

// plainInput is a message without details.
type plainInput[T any] struct {
	OrderPath
	Idempotent
	Body *struct {
		Text *T `json:"text,omitempty" doc:"Текст действия"`
	}
}

// messageOutput answers a message: 200 when the order has applied it, 202 when it has not judged it yet.
type messageOutput struct {
	Status   int
	Location string `header:"Location" doc:"Где узнать, что стало с действием"`
	Body     struct {
		Message MessageStatus `json:"message"`
		Order   *OrderCard    `json:"order,omitempty" doc:"Заказ после действия; нет, если действие ещё не выполнено или заказа больше нет"`
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
			"202": later("Принято, решение ещё не вынесено: его покажут событие и адрес из заголовка Location", "MessageOutputBody"),
		},
	}
}

func detailed[D, T any](a *messageService, kind order.Kind, who access) {
	register(a.HTTP, messageOperation(kind), who, func(ctx context.Context, in *detailedInput[D, T]) (*messageOutput, error) {
		order.CanonicalIDs(&in.Body.Details)
		text := reduced(in.Body.Text)
		if found := append(detailProblems(&in.Body.Details, a.Now()), textProblems(kind, text, &in.Body.Details)...); len(found) > 0 {
			return nil, invalid(found...)
		}
		return a.send(ctx, outgoing{kind: kind, order: in.Order, key: in.Key, details: in.Body.Details, text: text})
	})
}

func plain[T any](a *messageService, kind order.Kind, who access) {
	register(a.HTTP, messageOperation(kind), who, func(ctx context.Context, in *plainInput[T]) (*messageOutput, error) {
		var text any
		if in.Body != nil {
			text = reduced(in.Body.Text)
		}
		if found := textProblems(kind, text, nil); len(found) > 0 {
			return nil, invalid(found...)
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
