import { Result } from 'antd';
import { Link } from 'react-router';
import { rolePath } from '@/shared/auth/entrySteps';
import type { Page } from '@/shared/routing/page';

/**
 * Shown when the page is not available to the user's role, for example after following a link in
 * the wrong cabinet.
 */
export function WrongRole({ page }: { page: Page }) {
  return (
    <Result
      status="info"
      title={
        <h1>
          Страница «{page.title}»{' '}
          {page.headOnly ? 'доступна только руководителю организации' : 'недоступна в этой роли'}
        </h1>
      }
      subTitle={
        page.headOnly
          ? 'Если Госуслуги называют вас руководителем, смените роль на кабинет этой организации.'
          : 'Смените роль, если вам нужна эта страница.'
      }
      extra={<Link to={rolePath}>Сменить роль</Link>}
    />
  );
}
