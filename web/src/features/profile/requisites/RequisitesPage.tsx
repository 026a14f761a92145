import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Card } from 'antd';
import { Link, useSearchParams } from 'react-router';
import { requisitesPath } from '@/shared/auth/entrySteps';
import { missingText } from '@/shared/lib/contractNeeds';
import { formatDateTime } from '@/shared/lib/dates';
import { Facts } from '@/shared/ui/Facts';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { OrganisationData } from '@/features/profile/OrganisationData';
import { ProfileFrame } from '@/features/profile/ProfileFrame';
import { fieldLabels, numberLabel, readOnlyReason, readOnlyRemedies } from './labels';
import { type Requisites, requisitesQuery } from './queries';
import { RequisitesDialog } from './RequisitesDialog';

/** «Реквизиты и оплата»: what contracts say of the account, and the dialog that changes it. */
export default function RequisitesPage() {
  const requisites = useQuery(requisitesQuery);
  // The open dialog is in the address: a sign-in in between leads back to it.
  const [search, setSearch] = useSearchParams();
  const { data } = requisites;
  const own = data?.holding === 'own';
  return (
    <ProfileFrame>
      {requisites.isPending && <PageLoading />}
      <ProblemAlert error={requisites.error} onRetry={() => void requisites.refetch()} />
      {data && (
        <Card
          title={<h2>Реквизиты и оплата</h2>}
          extra={
            own && (
              <Button type="primary" onClick={() => setSearch({ edit: 'true' }, { replace: true })}>
                Изменить
              </Button>
            )
          }
        >
          <div className="stack">
            <Notices data={data} />
            {(own || data.holding === 'employer') && <Values data={data} />}
            {own && <OrganisationData readAt={data.readAt} triedAt={data.triedAt} returnTo={requisitesPath} />}
          </div>
        </Card>
      )}
      {data && own && search.has('edit') && (
        <RequisitesDialog current={data} onClosed={() => setSearch({}, { replace: true })} />
      )}
    </ProfileFrame>
  );
}

function Notices({ data }: { data: Requisites }) {
  const reason = readOnlyReason(data);
  const remedy = readOnlyRemedies[data.holding];
  const shown = data.holding === 'own' || data.holding === 'employer';
  return (
    <>
      {reason && (
        <Alert
          type="info"
          showIcon
          title={reason}
          description={
            remedy && (
              <Link to={remedy.path} className="underlined">
                {remedy.label}
              </Link>
            )
          }
        />
      )}
      {shown && data.missing.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title="Для договора не хватает"
          description={`${missingText(data.missing)}.${data.holding === 'employer' ? ' Заполнить это может работодатель.' : ''}`}
        />
      )}
      {shown && data.bic && !data.bankKnown && (
        <Alert
          type="warning"
          showIcon
          title={`БИК ${data.bic} нет в справочнике Банка России`}
          description="Проверьте, действует ли банк: по этим реквизитам вам будут платить."
        />
      )}
    </>
  );
}

/** The values; those of ЕСИА cannot be typed. */
function Values({ data }: { data: Requisites }) {
  const { kind, owner, inn, kpp, ogrn, snils, address, bic, bankName, account, correspondentAccount } = data;
  const none = <span className="note">не указано</span>;
  return (
    <>
      <Facts
        items={[
          [kind === 'organisation' ? 'Наименование' : 'Фамилия, имя, отчество', owner],
          ['СНИЛС', kind === 'person' && (snils ?? none)],
          [fieldLabels.inn, inn || none],
          [fieldLabels.kpp, kind === 'organisation' && (kpp || none)],
          [numberLabel(kind), kind !== 'person' && (ogrn ?? none)],
          [fieldLabels.address, address || none],
          [fieldLabels.bic, bic || none],
          [fieldLabels.bankName, bankName || none],
          [fieldLabels.account, account || none],
          [fieldLabels.correspondentAccount, correspondentAccount || none],
        ]}
      />
      {data.updatedAt && (
        <p className="note">
          Изменено {formatDateTime(data.updatedAt)}
          {data.updatedBy && `, ${data.updatedBy}`}.
        </p>
      )}
    </>
  );
}
