import { Button, Card } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { counted } from '@/shared/lib/plural';
import type { Difference, RunReport } from './queries';
import { shareText } from './labels';

type Change = Difference['engineers'][number];
type Group = Difference['groups'][number];

const kinds: Record<Change['kind'], string> = { lost: 'теряет статус', restored: 'возвращается', added: 'новый' };

const engineerColumns: Column<Change>[] = [
  {
    title: 'Инженер',
    cell: ({ kind, id, name }) => (kind === 'added' ? name : <Link to={`/moderation/engineers/${id}`}>{name}</Link>),
  },
  {
    title: 'Изменение',
    cell: ({ kind }) => <span className={`badge ${kind === 'lost' ? 'held' : 'done'}`}>{kinds[kind]}</span>,
  },
  { title: 'Номер в реестре', cell: ({ registryNumber }) => registryNumber },
  { title: 'СРО', cell: ({ sro }) => sro },
  { title: 'Заказов в работе', cell: ({ orders }) => orders },
];

const groupColumns: Column<Group>[] = [
  { title: 'Регион или СРО', cell: ({ name }) => name },
  { title: 'Действующих', cell: ({ active }) => active },
  { title: 'Потеряют статус', cell: ({ lost }) => lost },
  { title: 'Доля', cell: ({ lost, active }) => shareText(lost, active) },
];

/** Shows what a snapshot awaiting approval would change. */
export function DifferenceView({ difference, run }: { difference: Difference; run: RunReport }) {
  const { orders, engineers, groups } = difference;
  const total = run.added + run.lost + run.restored;
  return (
    <Card title={<h2>Что изменит снимок</h2>}>
      <p>
        Статус потеряют {run.lost.toLocaleString('ru-RU')} из {run.active.toLocaleString('ru-RU')} действующих инженеров
        ({shareText(run.lost, run.active)}).
        {orders > 0
          ? ` У них в работе ${counted(orders, 'заказ', 'заказа', 'заказов')}.`
          : ' Заказов в работе у них нет.'}
      </p>
      {groups.length > 0 && (
        <ExpandableRows
          title="Потери по регионам и СРО"
          rows={groups}
          columns={groupColumns}
          keyOf={({ kind, name }) => `${kind}.${name}`}
        />
      )}
      <ExpandableRows title="Кадастровые инженеры" rows={engineers} columns={engineerColumns} keyOf={({ id }) => id} />
      {total > engineers.length && (
        <p className="note">
          Названы {engineers.length} из {total.toLocaleString('ru-RU')}: сначала те, у кого есть заказы в работе.
        </p>
      )}
    </Card>
  );
}

/** The number of rows before the list is expanded: the decision is below the lists. */
const collapsedRows = 10;

interface ExpandableRowsProps<Row> {
  title: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
}

/** Shows the first rows of a list, and all of them when expanded. */
function ExpandableRows<Row>({ title, rows, columns, keyOf }: ExpandableRowsProps<Row>) {
  const [expanded, setExpanded] = useState(false);
  return (
    <section aria-label={title} className="difference">
      <h3>{title}</h3>
      <RowList rows={expanded ? rows : rows.slice(0, collapsedRows)} columns={columns} keyOf={keyOf} />
      {rows.length > collapsedRows && (
        <Button className="more" aria-expanded={expanded} onClick={() => setExpanded(!expanded)}>
          {expanded ? 'Свернуть' : `Показать все: ${rows.length}`}
        </Button>
      )}
    </section>
  );
}
