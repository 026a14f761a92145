import { queryOptions, useQuery } from '@tanstack/react-query';
import { Button, Space } from 'antd';
import { api, type Schema, unwrap } from '@/shared/api/client';
import type { OrderCard } from '@/shared/api/order';
import { useSession } from '@/shared/auth/session';
import type { StageCode } from '@/shared/codes';
import { queryKeys } from '@/shared/queryKeys';

type Service = keyof Schema<'LandRegistryOutputBody'>;

/** The links of a stage: what results are prepared with, and what an application is filed for. */
const services: Partial<Record<StageCode, readonly (readonly [Service, string])[]>> = {
  work: [['cabinet', 'Личный кабинет кадастрового инженера']],
  registration: [
    ['accounting', 'ГКУ'],
    ['rights', 'ГРП'],
    ['both', 'ГКУ/ГРП'],
  ],
};

const landRegistryQuery = queryOptions({
  queryKey: queryKeys.reference.landRegistry,
  queryFn: ({ signal }) => unwrap(api.GET('/api/reference/land-registry', { signal })),
  staleTime: 'static',
});

/** Shows links to the services of Rosreestr for the performer. */
export function LandRegistry({ card }: { card: OrderCard }) {
  const { role } = useSession();
  const shown = role === 'engineer' && card.party ? services[card.stage.code] : undefined;
  const { data: addresses } = useQuery({ ...landRegistryQuery, enabled: !!shown });
  if (!shown || !addresses) return null;
  return (
    <section className="order-services" aria-label="Сервисы Росреестра">
      <p className="note">
        {card.stage.code === 'work'
          ? 'Результаты готовят вне платформы, в том числе сервисами Росреестра:'
          : 'Заявление подают в личном кабинете на сайте Росреестра:'}
      </p>
      <Space wrap>
        {shown.map(([service, title]) => (
          <Button key={service} href={addresses[service]} target="_blank" rel="noopener noreferrer">
            {title}
          </Button>
        ))}
      </Space>
    </section>
  );
}
