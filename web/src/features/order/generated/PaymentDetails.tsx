import './generated.css';
import { DownloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Card, Typography } from 'antd';
import { useId } from 'react';
import type { OrderCard } from '@/shared/api/order';
import { missingText } from '@/shared/lib/contractNeeds';
import { formatMoney } from '@/shared/lib/money';
import { Facts } from '@/shared/ui/Facts';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { paymentQuery } from './queries';

/** Shows on the card how to pay, while the customer has a payment to make. */
export function PaymentDue({ card }: { card: OrderCard }) {
  const due = card.actions.some(
    ({ kind, open }) => open && (kind === 'report-prepayment' || kind === 'report-payment'),
  );
  return due ? (
    <Card title={<h2>К оплате</h2>}>
      <PaymentDetails order={card.id} />
    </Card>
  ) : null;
}

/** Shows the customer the QR code of the payment, and the requisites as text to copy. */
export function PaymentDetails({ order }: { order: string }) {
  const { data, error, refetch } = useQuery(paymentQuery(order));
  const heading = useId();
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <PageLoading />;
  const { sum, purpose, requisites, missing, code, problem } = data;
  return (
    <section className="payment-details" aria-labelledby={heading}>
      <h3 id={heading}>{code ? 'QR для оплаты' : 'Реквизиты для оплаты'}</h3>
      {missing.length > 0 && (
        <Alert
          type="info"
          showIcon
          title="QR-кода нет: исполнитель указал не все реквизиты"
          description={`Не хватает: ${missingText(missing)}. Напишите исполнителю или оплатите по его счету.`}
        />
      )}
      {problem && <Alert type="info" showIcon title="QR-кода нет: оплатите по реквизитам" description={problem} />}
      <div className="payment-columns">
        {code && (
          <figure>
            <img
              src={`data:image/svg+xml,${encodeURIComponent(code.svg)}`}
              alt={`Код для оплаты, сумма ${formatMoney(sum)}`}
            />
            <figcaption className="note">
              Отсканируйте код в приложении банка: реквизиты, сумма и назначение заполнятся сами.
            </figcaption>
            <Button
              href={`data:image/png;base64,${code.png}`}
              download="QR-код для оплаты.png"
              icon={<DownloadOutlined aria-hidden />}
            >
              Скачать QR-код
            </Button>
          </figure>
        )}
        <Facts
          items={[
            ...requisites.map(({ name, value }) => [name, <Copyable key={name} name={name} value={value} />] as const),
            ['Сумма', <Copyable key="sum" name="Сумма" value={rubles(sum)} shown={formatMoney(sum)} />],
            ['Назначение платежа', <Copyable key="purpose" name="Назначение платежа" value={purpose} />],
          ]}
        />
      </div>
    </section>
  );
}

/** Returns an amount as forms of banks take it: «12345,67». */
const rubles = (kopecks: number) => `${Math.floor(kopecks / 100)},${String(kopecks % 100).padStart(2, '0')}`;

function Copyable({ name, value, shown = value }: { name: string; value: string; shown?: string }) {
  return (
    <Typography.Text copyable={{ text: value, tooltips: [`Копировать: ${name}`, 'Скопировано'] }}>
      {shown}
    </Typography.Text>
  );
}
