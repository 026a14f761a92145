// Package search measures «Поиск по кадастровым инженерам» and «Поиск по заказам»: the usual
// combinations of criteria and every sorting, by eight clients at once over HTTP, in a list of fifty
// thousand engineers, and among a hundred thousand and then a million orders.
//
// Engineers and orders are rows made for the measurement, always the same ones; nobody signs in as
// one of these engineers, and the orders have no workflows. The package measures only the API's
// answers.
package search

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"epkr/db/grown"
	"epkr/dev/bench/load"
	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
)

const (
	// limit is the required 95th percentile in milliseconds, growth that of the median from the
	// first to the last number of orders.
	limit, growth = 30.0, 1.5
	clients       = 8
	// deepPage is the size of the pages before a deep one.
	deepPage = 100
	// pageSize and mostCounted are the API's.
	pageSize, mostCounted = 20, 201
)

// search is what people ask for: a query, and after how many lines.
type search struct {
	what, query string
	after       int
}

// Run measures every search. Each client is another signed-in person and sends the same search one
// time after another; a time is that of a whole answer over HTTP, with the session, the page of
// twenty lines and the total. Servers, API and clients share the machine.
func Run(ctx context.Context, s platform.Servers) (report.Section, error) {
	engineers, few, many, requests := 50_000, 100_000, 1_000_000, 400
	if s.Quick {
		engineers, few, many, requests = 500, 300, 600, 16
	}
	p, err := platform.Start(ctx, s, "search")
	if err != nil {
		return report.Section{}, err
	}
	own, err := people.CreateEngineers(ctx, p.Database, clients)
	if err != nil {
		return report.Section{}, err
	}
	customers, performers, err := people.SignIn(ctx, p, clients, own)
	if err != nil {
		return report.Section{}, err
	}
	p.Progressf("listing %d engineers", engineers)
	if err := list(ctx, p.Database.URL, engineers); err != nil {
		return report.Section{}, err
	}
	m := measurement{p: p, requests: requests}
	section := report.Section{
		Title:   fmt.Sprintf("The searches of %d engineers and of %d orders", engineers, many),
		Columns: []string{"search", "found", "p50, ms", "p95, ms", "p50 ÷", "p95 ÷"},
	}
	var slowest, slowestOrders, grew float64
	for _, one := range engineerSearches {
		r, err := m.measure(ctx, customers, "/api/engineers", one)
		if err != nil {
			return report.Section{}, err
		}
		slowest = max(slowest, r.p95)
		section.Rows = append(section.Rows, r.row("engineers: "+one.what, "", ""))
	}
	if err := m.keepPlans(ctx, engineerSearches, explainEngineers); err != nil {
		return report.Section{}, err
	}
	if err := grown.FillPeople(ctx, p.Database.URL); err != nil {
		return report.Section{}, fmt.Errorf("adding people: %w", err)
	}
	if err := workIn(ctx, p.Database, own); err != nil {
		return report.Section{}, err
	}
	before, err := m.orders(ctx, performers, 0, few)
	if err != nil {
		return report.Section{}, err
	}
	after, err := m.orders(ctx, performers, few, many-few)
	if err != nil {
		return report.Section{}, err
	}
	if err := m.keepPlans(ctx, orderSearches, explainOrders(performers[0])); err != nil {
		return report.Section{}, err
	}
	for i, r := range after {
		slowestOrders = max(slowestOrders, r.p95)
		p50, p95 := r.p50/before[i].p50, r.p95/before[i].p95
		grew = max(grew, p50)
		section.Rows = append(section.Rows, r.row("orders: "+orderSearches[i].what, fmt.Sprintf("%.2f×", p50), fmt.Sprintf("%.2f×", p95)))
	}
	section.Targets = []report.Target{
		report.AtMost("engineers: the slowest search, 95th percentile", "%.1f ms", slowest, limit),
		report.AtMost("orders: the slowest search, 95th percentile", "%.1f ms", slowestOrders, limit),
		report.AtMost(fmt.Sprintf("orders: the largest growth of a median from %d orders", few), "%.2f×", grew, growth),
	}
	return section, nil
}

// measurement measures searches.
type measurement struct {
	p        *platform.Platform
	requests int
}

// result is how long the answers to a search took, in milliseconds.
type result struct {
	found    string
	p50, p95 float64
}

func (r result) row(what, p50, p95 string) []string {
	return []string{what, r.found, fmt.Sprintf("%.1f", r.p50), fmt.Sprintf("%.1f", r.p95), p50, p95}
}

// measure sends the requests by all clients.
func (m measurement) measure(ctx context.Context, by []people.Person, path string, one search) (r result, err error) {
	m.p.Progressf("%s: %s", path, one.what)
	query, err := url.ParseQuery(one.query)
	if err != nil {
		return r, fmt.Errorf("reading the query of a search: %w", err)
	}
	var page struct {
		Total int64
		More  bool
		Next  string
	}
	for seen := 0; seen < one.after; seen += deepPage {
		query.Set("limit", strconv.Itoa(deepPage))
		if err := by[0].Get(ctx, path+"?"+query.Encode(), &page); err != nil {
			return r, err
		}
		if page.Next == "" { // a quick run has few rows
			break
		}
		query.Set("cursor", page.Next)
	}
	query.Del("limit")
	address := path + "?" + query.Encode()
	for _, b := range by { // warm connections and caches
		if err := b.Get(ctx, address, &page); err != nil {
			return r, err
		}
	}
	r.found = strconv.FormatInt(page.Total, 10)
	if page.More {
		r.found += "+"
	}
	var times load.Measure
	err = times.Times(ctx, len(by), m.requests, func(ctx context.Context, client int) error {
		return by[client].Get(ctx, address, nil)
	})
	r.p50, r.p95 = times.Quantile(0.5), times.Quantile(0.95)
	return r, err
}
