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

// employ makes the engineers the confirmed employees of one new organisation.
func (n *nights) employ(engineers ...order.Actor) {
	n.t.Helper()
	employer := uuid.New()
	testenv.Exec(n.t, n.url, `insert into parties (id, kind, name, ogrn, is_employer, active_engineers)
		values ($1, 'organisation', 'ООО', '1', true, $2)`, employer, len(engineers))
	for _, e := range engineers {
		testenv.Exec(n.t, n.url, `update engineers set form = 'employee', employer_id = $1, employment = 'confirmed' where id = $2`,
			employer, e.Party)
	}
}

// An organisation that is left with one active engineer, whoever took the other away, takes no new orders by him; what he has
// signed goes on, and the order of the one who was lost stands still. With the second back all is as before.
func TestOneOfTwoColleaguesIsLost(t *testing.T) {
	acceptance.Covers(t, "S-16", "R-RESP-5a", "R-SUSP-1")
	t.Parallel()
	for name, way := range map[string]struct {
		away, back func(n *nights, lost, moderator order.Actor)
	}{
		"реестр": {
			func(n *nights, _, _ order.Actor) { n.lose(7); require.Equal(n.t, 1, n.night().Told) },
			func(n *nights, _, _ order.Actor) { n.regain(7); require.Equal(n.t, 1, n.night().Told) },
		},
		"модератор": {
			func(n *nights, lost, moderator order.Actor) {
				require.Equal(n.t, 1, n.decideOn(lost, moderator, true, time.Now().UTC()).Told)
			},
			func(n *nights, lost, moderator order.Actor) {
				require.Equal(n.t, 1, n.decideOn(lost, moderator, false, time.Now().UTC()).Told)
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNights(t)
			customer, lost, colleague, moderator := n.customer(), n.engineerOf(7), n.engineerOf(8), n.customer()
			n.employ(lost, colleague)
			his, signed := n.inWork(customer, lost), n.inWork(customer, colleague)
			open, responded, offered, contracting := n.create(customer), n.create(customer), n.create(customer), n.create(customer)
			for _, l := range []*life{open, responded, offered, contracting} {
				l.toSelection(customer)
			}
			bid := order.Bid{Price: price, TermDays: 20}
			responded.must(colleague, order.Respond, bid, nil, order.Selection)
			offered.must(customer, order.OfferOrder, order.Pick{Engineer: colleague.Party}, nil, order.Selection)
			contracting.toContracting(customer, colleague)

			way.away(n, lost, moderator)
			his.shows(order.Suspended)
			open.refused(colleague, order.Respond, bid, nil, order.CodeOnlyEngineer)
			open.refused(customer, order.OfferOrder, order.Pick{Engineer: colleague.Party}, nil, order.CodeOnlyEngineer)
			responded.refused(customer, order.Choose, order.Pick{Engineer: colleague.Party}, nil, order.CodeOnlyEngineer)
			offered.refused(colleague, order.AcceptOffer, order.Revised{Revision: 1}, nil, order.CodeOnlyEngineer)
			contracting.refused(colleague, order.SendContract, bare.terms(contracting, colleague), nil, order.CodeOnlyEngineer)
			signed.delivered(customer, colleague)
			signed.paid(customer, colleague)

			way.back(n, lost, moderator)
			his.shows(order.Work)
			open.must(colleague, order.Respond, bid, nil, order.Selection)
			responded.must(customer, order.Choose, order.Pick{Engineer: colleague.Party}, nil, order.Contracting)
			offered.must(colleague, order.AcceptOffer, order.Revised{Revision: 1}, nil, order.Contracting)
			contracting.sendContract(customer, colleague, bare)
		})
	}
}
