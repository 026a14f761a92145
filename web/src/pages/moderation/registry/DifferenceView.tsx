import { Card } from 'antd';
import { Link } from 'react-router';
import { type Column, RowList } from '../../../components/list/RowList';
import { counted } from '../../../lib/plural';
import type { Difference, RunReport } from './queries';
import { shareText } from './words';

type Change = Difference['engineers'][number];
type Group = Difference['groups'][number];

const kinds: Record<Change['kind'], string> = { lost: 'теряет статус', restored: 'возвращается', added: 'новый' };

const engineerColumns: Column<Change>[] = [
  { title: 'Инженер', cell: ({ kind, id, name }) => (kind === 'added' ? name : <Link to={`/moderation/engineers/${id}`}>{name}</Link>) },
  { title: 'Изменение', cell: ({ kind }) => <span className={`badge ${kind === 'lost' ? 'held' : 'done'}`}>{kinds[kind]}</span> },
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

/** How many of the groups are shown: those that lose the largest share. */
const shownGroups = 15;

/** What a held snapshot would change: for a person to look at before he decides. */
export function DifferenceView({ difference, run }: { difference: Difference; run: RunReport }) {
  const { orders, engineers, groups } = difference;
  const total = run.added + run.lost + run.restored;
  return (
    <Card title={<h2>Что изменит снимок</h2>}>
      <p>
        Статус потеряют {run.lost.toLocaleString('ru-RU')} из {run.active.toLocaleString('ru-RU')} действующих инженеров ({shareText(run.lost, run.active)}).
        {orders > 0 ? ` Из-за этого остановятся ${counted(orders, 'заказ', 'заказа', 'заказов')} в работе.` : ' Заказов в работе у них нет.'}
      </p>
      {groups.length > 0 && (
        <>
          <h3>Потери по регионам и СРО</h3>
          <RowList rows={groups.slice(0, shownGroups)} columns={groupColumns} keyOf={({ kind, name }) => `${kind}.${name}`} />
          {groups.length > shownGroups && <p className="note">Показаны {shownGroups} с наибольшей долей из {groups.length}.</p>}
        </>
      )}
      <h3>Кадастровые инженеры</h3>
      <RowList rows={engineers} columns={engineerColumns} keyOf={({ id }) => id} />
      {total > engineers.length && <p className="note">Показано {engineers.length} из {total}: сначала те, у кого есть заказы в работе.</p>}
    </Card>
  );
}
