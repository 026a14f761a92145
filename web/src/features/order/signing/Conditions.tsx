import { Card } from 'antd';
import { ContractDifferences } from '@/features/order/parts/ContractDifferences';
import type { OrderCard } from '@/shared/api/order';
import { Facts } from '@/shared/ui/Facts';
import { conditionsOf } from './agreed';

/** Shows the customer what was agreed beside what the contract says, and where they differ. */
export function ContractConditionsCompared({ card }: { card: OrderCard }) {
  const differing = new Set<string>(
    (card.differences ?? []).map(({ field }) => (field === 'term-passed' ? 'term' : field)),
  );
  return (
    <Card title={<h2>Условия договора</h2>}>
      <div className="stack">
        <ContractDifferences card={card} />
        <table className="conditions">
          <thead>
            <tr>
              <th scope="col">Условие</th>
              <th scope="col">Договорились</th>
              <th scope="col">В договоре</th>
            </tr>
          </thead>
          <tbody>
            {conditionsOf(card).map(({ field, name, agreed, contract }) => (
              <tr key={field} className={differing.has(field) ? 'differs' : undefined}>
                <th scope="row">{name}</th>
                <td>{agreed}</td>
                <td>{contract}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** What only a contract says. */
const ofContract: readonly string[] = ['acceptance', 'silence'];

/** Shows the performer what was agreed, while he writes down what his contract says. */
export function AgreedConditions({ card }: { card: OrderCard }) {
  return (
    <Card title={<h2>О чём договорились</h2>}>
      <Facts
        items={conditionsOf(card).flatMap(({ field, name, agreed }) =>
          ofContract.includes(field) ? [] : [[name, agreed]],
        )}
      />
    </Card>
  );
}
