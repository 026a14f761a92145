import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { progressText, refusalsText } from '@/features/reviews/labels';
import { engineersPath } from '@/shared/auth/entrySteps';
import { formsOfWork } from '@/shared/api/formsOfWork';
import type { Schema } from '@/shared/api/client';
import { NotFound } from '@/shared/ui/NotFound';
import { PageHeading } from '@/shared/ui/PageHeading';
import { PageLoading } from '@/shared/ui/PageLoading';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { RegistryName } from '@/shared/ui/RegistryName';
import { businessText, experienceText, priceText } from './labels';
import { maxCompared } from './paths';
import { Photo } from './Photo';
import { comparisonQuery } from './queries';
import { Rating } from '@/features/reviews/Rating';
import './engineers.css';

type Compared = Schema<'ComparedEngineer'>;

const rows: readonly (readonly [title: string, cell: (engineer: Compared) => ReactNode])[] = [
  ['Рейтинг', ({ statistics }) => <Rating statistics={statistics} />],
  ['Отзывы', ({ statistics }) => statistics.reviews],
  ['Выполнено заказов', ({ statistics }) => statistics.completed],
  ['Успешно выполнено', ({ statistics }) => statistics.successful],
  ['Завершенность заказов в работе', ({ statistics }) => progressText(statistics)],
  ['Отказы', ({ statistics }) => refusalsText(statistics)],
  ['Опыт работы', experienceText],
  ['Форма деятельности', ({ form }) => form && formsOfWork[form]],
  ['Наименование', businessText],
  ['Регионы деятельности', ({ regions }) => regions.map(({ label }) => label).join(', ')],
  [
    'Виды работ и стоимость',
    ({ works }) => (
      <ul className="compared-works">
        {works.map(({ kind, price }) => (
          <li key={kind.code}>
            {kind.label}: {priceText(price)}
          </li>
        ))}
      </ul>
    ),
  ],
  ['СРО', ({ sro }) => sro],
  ['Дисциплинарные взыскания', ({ registry }) => (registry.measures.length > 0 ? registry.measures.length : 'нет')],
  ['Новые заказы', ({ receivesOrders }) => (receivesOrders ? 'принимает' : 'не принимает')],
];

/** Shows up to four engineers side by side. The address keeps whom. */
export default function ComparePage() {
  const [search, setSearch] = useSearchParams();
  const ids = [...new Set(search.getAll('id'))].slice(0, maxCompared);
  const { data, error, refetch } = useQuery(comparisonQuery(ids));
  const back = (
    <Link to={`${engineersPath}?${new URLSearchParams(ids.map((id) => ['compare', id])).toString()}`}>
      Добавить из списка
    </Link>
  );
  if (ids.length === 0) {
    return (
      <NotFound
        title={<h1>Выберите, кого сравнить</h1>}
        subTitle="Отметьте до четырёх инженеров в списке и нажмите «Сравнить»."
        extra={<Link to={engineersPath}>Поиск по кадастровым инженерам</Link>}
      />
    );
  }
  if (!data) return error ? <ProblemAlert error={error} onRetry={() => void refetch()} /> : <PageLoading />;
  const remove = (id: string) =>
    setSearch(new URLSearchParams(ids.filter((one) => one !== id).map((one) => ['id', one])), { replace: true });
  return (
    <>
      <PageHeading extra={ids.length < maxCompared && back}>Сравнение кадастровых инженеров</PageHeading>
      {data.length < ids.length && (
        <Alert type="info" title="Кого-то из выбранных больше нет в общем списке: они не показаны." />
      )}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a wide table is scrolled by the keyboard */}
      <div className="comparison" role="region" aria-label="Сравнение" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Показатель</span>
              </th>
              {data.map(({ id, name, registryName, photo }) => (
                <th scope="col" key={id}>
                  <Photo name={name} photo={photo} />
                  <Link to={`${engineersPath}/${id}`}>{name}</Link>
                  <RegistryName name={registryName} />
                  <Button size="small" onClick={() => remove(id)} aria-label={`Убрать из сравнения: ${name}`}>
                    Убрать
                  </Button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([title, cell]) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                {data.map((engineer) => (
                  <td key={engineer.id}>{cell(engineer)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
