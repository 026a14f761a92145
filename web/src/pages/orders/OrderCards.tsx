import { NumberLink, PriceAndTerm, StageBadge, Updated, Waiting, WorkAndPlace } from './OrderLineParts';
import { peopleFor } from './people';
import type { OrderLine } from './queries';

interface Props {
  lines: readonly OrderLine[];
  role: string;
}

/** The same orders one below the other, for a phone. */
export function OrderCards({ lines, role }: Props) {
  const people = peopleFor(role);
  return (
    <ul className="order-cards">
      {lines.map((line) => (
        <li key={line.id}>
          <div className="order-card-head">
            <NumberLink line={line} role={role} />
            <Updated line={line} />
          </div>
          <WorkAndPlace line={line} />
          <dl>
            <dt>Статус</dt>
            <dd>
              <StageBadge line={line} />
            </dd>
            <dt>Что дальше</dt>
            <dd>
              <Waiting line={line} role={role} />
            </dd>
            <dt>Стоимость, срок</dt>
            <dd>
              <PriceAndTerm line={line} />
            </dd>
            {people.map(({ title, name }) => (
              <div key={title} className="order-card-pair">
                <dt>{title}</dt>
                <dd>{name(line)}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ul>
  );
}
