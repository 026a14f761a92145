package workflows_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// employ makes the engineers confirmed employees of a new organisation.
func (n *registryEnv) employ(engineers ...order.Actor) {
	n.t.Helper()
	employer := uuid.New()
	testenv.Exec(n.t, n.url, `insert into parties (id, kind, name, ogrn, is_employer, active_engineers)
		values ($1, 'organisation', 'ООО', '1', true, $2)`, employer, len(engineers))
	for _, e := range engineers {
		testenv.Exec(n.t, n.url, `update engineers set form = 'employee', employer_id = $1, employment = 'confirmed' where id = $2`,
			employer, e.Party)
	}
}

// An organisation with only one active engineer left takes no new orders through that engineer,
// whether the registry or a moderator removed the other one. Signed orders continue, and the order
// of the removed engineer is suspended. Once the second is back, everything is as before.
func TestEmployerLosesOneOfTwoEngineers(t *testing.T) {
	acceptance.Covers(t, "S-16", "R-RESP-5a", "R-SUSP-1")
	t.Parallel()
	for name, way := range map[string]struct {
		away, back func(n *registryEnv, lost, moderator order.Actor)
	}{
		"реестр": {
			func(n *registryEnv, _, _ order.Actor) {
				n.exclude(7)
				require.Equal(n.t, 1, n.publishAndSync().Notified)
			},
			func(n *registryEnv, _, _ order.Actor) {
				n.restore(7)
				require.Equal(n.t, 1, n.publishAndSync().Notified)
			},
		},
		"модератор": {
			func(n *registryEnv, lost, moderator order.Actor) {
				require.Equal(n.t, 1, n.applyDecision(lost, moderator, true, time.Now().UTC()).Notified)
			},
			func(n *registryEnv, lost, moderator order.Actor) {
				require.Equal(n.t, 1, n.applyDecision(lost, moderator, false, time.Now().UTC()).Notified)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newRegistryEnv(t)
			customer, lost, colleague, moderator := n.customer(), n.engineerOf(7), n.engineerOf(8), n.customer()
			n.employ(lost, colleague)
			his, signed := n.orderInWork(customer, lost), n.orderInWork(customer, colleague)
			open, responded, offered, contracting := n.create(customer), n.create(customer), n.create(customer), n.create(customer)
			for _, o := range []*testOrder{open, responded, offered, contracting} {
				o.toSelection(customer)
			}
			bid := order.Bid{Price: price, TermDays: 20}
			responded.requireApplied(colleague, order.Respond, bid, nil, order.Selection)
			offered.requireApplied(customer, order.OfferOrder, order.EngineerChoice{Engineer: colleague.Party}, nil, order.Selection)
			contracting.toContracting(customer, colleague)

			way.away(n, lost, moderator)
			his.waitStage(order.Suspended)
			open.requireRefused(colleague, order.Respond, bid, nil, order.CodeOnlyEngineer)
			open.requireRefused(customer, order.OfferOrder, order.EngineerChoice{Engineer: colleague.Party}, nil, order.CodeOnlyEngineer)
			responded.requireRefused(customer, order.Choose, order.EngineerChoice{Engineer: colleague.Party}, nil, order.CodeOnlyEngineer)
			offered.requireRefused(colleague, order.AcceptOffer, order.Revised{Revision: 1}, nil, order.CodeOnlyEngineer)
			contracting.requireRefused(colleague, order.SendContract, withoutAdvance.terms(contracting, colleague), nil, order.CodeOnlyEngineer)
			signed.delivered(customer, colleague)
			signed.paid(customer, colleague)

			way.back(n, lost, moderator)
			his.waitStage(order.Work)
			open.requireApplied(colleague, order.Respond, bid, nil, order.Selection)
			responded.requireApplied(customer, order.Choose, order.EngineerChoice{Engineer: colleague.Party}, nil, order.Contracting)
			offered.requireApplied(colleague, order.AcceptOffer, order.Revised{Revision: 1}, nil, order.Contracting)
			contracting.sendContract(customer, colleague, withoutAdvance)
		})
	}
}
