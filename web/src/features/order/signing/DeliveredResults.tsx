import { Card } from 'antd';
import { wayName } from '@/features/order/labels';
import { DocumentRows } from '@/features/order/parts/Documents';
import type { OrderCard } from '@/shared/api/order';
import { Facts } from '@/shared/ui/Facts';

/** Shows what the performer handed over last, and the result of ГКУ/ГРП if there is one. */
export function DeliveredResults({ card }: { card: OrderCard }) {
  const { results, documents = [] } = card;
  const files = new Set(results?.files?.map(({ id }) => id));
  const delivered = documents?.filter(({ file, kind }) => files.has(file) || kind === 'registration-result') ?? [];
  if (!results && delivered.length === 0) return null;
  return (
    <Card title={<h2>Результаты работ</h2>} className="documents">
      {results && (
        <Facts
          items={[
            ['Способ передачи', wayName(results.way)],
            [
              'Где результаты',
              results.link && (
                <a href={results.link} target="_blank" rel="noopener noreferrer">
                  {results.link}
                </a>
              ),
            ],
            ['Номер УИН', results.uin],
            ['Пояснение', results.note],
          ]}
        />
      )}
      <DocumentRows order={card.id} documents={delivered} />
    </Card>
  );
}
