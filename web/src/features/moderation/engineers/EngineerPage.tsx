import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, Card } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { formsOfWork } from '@/shared/api/formsOfWork';
import { ProblemError } from '@/shared/api/problem';
import { type Fact, Facts } from '@/shared/ui/Facts';
import { PagedList } from '@/shared/ui/list/PagedList';
import { RowList } from '@/shared/ui/list/RowList';
import { NotFound } from '@/shared/ui/NotFound';
import { PageHeading } from '@/shared/ui/PageHeading';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { RegistryName } from '@/shared/ui/RegistryName';
import { WorkDocument } from '@/shared/upload/WorkDocument';
import { formatDateTime } from '@/shared/lib/dates';
import { orderColumns } from '@/features/orders/orderColumns';
import { ordersQuery } from '@/features/orders/queries';
import '@/features/orders/orders.css';
import { Decisions } from './Decisions';
import { DecisionModal } from './DecisionModal';
import { type EngineerCard, engineerQuery } from './queries';
import { EngineerStatusBadge } from './EngineerStatusBadge';
import '@/features/moderation/moderation.css';

/**
 * Shows one engineer: his data in the registry and on the platform, the decisions on him, his
 * orders.
 */
export default function EngineerPage() {
  const { engineer = '' } = useParams();
  const { data, error, refetch } = useQuery(engineerQuery(engineer));
  if (error instanceof ProblemError && [404, 422].includes(error.status)) {
    return (
      <NotFound
        title={<h1>Такого инженера нет</h1>}
        extra={<Link to="/moderation/engineers">Все кадастровые инженеры</Link>}
      />
    );
  }
  if (!data) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <PageLoading />;
  return <Engineer engineer={data} />;
}

const employments: Record<NonNullable<EngineerCard['employment']>, string> = {
  pending: 'на рассмотрении',
  confirmed: 'подтверждён',
  rejected: 'отклонён',
  suspended: 'приостановлен',
  removed: 'удалён',
};

function factsOf(e: EngineerCard): Fact[] {
  return [
    ['Номер в реестре', e.registryNumber],
    ['СРО', e.sro],
    ['СНИЛС', e.snils],
    ['Сведения реестра', `изменены снимком от ${formatDateTime(e.registryAsOf)}`],
    ['Форма работы', e.form ? formsOfWork[e.form] : 'не указана'],
    [
      'ОГРНИП',
      e.ogrnip && [e.ogrnip, e.unconfirmedBusiness && 'не подтверждён Госуслугами'].filter(Boolean).join(', '),
    ],
    ['Работодатель', e.employer && `${e.employer}, статус: ${e.employment ? employments[e.employment] : 'не указан'}`],
    ['Регионы деятельности', e.regions.map(({ label }) => label).join(', ') || 'не указаны'],
    ['Обязательные поля профиля', e.profileComplete ? 'заполнены' : 'не заполнены: заказы принимать не может'],
    ['Приём заказов', e.receivesOrders ? 'включён' : 'отключён'],
    ['На платформу', e.signedIn ? 'входил' : 'не входил'],
    ['Учётная запись', !e.accountOn && 'отключена, или он отозвал согласие: в списке его нет'],
  ];
}

function Engineer({ engineer }: { engineer: EngineerCard }) {
  const { id, name, blocked } = engineer;
  const [decisionOpen, setDecisionOpen] = useState(false);
  const orders = useInfiniteQuery(ordersQuery({ engineer: id }));
  return (
    <div className="stack">
      <PageHeading
        extra={
          <Button danger={!blocked} type={blocked ? 'primary' : 'default'} onClick={() => setDecisionOpen(true)}>
            {blocked ? 'Снять блокировку' : 'Заблокировать'}
          </Button>
        }
      >
        {name}
      </PageHeading>
      <RegistryName name={engineer.registryName} />
      <EngineerStatusBadge engineer={engineer} />
      <Facts items={factsOf(engineer)} />
      <Card title={<h2>Документ о форме работы</h2>}>
        <WorkDocument document={engineer.document} />
      </Card>
      <Card title={<h2>Решения модераторов</h2>}>
        <Decisions engineer={engineer.id} />
      </Card>
      <section aria-label="Заказы инженера">
        <h2 className="section-heading">Заказы, где он исполнитель</h2>
        <PagedList query={orders} empty="Таких заказов нет.">
          {(lines) => <RowList rows={lines} columns={orderColumns('moderator')} keyOf={({ id }) => id} />}
        </PagedList>
      </section>
      {decisionOpen && <DecisionModal engineer={engineer} onClose={() => setDecisionOpen(false)} />}
    </div>
  );
}
