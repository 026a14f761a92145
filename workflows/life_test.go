package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
	"epkr/internal/testenv"
)

// A whole order with prepayment and ГКУ/ГРП, by signals on the real server.
func TestOrderLivesFromDraftToCompleted_B1_B2_T1_T21(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.toWork(customer, engineer)
	l.must(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByFiles, Files: []order.FileRef{l.pdf(engineer)}}, nil, order.Acceptance)
	l.must(customer, order.AcceptResults, order.ActSignature{}, nil, order.Registration)
	act := l.pdf(engineer)
	l.must(engineer, order.SubmitFinal, order.FinalDelivery{
		Files: []order.FileRef{l.pdf(engineer)},
		Act:   &order.SignedAct{File: act, Signature: l.file(engineer, "sig", "application/octet-stream")}, Invoice: &order.Invoice{Link: true},
	}, order.ResultsText{InvoiceLink: "https://example.com/invoice"}, order.Payment)
	signature := l.file(customer, "sig", "application/octet-stream")
	l.must(customer, order.SignAct, order.ActSignature{Act: act.SHA256, Signature: &signature}, nil, order.Payment)
	receipt := l.pdf(customer)
	l.must(customer, order.ReportPayment, order.PaymentReport{File: &receipt}, nil, order.Payment)
	l.must(engineer, order.ConfirmPayment, nil, nil, order.Completed)
	l.must(customer, order.Rate, order.Mark{Mark: 5}, order.Review{Review: "Отлично"}, order.Completed)
	require.Len(t, l.history(), 16)
	require.Equal(t, 5, testenv.Scalar[int](t, l.url, `select mark from orders where id = $1`, l.id))
}

// toWork leads a fresh draft to «Выполнение работ».
func (l *life) toWork(customer, engineer order.Actor) {
	l.t.Helper()
	l.toContract(customer, engineer)
	l.must(engineer, order.SendPrepaymentInvoice, order.Invoice{Link: true}, order.LinkNote{Link: "https://example.com/pay"}, order.Prepayment)
	receipt := l.pdf(customer)
	l.must(customer, order.ReportPrepayment, order.PaymentReport{File: &receipt}, nil, order.Prepayment)
	l.must(engineer, order.ConfirmPrepayment, nil, nil, order.Work)
}

// toContract leads a fresh draft to both signatures under a contract with half of the price in advance.
func (l *life) toContract(customer, engineer order.Actor) {
	l.t.Helper()
	l.must(customer, order.Publish, terms(), form, order.Selection)
	l.must(engineer, order.Respond, order.Bid{Price: 20_000_00, TermDays: 20}, order.Note{Note: "Готов"}, order.Selection)
	l.must(customer, order.Choose, order.Pick{Engineer: engineer.Party}, nil, order.Contracting)
	contract := l.pdf(engineer)
	l.must(engineer, order.SendContract, order.ContractTerms{
		File: contract, Signature: l.file(engineer, "sig", "application/octet-stream"), Price: 20_000_00, AdvanceBasisPoints: 5000,
		Advance: 10_000_00, TermDate: time.Now().AddDate(0, 1, 0).Format(time.DateOnly), Registration: true,
	}, nil, order.Contracting)
	l.must(customer, order.SignContract, order.ContractSignature{
		Contract: contract.SHA256, Signature: l.file(customer, "sig", "application/octet-stream"),
	}, nil, order.Prepayment)
}

// A deleted draft leaves no row and no text; its workflow closes when its files are gone.
func TestDeletedDraftLeavesNothing_S11(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	sealed, err := s.files.Put(t.Context(), []byte("вложение"), "text/plain")
	require.NoError(t, err)
	l.file(customer, "вложение", "text/plain")
	require.Equal(t, "applied", l.verdict(l.send(customer, order.Delete, nil, nil)))
	l.finished()
	for _, table := range []string{"orders", "order_events", "files", "message_bodies"} {
		column := "order_id"
		if table == "orders" {
			column = "id"
		}
		require.Zero(t, testenv.Scalar[int](t, s.url, `select count(*)::int from `+table+` where `+column+` = $1`, l.id), table)
	}
	_, _, err = s.files.Open(t.Context(), sealed.SHA256)
	require.Error(t, err)
}
