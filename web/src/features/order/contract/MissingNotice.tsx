import { Alert } from 'antd';
import { Link } from 'react-router';
import { employerPath, formOfWorkPath, requisitesPath } from '@/shared/auth/entrySteps';
import type { MissingForContract } from '@/shared/codes';
import { missingText } from '@/shared/lib/contractNeeds';
import type { ContractDefaults } from './queries';

/** Tells what the requisites of the parties lack for a contract, and where it is filled in. */
export function MissingNotice({ order, defaults }: { order: string; defaults: ContractDefaults }) {
  const { performer, performerMissing, customer, customerMissing } = defaults;
  return (
    <>
      {performerMissing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title="Для договора не хватает реквизитов исполнителя"
          description={
            <>
              {performer && `${performer}: `}
              {missingText(performerMissing)}. <FilledIn missing={performerMissing} />
            </>
          }
        />
      )}
      {customerMissing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title="Для договора не хватает реквизитов заказчика"
          description={
            <>
              {customer}: {missingText(customerMissing)}. Заполнить их может только заказчик, он видит это на карточке
              заказа. <Link to={`/orders/${order}`}>Открыть заказ</Link>
            </>
          }
        />
      )}
    </>
  );
}

/** Links to the page of the engineer that fills in what is missing. */
function FilledIn({ missing }: { missing: readonly MissingForContract[] }) {
  if (missing.includes('form')) return <Link to={formOfWorkPath}>Указать форму работы</Link>;
  if (missing.includes('employer')) return <Link to={employerPath}>Указать работодателя</Link>;
  return <Link to={requisitesPath}>Реквизиты и оплата</Link>;
}
