import { useQuery } from '@tanstack/react-query';
import { Button, Card } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { ProblemError } from '@/shared/api/problem';
import { type Fact, Facts } from '@/shared/ui/Facts';
import { RowList } from '@/shared/ui/list/RowList';
import { NotFound } from '@/shared/ui/NotFound';
import { PageHeading } from '@/shared/ui/PageHeading';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { formatDateTime, formatDay } from '@/shared/lib/dates';
import { AccountBadge } from './AccountBadge';
import { AccountDecisions } from './AccountDecisions';
import { type AccountCard, accountQuery } from './queries';
import { SwitchModal } from './SwitchModal';
import '@/features/moderation/moderation.css';

/** Shows one account: who the person is, his roles and organisations, and the decisions on it. */
export default function AccountPage() {
  const { person = '' } = useParams();
  const { data, error, refetch } = useQuery(accountQuery(person));
  if (error instanceof ProblemError && [404, 422].includes(error.status)) {
    return (
      <NotFound
        title={<h1>Такой учётной записи нет</h1>}
        extra={<Link to="/moderation/accounts">Все учётные записи</Link>}
      />
    );
  }
  if (!data) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <PageLoading />;
  return <Account account={data} />;
}

function consentText({ consent }: AccountCard): string {
  if (!consent) return 'не давал';
  const given = `редакция ${consent.version}, дано ${formatDateTime(consent.givenAt)}`;
  return consent.withdrawnAt ? `${given}, отозвано ${formatDateTime(consent.withdrawnAt)}` : given;
}

function factsOf(a: AccountCard): Fact[] {
  return [
    ['СНИЛС', a.snils],
    ['ИНН', a.inn],
    ['Дата рождения', a.birthDate && formatDay(a.birthDate)],
    ['Почта', a.email],
    ['Телефон', a.phone],
    ['Номера на Госуслугах', a.esiaNumbers.join(', ')],
    ['Первый вход', formatDateTime(a.createdAt)],
    ['Последний вход', formatDateTime(a.seenAt)],
    ['Открытые сеансы', String(a.sessions)],
    ['Согласие на обработку данных', consentText(a)],
  ];
}

function Account({ account }: { account: AccountCard }) {
  const { id, name, active, moderator } = account;
  const [switching, setSwitching] = useState(false);
  return (
    <div className="stack">
      <PageHeading
        extra={
          !moderator && (
            <Button danger={active} type={active ? 'default' : 'primary'} onClick={() => setSwitching(true)}>
              {active ? 'Отключить' : 'Включить'}
            </Button>
          )
        }
      >
        {name}
      </PageHeading>
      <div className="badges">
        <AccountBadge active={active} />
        {moderator && <span className="note">Модератор: отключить эту учётную запись нельзя.</span>}
      </div>
      <Facts items={factsOf(account)} />
      <Card title={<h2>Роли</h2>}>
        {account.roles.length === 0 && <p className="note">Ролей нет.</p>}
        <ul className="account-roles">
          {account.roles.map(({ role, party, title, name: of }) => (
            <li key={`${role}.${party ?? ''}`}>
              {title}: {of}
            </li>
          ))}
        </ul>
        <EngineerEntry account={account} />
      </Card>
      <Organisations account={account} />
      <Card title={<h2>Решения модераторов</h2>}>
        <AccountDecisions person={id} />
      </Card>
      {switching && <SwitchModal account={account} onClose={() => setSwitching(false)} />}
    </div>
  );
}

function EngineerEntry({ account: { engineer } }: { account: AccountCard }) {
  if (!engineer) return null;
  const status = engineer.inRegistry ? 'действующий' : 'нет действующего статуса';
  return (
    <p>
      <Link to={`/moderation/engineers/${engineer.id}`}>Запись в реестре СРО № {engineer.registryNumber}</Link>:{' '}
      {status}
      {engineer.blocked && ', заблокирован'}
    </p>
  );
}

type Organisation = AccountCard['organisations'][number];

function rightsText({ active, head, customer, employer, kind }: Organisation): string {
  if (!active) return 'больше не состоит';
  if (kind === 'entrepreneur') return 'его ИП';
  if (head) return 'руководитель';
  const admitted = [customer && 'заказчик', employer && 'работодатель'].filter(Boolean).join(', ');
  return admitted ? `сотрудник, допущен: ${admitted}` : 'сотрудник, не допущен';
}

function Organisations({ account: { organisations } }: { account: AccountCard }) {
  if (organisations.length === 0) return null;
  return (
    <section aria-label="Организации">
      <h2 className="section-heading">ИП и организации</h2>
      <RowList
        rows={organisations}
        columns={[
          { title: 'Наименование', cell: ({ name }) => name },
          { title: 'ОГРН', cell: ({ ogrn }) => ogrn || '—' },
          { title: 'ИНН', cell: ({ inn }) => inn ?? '—' },
          { title: 'Что может', cell: rightsText },
          { title: 'По Госуслугам на', cell: ({ readAt }) => formatDateTime(readAt) },
        ]}
        keyOf={({ id }) => id}
      />
    </section>
  );
}
