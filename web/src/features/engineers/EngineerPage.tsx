import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Card } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { engineersPath } from '@/shared/auth/entrySteps';
import { formsOfWork } from '@/shared/api/formsOfWork';
import { useSession } from '@/shared/auth/session';
import { ProblemError } from '@/shared/api/problem';
import type { Schema } from '@/shared/api/client';
import { type Fact, Facts } from '@/shared/ui/Facts';
import { NotFound } from '@/shared/ui/NotFound';
import { PageHeading } from '@/shared/ui/PageHeading';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { RegistryName } from '@/shared/ui/RegistryName';
import { FileGallery } from '@/shared/upload/FileGallery';
import { formatDay } from '@/shared/lib/dates';
import { businessText, experienceText, priceText } from './labels';
import { OfferDialog } from './OfferDialog';
import { comparePath, listRoles } from './paths';
import { Photo } from './Photo';
import { engineerQuery } from './queries';
import { MarkCounts, StatisticsFacts } from '@/features/reviews/Rating';
import { Reviews } from '@/features/reviews/Reviews';
import './engineers.css';

type Profile = Schema<'PublicProfile'>;

/** The profile of an engineer as others see it. */
export default function EngineerPage() {
  const { engineer = '' } = useParams();
  const { data, error, refetch } = useQuery(engineerQuery(engineer));
  if (error instanceof ProblemError && [404, 422].includes(error.status)) {
    return (
      <NotFound
        title={<h1>Этого кадастрового инженера нет в списке</h1>}
        subTitle="Возможно, он больше не действует в реестре или меняет свой профиль."
        extra={<Link to={engineersPath}>Поиск по кадастровым инженерам</Link>}
      />
    );
  }
  if (!data) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <PageLoading />;
  return <Engineer profile={data} />;
}

function aboutFacts(p: Profile): Fact[] {
  return [
    ['Форма деятельности', p.form && formsOfWork[p.form]],
    ['Наименование', p.business && businessText(p)],
    ['Регионы деятельности', p.regions.map(({ label }) => label).join(', ')],
    ['Опыт работы', experienceText(p)],
    ['Об опыте', p.experienceText],
    ['Образование', p.education],
    ['Часы работы', p.workingHours],
    ['Где проживает', p.residence],
    ['Телефон', p.phone && <a href={`tel:${p.phone}`}>{p.phone}</a>],
    ['Электронная почта', p.email && <a href={`mailto:${p.email}`}>{p.email}</a>],
    [
      'Сайт',
      p.website && /^https?:\/\//.test(p.website) ? (
        <a href={p.website} rel="noopener noreferrer nofollow" target="_blank">
          {p.website}
        </a>
      ) : (
        p.website
      ),
    ],
  ];
}

function Engineer({ profile }: { profile: Profile }) {
  const { role } = useSession();
  const [offering, setOffering] = useState(false);
  const {
    id,
    name,
    registryName,
    photo,
    listed,
    unlistedReason,
    receivesOrders,
    about,
    works,
    files,
    registry,
    statistics,
    markCounts,
  } = profile;
  return (
    <div className="stack">
      <PageHeading
        extra={
          <div className="profile-buttons">
            {role === 'customer' && listed && (
              <Button type="primary" onClick={() => setOffering(true)}>
                Предложить заказ
              </Button>
            )}
            {listed && listRoles.some((one) => one === role) && <Link to={comparePath([id])}>Сравнить с другими</Link>}
          </div>
        }
      >
        {name}
      </PageHeading>
      <RegistryName name={registryName} />
      {!listed && (
        <Alert
          type="warning"
          showIcon
          title="Не в списке"
          description={`Новые заказы ему поручить нельзя: ${unlisted[unlistedReason ?? 'incomplete']}.`}
        />
      )}
      <div className="engineer-head">
        <Photo name={name} photo={photo} large />
        <div className="stack">
          <span className={receivesOrders ? 'badge done' : 'badge quiet'}>
            {receivesOrders ? 'принимает новые заказы' : 'новые заказы сейчас не принимает'}
          </span>
          {about && <p className="user-text">{about}</p>}
        </div>
      </div>
      <Card title={<h2>О кадастровом инженере</h2>}>
        <Facts items={aboutFacts(profile)} />
      </Card>
      <Card title={<h2>Виды работ и стоимость</h2>}>
        <Facts items={works.map(({ kind, price }) => [kind.label, priceText(price)])} />
      </Card>
      <Card title={<h2>Работа на платформе</h2>}>
        <StatisticsFacts statistics={statistics} />
      </Card>
      <Card title={<h2>Сведения реестра</h2>}>
        <RegistryBlock registry={registry} />
      </Card>
      {purposes.map(([purpose, title]) => {
        const shown = files.filter((file) => file.purpose === purpose);
        return (
          shown.length > 0 && (
            <Card key={purpose} title={<h2>{title}</h2>}>
              <FileGallery files={shown.map((file) => ({ ...file, picture: file.type.startsWith('image/') }))} />
            </Card>
          )
        );
      })}
      <Card title={<h2>Оценки и отзывы</h2>}>
        {statistics.marks > 0 && <MarkCounts counts={markCounts} />}
        <Reviews engineer={id} />
      </Card>
      {offering && <OfferDialog engineer={id} name={name} onClosed={() => setOffering(false)} />}
    </div>
  );
}

const purposes: [Schema<'PublicFile'>['purpose'], string][] = [
  ['diploma', 'Дипломы и аттестаты'],
  ['sample', 'Примеры работ, лицензии, свидетельства'],
];

const unlisted: Record<NonNullable<Profile['unlistedReason']>, string> = {
  'not-in-registry': 'в реестре у него нет действующего статуса',
  blocked: 'его заблокировал модератор',
  'account-off': 'он сейчас не пользуется платформой',
  incomplete: 'в его профиле не заполнено обязательное',
};

function RegistryBlock({ registry }: { registry: Schema<'PublicRegistryEntry'> }) {
  const { number, sro, memberSince, asOf, measures, results } = registry;
  return (
    <>
      <Facts
        items={[
          ['Номер в реестре', number],
          ['СРО', sro],
          ['В СРО с', memberSince && formatDay(memberSince)],
          ['По данным на', asOf && formatDay(asOf)],
          ['Дисциплинарные взыскания', measures.length === 0 && 'нет'],
        ]}
      />
      {measures.length > 0 && (
        <>
          <h3>Дисциплинарные взыскания</h3>
          <ul>
            {measures.map(({ date, kind, ground, until }) => (
              <li key={`${date}-${kind}`}>
                {formatDay(date)}: {kind}
                {ground && ` — ${ground}`}
                {until && `, до ${formatDay(until)}`}
              </li>
            ))}
          </ul>
        </>
      )}
      {results.length > 0 && (
        <>
          <h3>Результаты профессиональной деятельности</h3>
          <ul>
            {results.map(({ period, filed, refusals, suspensions }) => (
              <li key={period}>
                {period}: представлено документов {filed}, отказов {refusals}, приостановлений {suspensions}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
