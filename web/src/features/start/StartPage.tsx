import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { Navigate, useSearchParams } from 'react-router';
import { ProblemError } from '@/shared/api/problem';
import { afterEntry, localPath, signInAddress } from '@/shared/auth/entrySteps';
import { PlatformName } from '@/shared/ui/PlatformName';
import { sessionQuery } from '@/shared/auth/session';
import { useDocumentTitle } from '@/shared/routing/useDocumentTitle';
import { PageLoading } from '@/shared/ui/PageLoading';
import './start.css';

/** The start page: what the platform is, and the sign-in. A signed-in user is redirected. */
export default function StartPage() {
  const [search] = useSearchParams();
  const returnTo = search.get('returnTo');
  useDocumentTitle();
  const { data: session, error, isPending } = useQuery({ ...sessionQuery, retry: false });
  if (session && !error) return <Navigate to={afterEntry(session.next, returnTo)} replace />;
  if (isPending) return <PageLoading />;
  const address = signInAddress(returnTo);
  return (
    <div className="start">
      <header className="start-header">
        <PlatformName />
        <Button type="primary" href={address}>
          ВОЙТИ
        </Button>
      </header>
      <main className="start-main">
        <Notices unreachable={!isSignedOut(error)} pageRequested={localPath(returnTo) !== undefined} />
        <h1>Электронная платформа кадастровых работ</h1>
        <p className="start-lead">
          Закажите межевание, технический план или другие кадастровые работы у инженера из реестра: договор, документы,
          приемка и оплата — в одном месте.
        </p>
        <Button type="primary" size="large" href={address}>
          Войти через Госуслуги
        </Button>
        <Cabinets />
      </main>
    </div>
  );
}

const isSignedOut = (error: unknown) => error instanceof ProblemError && error.status === 401;

function Notices({ unreachable, pageRequested }: { unreachable: boolean; pageRequested: boolean }) {
  if (unreachable) {
    return (
      <Alert type="warning" showIcon title="Платформа сейчас не отвечает. Подождите минуту и обновите страницу." />
    );
  }
  return pageRequested ? <Alert type="info" showIcon title="Войдите, чтобы открыть эту страницу." /> : null;
}

const cabinets = [
  [
    'Заказчикам',
    'Гражданам, предпринимателям и организациям: опубликуйте заказ, выберите исполнителя по цене и сроку, следите за каждым этапом.',
  ],
  [
    'Кадастровым инженерам',
    'Находите заказы в своих регионах, откликайтесь и ведите работу от договора до оплаты. Войдите как физическое лицо: роль исполнителя назначается по реестру СРО.',
  ],
  ['Работодателям инженеров', 'Следите за заказами своих сотрудников: смотрите карточки, документы и сроки.'],
] as const;

function Cabinets() {
  return (
    <ul className="start-cabinets">
      {cabinets.map(([heading, text]) => (
        <li key={heading}>
          <h2>{heading}</h2>
          <p>{text}</p>
        </li>
      ))}
    </ul>
  );
}
