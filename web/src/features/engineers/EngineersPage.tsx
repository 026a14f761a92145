import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Checkbox } from 'antd';
import { Link } from 'react-router';
import { engineersPath } from '@/shared/auth/entrySteps';
import { formsOfWork } from '@/shared/api/formsOfWork';
import { counted } from '@/shared/lib/plural';
import { FilterChips } from '@/shared/ui/list/FilterChips';
import { FilterPanel } from '@/shared/ui/list/FilterPanel';
import { PagedList } from '@/shared/ui/list/PagedList';
import { type Column, RowList } from '@/shared/ui/list/RowList';
import { useFilters } from '@/shared/ui/list/useFilters';
import { PageHeading } from '@/shared/ui/PageHeading';
import { RegistryName } from '@/shared/ui/RegistryName';
import { EngineerFields } from './EngineerFields';
import { type Engineer, experienceText, priceText, unconfirmedText } from './labels';
import { comparePath, maxCompared } from './paths';
import { Photo } from './Photo';
import { engineersQuery, manyFilters, oneFilters } from './queries';
import { Rating } from '@/features/reviews/Rating';
import { useCompared } from './useCompared';
import { useFilterChips } from './useFilterChips';
import './engineers.css';

const ordinary = ['name', 'region', 'workKind', 'sort'];

/** «Поиск по кадастровым инженерам»: the public list of engineers. */
export default function EngineersPage() {
  const { filters, apply, reset, count } = useFilters(oneFilters, manyFilters);
  const { ids, set } = useCompared();
  const query = useInfiniteQuery(engineersQuery(filters));
  const corrected = query.data?.pages[0]?.corrected;
  return (
    <>
      <PageHeading>Поиск по кадастровым инженерам</PageHeading>
      <FilterPanel filters={filters} onApply={apply} onReset={reset} count={count}>
        <EngineerFields additional={Object.keys(filters).some((name) => !ordinary.includes(name))} />
      </FilterPanel>
      <FilterChips chips={useFilterChips(filters)} onApply={apply} />
      {ids.length > 0 && (
        <div className="compare-bar" role="status">
          Выбрано для сравнения: {ids.length} из {maxCompared}.{' '}
          <Link to={comparePath(ids)}>{ids.length > 1 ? 'Сравнить' : 'Открыть сравнение'}</Link>{' '}
          <Button type="link" onClick={() => set([])}>
            Снять выбор
          </Button>
        </div>
      )}
      <PagedList
        query={query}
        empty="На платформе пока нет кадастровых инженеров с заполненным профилем."
        filterCount={count}
        onResetFilters={reset}
        lead={corrected ? `Точно такого имени нет, показаны похожие. ` : ''}
      >
        {(engineers) => <RowList rows={engineers} columns={columnsFor(ids, set)} keyOf={({ id }) => id} />}
      </PagedList>
    </>
  );
}

function columnsFor(compared: readonly string[], onCompare: (ids: readonly string[]) => void): Column<Engineer>[] {
  return [
    { title: 'Кадастровый инженер', cell: (engineer) => <Who engineer={engineer} /> },
    {
      title: 'Рейтинг и отзывы',
      cell: ({ statistics }) => (
        <>
          <Rating statistics={statistics} />
          <div className="note">{counted(statistics.reviews, 'отзыв', 'отзыва', 'отзывов')}</div>
        </>
      ),
    },
    { title: 'Регионы', cell: ({ regions }) => <Regions names={regions.map(({ label }) => label)} /> },
    {
      title: 'Выполнено заказов',
      cell: ({ statistics: { completed, successful } }) => (
        <>
          {completed}
          <div className="note">успешно {successful}</div>
        </>
      ),
    },
    { title: 'Опыт', cell: experienceText },
    {
      title: 'Завершенность в работе',
      cell: ({ statistics: { progress } }) => (progress === undefined ? '—' : `${progress}\u00a0%`),
    },
    { title: 'Стоимость', cell: ({ priceFrom }) => priceText(priceFrom) },
    {
      title: 'Сравнить',
      cell: ({ id, name }) => {
        const ticked = compared.includes(id);
        return (
          <Checkbox
            aria-label={`Сравнить: ${name}`}
            checked={ticked}
            disabled={!ticked && compared.length >= maxCompared}
            onChange={() => onCompare(ticked ? compared.filter((one) => one !== id) : [...compared, id])}
          />
        );
      },
    },
  ];
}

function Who({
  engineer: { id, name, registryName, photo, form, business, unconfirmedBusiness, receivesOrders },
}: {
  engineer: Engineer;
}) {
  // «ИП» and his own name say the form already.
  const about = [
    form === 'entrepreneur' ? 'Индивидуальный предприниматель' : business,
    form === 'employee' && formsOfWork.employee,
    unconfirmedBusiness && unconfirmedText,
  ];
  return (
    <div className="engineer-who">
      <Photo name={name} photo={photo} />
      <div>
        <Link to={`${engineersPath}/${id}`}>{name}</Link>
        <RegistryName name={registryName} />
        <div className="note engineer-about">
          {[...about, !receivesOrders && 'заказы не принимает'].filter(Boolean).join(' · ')}
        </div>
      </div>
    </div>
  );
}

/** The first region and how many more there are. */
function Regions({ names }: { names: readonly string[] }) {
  const [first = '—', ...others] = names;
  return (
    <span className="engineer-regions" title={names.join(', ')}>
      {first}
      {others.length > 0 && <span className="note"> и ещё {others.length}</span>}
    </span>
  );
}
