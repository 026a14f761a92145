import { useQuery } from '@tanstack/react-query';
import { Button, Card, Skeleton } from 'antd';
import { useSearchParams } from 'react-router';
import { profilePath } from '@/shared/auth/entrySteps';
import { formatDateTime } from '@/shared/lib/dates';
import { Facts } from '@/shared/ui/Facts';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { OrganisationData } from '@/features/profile/OrganisationData';
import { fieldLabels } from './labels';
import { ProfileDialog } from './ProfileDialog';
import { partyQuery } from './queries';

/** What the customer or employer has written about himself, and the dialog that changes it. */
export function PartyProfile() {
  const profile = useQuery(partyQuery);
  const [search, setSearch] = useSearchParams();
  const { data } = profile;
  return (
    <Card
      title={<h2>Контакты и сведения</h2>}
      extra={
        data && (
          <Button type="primary" onClick={() => setSearch({ edit: 'true' }, { replace: true })}>
            Изменить
          </Button>
        )
      }
    >
      <div className="stack">
        {profile.isPending && <Skeleton active title={false} />}
        <ProblemAlert error={profile.error} onRetry={() => void profile.refetch()} />
        {data && (
          <>
            <Facts
              items={[
                ['Руководитель', data.head],
                [data.kind === 'organisation' ? 'ОГРН' : 'ОГРНИП', data.kind !== 'person' && data.ogrn],
                ['Адрес', data.address],
                [fieldLabels.email, data.email || 'не указана'],
                [fieldLabels.phone, data.phone || 'не указан'],
                [
                  fieldLabels.website,
                  data.website && (
                    <a href={data.website} target="_blank" rel="noreferrer nofollow">
                      {data.website}
                    </a>
                  ),
                ],
                [fieldLabels.region, data.regionName],
                [fieldLabels.about, data.about],
              ]}
            />
            {data.version === 0 && (data.email || data.phone) && (
              <p className="note">Почта и телефон взяты с Госуслуг. Для заказов можно указать другие.</p>
            )}
            {data.updatedAt && (
              <p className="note">
                Изменено {formatDateTime(data.updatedAt)}
                {data.updatedBy && `, ${data.updatedBy}`}.
              </p>
            )}
            <OrganisationData readAt={data.readAt} triedAt={data.triedAt} returnTo={profilePath} />
          </>
        )}
      </div>
      {data && search.has('edit') && <ProfileDialog current={data} onClosed={() => setSearch({}, { replace: true })} />}
    </Card>
  );
}
