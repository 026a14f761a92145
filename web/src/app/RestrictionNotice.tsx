import { Alert } from 'antd';
import { Fragment } from 'react';
import { Link } from 'react-router';
import { formatDateTime } from '@/shared/lib/dates';
import type { MissingCode } from '@/shared/auth/missingParts';
import { MissingLink } from '@/shared/ui/MissingLink';
import { useSession } from '@/shared/auth/session';
import { restrictionText } from './restrictionText';

/**
 * Shown at the top of each page of an engineer who may not take new orders: what happened, when,
 * why, and what he can still do.
 */
export function RestrictionNotice() {
  const { restrictions } = useSession();
  if (!restrictions?.length) return null;
  return (
    <Alert
      type="warning"
      showIcon
      banner
      role="status"
      title="Новые заказы вам сейчас недоступны"
      description={
        <>
          {restrictions.map((one) => (
            <p key={one.kind}>
              {one.missing ? (
                <Incomplete missing={one.missing} />
              ) : (
                restrictionText(one, one.since ? formatDateTime(one.since) : '')
              )}
            </p>
          ))}
          <p>
            Нельзя откликаться на заказы, принимать предложения и изменённые условия, отправлять договоры. По-прежнему
            можно смотреть{' '}
            <Link to="/orders" className="underlined">
              свои заказы
            </Link>
            , скачивать документы, отвечать на предложения о прекращении договора, пригласить модератора и закончить
            расчёты за принятые работы.
          </p>
        </>
      }
    />
  );
}

/** Names what is missing in the profile, each with a link to its field. */
function Incomplete({ missing }: { missing: readonly MissingCode[] }) {
  return (
    <>
      В профиле не заполнено обязательное:{' '}
      {missing.map((code, index) => (
        <Fragment key={code}>
          {index > 0 && ', '}
          <MissingLink code={code} />
        </Fragment>
      ))}
      .
    </>
  );
}
