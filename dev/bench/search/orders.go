package search

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/db/grown"
	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
)

// orderSearches are the usual combinations of the filters of «Поиск по заказам», and its sortings.
// Without a region they are the searches of an engineer in his three regions, of which the first has
// a fifth of all orders.
var orderSearches = []search{
	{"own regions, by publication", "", 0},
	{"own regions, by publication, after 1000", "", 1000},
	{"own regions, by urgency", "sort=urgency", 0},
	{"own regions, by urgency, after 1000", "sort=urgency", 1000},
	{"a region", "region=02", 0},
	{"a kind of work", "workKind=parcel-formation", 0},
	{"two kinds of work with a price", "workKind=parcel-formation&workKind=map-plan&priced=true", 0},
	{"with a price and a prepayment", "priced=true&prepayment=true", 0},
	{"without responses", "withoutResponses=true", 0},
	{"of organisations", "customer=organisations", 0},
	{"of people, a kind of work, by urgency", "customer=individuals&workKind=map-plan&sort=urgency", 0},
	{"a term of up to 30 days", "termDaysTo=30", 0},
	{"a term until a date", "termDateTo=" + time.Now().AddDate(0, 0, 60).Format(time.DateOnly), 0},
	{"a part of the address", "place=Волковск", 0},
	{"a number", "number=000123", 0},
	{"everywhere, a kind of work", everywhere + "workKind=parcel-formation", 0},
}

// everywhere asks for each region by its code.
var everywhere = func() (query string) {
	for n := 1; n < 90; n++ {
		query += fmt.Sprintf("region=%02d&", n)
	}
	return query
}()

// ownRegions are the regions of the engineers who search.
var ownRegions = []string{"01", "02", "03"}

// workIn gives the engineers the regions that the searches are made in.
func workIn(ctx context.Context, d *platform.Database, engineers []uuid.UUID) error {
	_, err := d.ExecContext(ctx, `update engineers set regions = $2::text[] where id = any($1::uuid[])`, engineers, ownRegions)
	if err != nil {
		return fmt.Errorf("giving the engineers their regions: %w", err)
	}
	return nil
}

// orders adds orders and measures every search among all that there are then.
func (m measurement) orders(ctx context.Context, by []people.Person, first, count int) ([]result, error) {
	m.p.Progressf("adding %d orders", count)
	if err := grown.FillOrders(ctx, m.p.Database.URL, first, count); err != nil {
		return nil, fmt.Errorf("adding orders: %w", err)
	}
	results := make([]result, len(orderSearches))
	for i, one := range orderSearches {
		var err error
		if results[i], err = m.measure(ctx, by, "/api/open-orders", one); err != nil {
			return nil, err
		}
	}
	return results, nil
}
