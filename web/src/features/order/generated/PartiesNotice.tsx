import { Alert } from 'antd';
import { Link } from 'react-router';
import type { Schema } from '@/shared/api/client';
import { requisitesPath } from '@/shared/auth/entrySteps';
import { missingText } from '@/shared/lib/contractNeeds';

type Missing = Pick<Schema<'ActDefaults'>, 'performerMissing' | 'customerMissing'>;

/** Tells what the parties' requisites lack for a document, and who fills it in. */
export function PartiesNotice({ performerMissing, customerMissing }: Missing) {
  return (
    <>
      {performerMissing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title="Не хватает реквизитов исполнителя"
          description={
            <>
              {missingText(performerMissing)}. <Link to={requisitesPath}>Реквизиты и оплата</Link>
            </>
          }
        />
      )}
      {customerMissing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title="Не хватает реквизитов заказчика"
          description={`${missingText(customerMissing)}. Указать их может только заказчик: напишите ему.`}
        />
      )}
    </>
  );
}
