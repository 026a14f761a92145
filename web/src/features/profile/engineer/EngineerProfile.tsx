import { EditOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, App as AntdApp, Button, Card } from 'antd';
import { useNavigate } from 'react-router';
import { problemOf } from '@/shared/api/problem';
import { workKinds } from '@/shared/api/reference';
import { profileEditPath } from '@/shared/auth/entrySteps';
import { useSession } from '@/shared/auth/session';
import { formatMoneyShort } from '@/shared/lib/money';
import { Facts } from '@/shared/ui/Facts';
import { SwitchField } from '@/shared/ui/fields/SwitchField';
import { ListState } from '@/shared/ui/list/ListState';
import { MissingLink } from '@/shared/ui/MissingLink';
import { FileGallery } from '@/shared/upload/FileGallery';
import {
  fileAddress,
  type OwnProfile,
  ownProfileQuery,
  pictureAddress,
  type ProfileFile,
  useReceiving,
} from './queries';
import { RegistryFacts } from './RegistryFacts';
import './engineer.css';

/** «Основное»: what the engineer says about himself, what is missing, and whether he receives orders. */
export function EngineerProfile() {
  const profile = useQuery(ownProfileQuery);
  return (
    <ListState query={profile} isEmpty={false} empty="">
      {profile.data && <Profile profile={profile.data} />}
    </ListState>
  );
}

function Profile({ profile }: { profile: OwnProfile }) {
  const navigate = useNavigate();
  return (
    <div className="stack engineer-profile">
      <MissingAlert missing={profile.missing} />
      <Card
        title={<h2>О себе</h2>}
        extra={
          <Button type="primary" icon={<EditOutlined />} onClick={() => void navigate(profileEditPath)}>
            Изменить
          </Button>
        }
      >
        <div className="engineer-top">
          {profile.photo ? (
            <img
              className="own-photo"
              src={pictureAddress(profile.photo.id, 'thumbnail')}
              alt={`Фотография: ${profile.name}`}
            />
          ) : (
            <div className="own-photo own-photo-none">Фотографии нет</div>
          )}
          <Receiving receives={profile.receivesOrders} />
        </div>
        <Facts items={factsOf(profile)} />
      </Card>
      <Card title={<h2>Виды работ и стоимость</h2>}>
        <Works works={profile.works} />
      </Card>
      <Card title={<h2>Дипломы и аттестаты</h2>}>
        <FileGallery files={profile.diplomas.map(galleryFile)} empty="Дипломы и аттестаты не добавлены." />
      </Card>
      <Card title={<h2>Примеры работ, лицензии, свидетельства</h2>}>
        <FileGallery
          files={profile.samples.map(galleryFile)}
          empty="Примеры работ, лицензии и свидетельства не добавлены."
        />
      </Card>
      <Card title={<h2>Сведения АИС «Реестр СРО»</h2>}>
        <RegistryFacts entry={profile.registry} name={profile.registryName} />
      </Card>
    </div>
  );
}

const galleryFile = (file: ProfileFile) => ({ ...file, title: file.title || file.name, url: fileAddress(file.id) });

/** Lists what is missing and why it matters, with links to the fields. */
function MissingAlert({ missing }: Pick<OwnProfile, 'missing'>) {
  if (missing.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title="Профиль заполнен не полностью"
      description={
        <>
          <p>Пока не заполнено обязательное, откликаться на заказы и принимать их нельзя, и заказчики вас не видят.</p>
          <ul className="missing-list" aria-label="Чего не хватает в профиле">
            {missing.map(({ code, reason }) => (
              <li key={code}>
                <MissingLink code={code} />. {reason}
              </li>
            ))}
          </ul>
        </>
      }
    />
  );
}

function Receiving({ receives }: { receives: boolean }) {
  const change = useReceiving();
  const { message } = AntdApp.useApp();
  const shown = change.isPending ? change.variables : receives;
  const restricted = Boolean(useSession().restrictions?.length);
  return (
    <SwitchField
      label="Получать заказы"
      note={receivingNote(shown, restricted)}
      checked={shown}
      loading={change.isPending}
      onChange={(next) => change.mutate(next, { onError: (error) => void message.error(problemOf(error).detail) })}
    />
  );
}

function receivingNote(receives: boolean, restricted: boolean): string {
  if (!restricted)
    return receives ? 'Заказчики могут предлагать вам заказы.' : 'Заказы вам не предлагают. Откликаться самому можно.';
  return receives
    ? 'Сейчас заказы вам не предлагают: почему, сказано вверху страницы. Когда ограничение исчезнет, снова смогут.'
    : 'Заказы вам не предлагают. Откликаться сейчас тоже нельзя: почему, сказано вверху страницы.';
}

function factsOf(profile: OwnProfile): [string, React.ReactNode][] {
  const { website, residence, regions, email, phone, experienceSince, experience, workingHours, education, about } =
    profile;
  const site = website && (
    <a href={website} target="_blank" rel="noopener noreferrer nofollow">
      {website}
    </a>
  );
  return [
    ['Личный сайт', site],
    ['Где проживаете', residence],
    ['Регионы деятельности', regions.map(({ label }) => label).join(', ')],
    ['Электронная почта', email],
    ['Телефон', phone],
    ['Опыт работы', experienceSince && `с ${experienceSince} года`],
    ['Об опыте', experience && <span className="lines">{experience}</span>],
    ['Часы работы', workingHours],
    ['Образование', education && <span className="lines">{education}</span>],
    ['О себе', about && <span className="lines">{about}</span>],
  ];
}

function Works({ works }: Pick<OwnProfile, 'works'>) {
  const { data } = useQuery({ ...workKinds, staleTime: 'static' });
  if (works.length === 0) return <p className="note">Виды работ не указаны.</p>;
  return (
    <ul className="work-list">
      {works.map(({ kind, price }) => (
        <li key={kind}>
          <span>{data?.find(({ code }) => code === kind)?.label ?? kind}</span>
          <span className="work-price">{price ? `от ${formatMoneyShort(price)}` : 'по договорённости'}</span>
        </li>
      ))}
    </ul>
  );
}
