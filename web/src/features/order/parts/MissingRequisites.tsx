import { Alert } from 'antd';
import { Link } from 'react-router';
import type { Schema } from '@/shared/api/client';
import { employerPath, formOfWorkPath, requisitesPath } from '@/shared/auth/entrySteps';
import type { MissingForContract } from '@/shared/codes';
import { missingText } from '@/shared/lib/contractNeeds';

type Parties = Pick<Schema<'ContractDefaults'>, 'performer' | 'performerMissing' | 'customer' | 'customerMissing'>;

/** Tells what the requisites of the parties lack for a document, and where they are filled in. */
export function MissingRequisites({ performer, performerMissing, customer, customerMissing }: Parties) {
  return (
    <>
      {performerMissing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title="Не хватает реквизитов исполнителя"
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
          title="Не хватает реквизитов заказчика"
          description={`${customer}: ${missingText(customerMissing)}. Заполнить их может только заказчик, он видит это на карточке заказа.`}
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
