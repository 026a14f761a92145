package readmodel

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	orderactivities "epkr/activities/orders"
	"epkr/internal/order"
)

// derivedTable is a table whose rows of an order can be computed from the order's record. All its
// columns are compared, except those in uncompared.
type derivedTable struct {
	table string
	what  string // name in the report, in Russian
	key   []string
}

var (
	orderTable    = derivedTable{"orders", "строка заказа", []string{"id"}}
	responseTable = derivedTable{"responses", "строка отклика", []string{"order_id", "engineer_id"}}
	offerTable    = derivedTable{"offers", "строка предложения", []string{"order_id"}}
)

// uncompared lists columns that are not compared: those that only a repair fills in, and the head of
// the history, which the database sets.
var uncompared = map[string][]string{"orders": {"head"}, "responses": {"created_at", "updated_at"}, "offers": {"created_at"}}

// derivedDifferences compares the order's row, its responses and its offer with the record.
func (c *compared) derivedDifferences(ctx context.Context, v *Verifier) []Difference {
	var found []Difference
	check := func(t derivedTable, wanted, actual []columns) {
		differences, err := v.compare(ctx, t, wanted, actual)
		if err != nil {
			differences = []Difference{{What: t.what + " не сравнивается: " + err.Error(), Cannot: "это ошибка проверки"}}
		}
		found = append(found, differences...)
	}
	row, err := c.wantedRow(ctx, v)
	if err != nil {
		return []Difference{{What: "по состоянию заказа нельзя составить его строку: " + err.Error(), Cannot: cannotRecord}}
	}
	check(orderTable, row, present(c.rows.Order))
	check(responseTable, c.wantedResponses(), c.rows.Responses)
	check(offerTable, c.wantedOffer(), present(c.rows.Offer))
	return found
}

func present(c columns) []columns {
	if c == nil {
		return nil
	}
	return []columns{c}
}

// visible reports whether the order has rows: it has been created and is not a deleted draft.
func visible(s *order.State) bool { return s.Stage != "" && s.Stage != order.Deleted }

// wantedRow computes the order's row from its record. The database itself computes the search form
// of the place of the works.
func (c *compared) wantedRow(ctx context.Context, v *Verifier) ([]columns, error) {
	s := c.state()
	if !visible(s) {
		return nil, nil
	}
	var created, changed time.Time
	var published *time.Time
	for i, m := range c.rows.Messages {
		if m.Verdict != order.Applied {
			continue
		}
		if changed = m.HappenedAt; created.IsZero() {
			created = m.HappenedAt
		}
		if published == nil && c.states[i+1].Terms != nil {
			published = &m.HappenedAt
		}
	}
	row, err := orderactivities.OrderRow(s, changed)
	if err != nil {
		return nil, err
	}
	if s.Overdue && row.Deadline == nil {
		row.Deadline = c.becameOverdue()
	}
	var place string
	if err := v.Database.QueryRowContext(ctx, `select coalesce(order_place($1), '')`, row.FormID).Scan(&place); err != nil {
		return nil, fmt.Errorf("folding the place of an order: %w", err)
	}
	return []columns{columnsOf(map[string]any{
		"id": row.ID, "number": row.Number, "seq": row.Seq, "state": row.State, "stage": row.Stage, "shown_stage": row.ShownStage,
		"cause": row.Cause, "customer_id": row.CustomerID, "customer_person_id": row.CustomerPersonID, "engineer_id": row.EngineerID,
		"employer_id": row.EmployerID, "substitute_id": row.SubstituteID, "holds": row.Holds, "waits_for": row.WaitsFor, "waits_from": row.WaitsFrom,
		"waits_since": row.WaitsSince, "deadline": row.Deadline, "overdue": row.Overdue, "region": row.Region, "work_kind": row.WorkKind,
		"price": row.Price, "term_date": date(row.TermDate), "term_days": row.TermDays, "prepayment": row.Prepayment,
		"registration": row.Registration, "form_id": row.FormID, "responses": row.Responses, "rounds": row.Rounds,
		"contract_price": row.ContractPrice, "contract_advance": row.ContractAdvance, "mark": row.Mark, "place": place,
		"created_at": created, "published_at": published, "updated_at": changed,
	})}, nil
}

// becameOverdue returns the deadline of an overdue order whose state does not store it, see
// [order.Wait.Until]. The migration took that deadline from the message that made the order
// overdue.
func (c *compared) becameOverdue() (at *time.Time) {
	for i, m := range c.rows.Messages {
		if m.Kind == order.DeadlineDue && !c.states[i].Overdue && c.states[i+1].Overdue {
			at = &m.ReceivedAt
		}
	}
	return at
}

func date(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.Format(time.DateOnly)
}

// wantedResponses computes the response rows from all applied messages. A response that left the
// state is closed or chosen.
func (c *compared) wantedResponses() []columns {
	if !visible(c.state()) {
		return nil
	}
	rows := map[string]map[string]any{}
	for i, m := range c.rows.Messages {
		if m.Verdict == order.Applied {
			followResponses(rows, c.id.String(), m, &c.states[i], &c.states[i+1])
		}
	}
	var wanted []columns
	for _, engineer := range slices.Sorted(maps.Keys(rows)) {
		wanted = append(wanted, columnsOf(rows[engineer]))
	}
	return wanted
}

func followResponses(rows map[string]map[string]any, orderID string, m message, before, after *order.State) {
	for _, r := range after.Responses {
		row, exists := rows[r.Engineer]
		if !exists {
			row = map[string]any{"order_id": orderID, "engineer_id": r.Engineer, "created_at": m.HappenedAt, "body_id": nil}
			rows[r.Engineer] = row
		}
		if m.Kind == order.Respond && m.ActorParty != nil && m.ActorParty.String() == r.Engineer && m.BodyID != nil {
			row["body_id"] = m.BodyID
		}
		row["price"], row["revision"], row["updated_at"] = r.Price, r.Revision, m.HappenedAt
		row["term_date"], row["term_days"] = nil, nil
		if r.TermDate != "" {
			row["term_date"] = r.TermDate
		}
		if r.TermDays != 0 {
			row["term_days"] = r.TermDays
		}
		row["status"] = responseStatus(r.Engineer, after, "open")
	}
	for _, r := range before.Responses {
		if !slices.ContainsFunc(after.Responses, func(n order.Response) bool { return n.Engineer == r.Engineer }) {
			rows[r.Engineer]["status"] = "closed"
		}
	}
}

func responseStatus(engineer string, s *order.State, otherwise string) string {
	if s.Performer != nil && s.Performer.ID == engineer {
		return "chosen"
	}
	return otherwise
}

func (c *compared) wantedOffer() []columns {
	s := c.state()
	if !visible(s) || s.Offer == nil {
		return nil
	}
	made := c.rows.Messages[0].HappenedAt
	for i, m := range c.rows.Messages {
		if o := c.states[i].Offer; o == nil || *o != *s.Offer {
			made = m.HappenedAt
		}
	}
	return []columns{columnsOf(map[string]any{
		"order_id": c.id, "engineer_id": s.Offer.Engineer, "expires_at": s.Offer.Expires, "created_at": made,
	})}
}

func columnsOf(values map[string]any) columns {
	row := columns{}
	for name, value := range values {
		text, err := json.Marshal(value)
		if err != nil { // cannot fail: plain values
			panic(err)
		}
		row[name] = text
	}
	return row
}

// compare returns the differences between the wanted and the actual rows of a table.
func (v *Verifier) compare(ctx context.Context, t derivedTable, wanted, actual []columns) ([]Difference, error) {
	var found []Difference
	existing := map[string]columns{}
	for _, row := range actual {
		existing[t.keyOf(row)] = row
	}
	for _, row := range wanted {
		stored, err := v.asStored(ctx, t, row)
		if err != nil {
			return nil, err
		}
		current, exists := existing[t.keyOf(stored)]
		delete(existing, t.keyOf(stored))
		if what := t.difference(stored, current, exists); what != "" {
			found = append(found, Difference{What: what, repair: t.rewrite(row)})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(existing)) {
		found = append(found, Difference{What: t.what + " лишняя: " + key, repair: t.remove(existing[key])})
	}
	return found, nil
}

// difference describes how a row differs from the wanted one; empty if it does not.
func (t derivedTable) difference(wanted, actual columns, found bool) string {
	if !found {
		return t.what + " отсутствует: " + t.keyOf(wanted)
	}
	var wrong []string
	for _, name := range slices.Sorted(maps.Keys(wanted)) {
		if slices.Contains(uncompared[t.table], name) || bytes.Equal(wanted[name], actual[name]) {
			continue
		}
		if name == "state" {
			wrong = append(wrong, "state не то, что в записи")
			continue
		}
		wrong = append(wrong, fmt.Sprintf("%s = %s вместо %s", name, actual.text(name), wanted.text(name)))
	}
	if len(wrong) == 0 {
		return ""
	}
	return t.what + " неверна: " + strings.Join(wrong, "; ")
}

func (t derivedTable) keyOf(row columns) string {
	parts := make([]string, len(t.key))
	for i, name := range t.key {
		parts[i] = row.text(name)
	}
	return strings.Join(parts, " ")
}

// asStored returns the row in the form in which the database would return it.
func (v *Verifier) asStored(ctx context.Context, t derivedTable, row columns) (columns, error) {
	text, err := json.Marshal(row)
	if err != nil {
		return nil, err
	}
	var given []byte
	query := `select to_jsonb(jsonb_populate_record(null::` + t.table + `, $1::jsonb))`
	if err := v.Database.QueryRowContext(ctx, query, string(text)).Scan(&given); err != nil {
		return nil, err
	}
	stored := columns{}
	return stored, json.Unmarshal(given, &stored)
}

func (t derivedTable) rewrite(row columns) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		text, err := json.Marshal(row)
		if err != nil {
			return err
		}
		names := slices.Sorted(maps.Keys(row))
		sets := make([]string, len(names))
		for i, name := range names {
			sets[i] = name + " = excluded." + name
		}
		list := strings.Join(names, ", ")
		_, err = tx.ExecContext(ctx, fmt.Sprintf(
			`insert into %s (%s) select %s from jsonb_populate_record(null::%s, $1::jsonb) on conflict (%s) do update set %s`,
			t.table, list, list, t.table, strings.Join(t.key, ", "), strings.Join(sets, ", "),
		), string(text))
		return err
	}
}

func (t derivedTable) remove(row columns) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		text, err := json.Marshal(row)
		if err != nil {
			return err
		}
		key := strings.Join(t.key, ", ")
		_, err = tx.ExecContext(ctx, fmt.Sprintf(
			`delete from %s where (%s) = (select %s from jsonb_populate_record(null::%s, $1::jsonb))`, t.table, key, key, t.table,
		), string(text))
		return err
	}
}
