import { NumberLink, PriceAndTerm, StageBadge, Updated, Waiting, WorkAndPlace } from './OrderLineParts';
import { peopleFor } from './people';
import type { OrderLine } from './queries';

interface Props {
  lines: readonly OrderLine[];
  role: string;
}

/** Orders as a table, for screens that have room for one. */
export function OrderTable({ lines, role }: Props) {
  const people = peopleFor(role);
  return (
    <table className="order-table">
      <thead>
        <tr>
          <th scope="col">Заказ</th>
          <th scope="col">Вид работ, место</th>
          <th scope="col">Стоимость, срок</th>
          {people.map(({ title }) => (
            <th scope="col" key={title}>
              {title}
            </th>
          ))}
          <th scope="col">Статус</th>
          <th scope="col">Что дальше</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.id}>
            <td>
              <NumberLink line={line} role={role} />
              <div>
                <Updated line={line} />
              </div>
            </td>
            <td>
              <WorkAndPlace line={line} />
            </td>
            <td>
              <PriceAndTerm line={line} />
            </td>
            {people.map(({ title, name }) => (
              <td key={title}>{name(line)}</td>
            ))}
            <td>
              <StageBadge line={line} />
            </td>
            <td>
              <Waiting line={line} role={role} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
