package search

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"epkr/db/sqlcgen"
	"epkr/dev/bench/people"
	"epkr/internal/searchtext"
)

// keepPlans appends the plans of the searches, with the pages that they read, to a file in the folder
// for profiles, if one is asked for. The statements get the same parameters as from the API, on the
// first page.
func (m measurement) keepPlans(ctx context.Context, searches []search, run func(context.Context, *sqlcgen.Queries, url.Values) error) (err error) {
	if m.p.Profile == "" {
		return nil
	}
	if err := os.MkdirAll(m.p.Profile, 0o755); err != nil {
		return fmt.Errorf("making the folder of the plans: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(m.p.Profile, "search-plans.txt"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("opening the file of the plans: %w", err)
	}
	defer func() { err = cmp.Or(err, file.Close()) }()
	conn, err := explaining(ctx, m.p.Database.URL, file)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, one := range searches {
		query, err := url.ParseQuery(one.query)
		if err != nil {
			return fmt.Errorf("reading the query of a search: %w", err)
		}
		fmt.Fprintf(file, "\n===== %s\n", one.what)
		if err := run(ctx, sqlcgen.New(conn), query); err != nil {
			return fmt.Errorf("explaining a search: %w", err)
		}
	}
	return nil
}

// explaining opens a connection that writes the plan of every statement, also of those inside
// functions.
func explaining(ctx context.Context, database string, out io.Writer) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(database)
	if err != nil {
		return nil, fmt.Errorf("reading the database's address: %w", err)
	}
	config.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) { fmt.Fprintln(out, notice.Message) }
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("reaching the database: %w", err)
	}
	_, err = conn.Exec(ctx, `load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
		set auto_explain.log_analyze = on; set auto_explain.log_buffers = on; set auto_explain.log_level = notice`)
	if err != nil {
		return nil, fmt.Errorf("turning plans on: %w", err)
	}
	return conn, nil
}

func number(q url.Values, name string) int64 {
	n, _ := strconv.ParseInt(q.Get(name), 10, 64) // 0 without it
	return n
}

func explainEngineers(ctx context.Context, queries *sqlcgen.Queries, q url.Values) error {
	names := searchtext.Names(q.Get("name")).And(searchtext.Number(q.Get("number")))
	rating, _ := strconv.ParseFloat(q.Get("ratingFrom"), 64)
	c := sqlcgen.CountEngineersParams{
		Names: names.Index, Words: names.All, Spellings: []string{}, Sro: searchtext.Names(q.Get("sro")).Index, Regions: append([]string{}, q["region"]...),
		WorkKind: q.Get("workKind"), PriceTo: number(q, "priceTo"), RatingFrom: int32(rating * 100), Form: q.Get("form"), Receives: q.Has("receives"), Most: mostCounted,
	}
	if years := number(q, "experienceFrom"); years > 0 {
		c.SinceTo = int32(time.Now().Year() - int(years))
	}
	if _, err := queries.CountEngineers(ctx, c); err != nil {
		return err
	}
	_, err := queries.FindEngineers(ctx, sqlcgen.FindEngineersParams{
		Names: c.Names, Words: c.Words, Spellings: c.Spellings, Sro: c.Sro, Regions: c.Regions, WorkKind: c.WorkKind, PriceTo: c.PriceTo, RatingFrom: c.RatingFrom,
		SinceTo: c.SinceTo, Form: c.Form, Receives: c.Receives, Sort: cmp.Or(q.Get("sort"), "rating"), After1: math.MinInt64, Page: pageSize + 1,
	})
	return err
}

func explainOrders(by people.Person) func(context.Context, *sqlcgen.Queries, url.Values) error {
	return func(ctx context.Context, queries *sqlcgen.Queries, q url.Values) error {
		engineer, err := uuid.Parse(by.Actor.Party)
		if err != nil {
			return err
		}
		p := sqlcgen.OpenOrdersParams{
			Engineer: engineer, Regions: append([]string{}, q["region"]...), WorkKinds: append([]string{}, q["workKind"]...), CustomerKinds: []string{},
			NumberParts: searchtext.Number(q.Get("number")).All, PlaceWords: searchtext.Places(q.Get("place")).All, WithoutResponses: q.Has("withoutResponses"),
			Prepayment: q.Has("prepayment"), Priced: q.Has("priced"), Sort: cmp.Or(q.Get("sort"), "published"), Today: time.Now(),
			After1: math.MinInt64, After2: math.MinInt64, Page: pageSize + 1, Most: mostCounted,
		}
		if len(p.Regions) == 0 {
			p.Regions = ownRegions
		}
		switch q.Get("customer") {
		case "organisations":
			p.CustomerKinds = []string{"organisation"}
		case "individuals":
			p.CustomerKinds = []string{"person", "entrepreneur"}
		}
		if days := int32(number(q, "termDaysTo")); days > 0 {
			p.TermDaysTo = &days
		}
		if date, err := time.Parse(time.DateOnly, q.Get("termDateTo")); err == nil {
			p.TermDateTo = &date
		}
		_, err = queries.OpenOrders(ctx, p)
		return err
	}
}
