import type { SessionRole } from '@/shared/codes';
import type { Column } from '@/shared/ui/list/RowList';
import { NumberLink, PriceAndTerm, StageBadge, Updated, Waiting, WorkAndPlace } from './OrderLineParts';
import { peopleFor } from './people';
import type { OrderLine } from './queries';

/** Returns the columns of a list of orders for a role. */
export function orderColumns(role: SessionRole): Column<OrderLine>[] {
  return [
    {
      title: 'Заказ',
      cell: (line) => (
        <div className="order-name">
          <NumberLink line={line} role={role} /> <Updated line={line} />
        </div>
      ),
    },
    { title: 'Вид работ, место', cell: (line) => <WorkAndPlace line={line} /> },
    { title: 'Стоимость, срок', cell: (line) => <PriceAndTerm line={line} /> },
    ...peopleFor(role).map(({ title, name }) => ({ title, cell: name })),
    { title: 'Статус', cell: (line) => <StageBadge line={line} /> },
    { title: 'Что дальше', cell: (line) => <Waiting line={line} role={role} /> },
  ];
}
