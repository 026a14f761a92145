import type { StageCode } from '@/shared/codes';
import { Button, Space } from 'antd';
import { useSession } from '@/shared/auth/session';
import type { OrderCard } from '@/shared/api/order';

/**
 * The cadastral engineer's account at Rosreestr, where results are prepared and applications are
 * filed.
 */
const account = 'https://lk.rosreestr.ru/';

const services: Partial<Record<StageCode, readonly string[]>> = {
  work: ['Личный кабинет кадастрового инженера'],
  registration: ['ГКУ', 'ГРП', 'ГКУ/ГРП'],
};

/** Shows links to the services of Rosreestr for the performer. */
export function LandRegistry({ card }: { card: OrderCard }) {
  const { role } = useSession();
  const titles = services[card.stage.code];
  if (!titles || role !== 'engineer' || !card.party) return null;
  return (
    <section className="order-services" aria-label="Сервисы Росреестра">
      <p className="note">
        {card.stage.code === 'work'
          ? 'Результаты готовят вне платформы, в том числе сервисами Росреестра:'
          : 'Заявление подают в личном кабинете на сайте Росреестра:'}
      </p>
      <Space wrap>
        {titles.map((title) => (
          <Button key={title} href={account} target="_blank" rel="noopener noreferrer">
            {title}
          </Button>
        ))}
      </Space>
    </section>
  );
}
