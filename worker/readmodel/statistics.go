package readmodel

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"
)

// statisticsQuery compares the engineers' numbers with those counted anew from all orders and their
// histories, in one statement, hence as of one moment. last_active_at follows from neither.
const statisticsQuery = `
	select e.id, k.kept::text, k.counted::text
	from engineer_statistics n full join counted_statistics c on c.engineer_id = n.engineer_id
	join engineers e on e.id = coalesce(n.engineer_id, c.engineer_id)
	cross join lateral (select
		row(coalesce(n.marks, 0), coalesce(n.mark_sum, 0), coalesce(n.reviews, 0), coalesce(n.completed, 0), coalesce(n.successful, 0),
			coalesce(n.in_work, 0), coalesce(n.steps, 0), coalesce(n.taken, 0), coalesce(n.abandoned, 0), coalesce(n.declined, 0),
			(select coalesce(array_agg(m.mark || '×' || m.marks order by m.mark), '{}') from engineer_marks m where m.engineer_id = e.id and m.marks <> 0)) as kept,
		row(coalesce(c.marks, 0), coalesce(c.mark_sum, 0), coalesce(c.reviews, 0), coalesce(c.completed, 0), coalesce(c.successful, 0),
			coalesce(c.in_work, 0), coalesce(c.steps, 0), coalesce(c.taken, 0), coalesce(c.abandoned, 0), coalesce(c.declined, 0),
			(select coalesce(array_agg(o.mark || '×' || o.marks order by o.mark), '{}') from (
				select o.mark, count(*) as marks from orders o where o.engineer_id = e.id and o.mark is not null group by o.mark) o)) as counted) k
	where k.kept <> k.counted
	order by 1`

// statisticsDifferences reports the engineers whose numbers differ from their orders. A repair counts
// them anew.
func (v *Verifier) statisticsDifferences(ctx context.Context) ([]Difference, error) {
	rows, err := v.Database.QueryContext(ctx, statisticsQuery)
	if err != nil {
		return nil, fmt.Errorf("comparing the engineers' numbers: %w", err)
	}
	defer rows.Close()
	var found []Difference
	for rows.Next() {
		var engineer uuid.UUID
		var kept, counted string
		if err := rows.Scan(&engineer, &kept, &counted); err != nil {
			return nil, fmt.Errorf("comparing the engineers' numbers: %w", err)
		}
		found = append(found, Difference{
			What: fmt.Sprintf("показатели инженера %s: %s вместо %s", engineer, kept, counted), repair: recountEngineer(engineer),
		})
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("comparing the engineers' numbers: %w", err)
	}
	if !v.Repair {
		return found, nil
	}
	if err := v.repairAll(ctx, found); err != nil {
		return found, fmt.Errorf("repairing the engineers' numbers: %w", err)
	}
	return found, nil
}

// recountEngineer returns the repair of an engineer's numbers. The lock keeps orders from being
// recorded for him between the count and the write.
func recountEngineer(engineer uuid.UUID) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		for _, statement := range []string{
			`insert into engineer_statistics (engineer_id, last_active_at) values ($1, now()) on conflict do nothing`,
			`select 1 from engineer_statistics where engineer_id = $1 for update`,
			`update engineer_statistics s set (marks, mark_sum, reviews, completed, successful, in_work, steps, taken, abandoned, declined) =
				(select coalesce(max(c.marks), 0), coalesce(max(c.mark_sum), 0), coalesce(max(c.reviews), 0), coalesce(max(c.completed), 0),
					coalesce(max(c.successful), 0), coalesce(max(c.in_work), 0), coalesce(max(c.steps), 0), coalesce(max(c.taken), 0),
					coalesce(max(c.abandoned), 0), coalesce(max(c.declined), 0) from counted_statistics c where c.engineer_id = $1)
				where s.engineer_id = $1`,
			`delete from engineer_marks where engineer_id = $1`,
			`insert into engineer_marks (engineer_id, mark, marks) select o.engineer_id, o.mark, count(*) from orders o
				where o.engineer_id = $1 and o.mark is not null group by o.engineer_id, o.mark`,
		} {
			if _, err := tx.ExecContext(ctx, statement, engineer); err != nil {
				return err
			}
		}
		return nil
	}
}
