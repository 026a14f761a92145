import { useQuery } from '@tanstack/react-query';
import { Tag } from 'antd';
import { regions, workKinds } from '@/shared/api/reference';
import { forms } from './labels';
import { ratings, sorts } from './EngineerFields';
import type { EngineerFilters } from './queries';

interface Props {
  filters: EngineerFilters;
  onApply: (filters: EngineerFilters) => void;
}

/** The applied filters, each with a button that removes it. */
export function FilterChips({ filters, onApply }: Props) {
  const { data: regionList = [] } = useQuery({ ...regions, staleTime: 'static' });
  const { data: kindList = [] } = useQuery({ ...workKinds, staleTime: 'static' });
  const labelOf = (list: readonly { code: string; label: string }[] | null, code: string) =>
    list?.find((one) => one.code === code)?.label ?? code;
  const texts: Record<Exclude<keyof EngineerFilters, 'region'>, (value: string) => string> = {
    name: (value) => `Имя: ${value}`,
    workKind: (value) => labelOf(kindList, value),
    priceTo: (value) => `До ${value} рублей`,
    ratingFrom: (value) => `Рейтинг ${ratings.find((one) => one.value === value)?.label ?? `от ${value}`}`,
    experienceFrom: (value) => `Опыт от ${value} лет`,
    form: (value) => forms[value as keyof typeof forms] ?? value,
    receives: () => 'Принимает новые заказы',
    sro: (value) => `СРО: ${value}`,
    number: (value) => `№ ${value}`,
    sort: (value) => `Сортировка: ${sorts.find((one) => one.value === value)?.label ?? value}`,
  };
  const { region = [], ...one } = filters;
  const chips = [
    ...region.map((code) => ({
      key: `region-${code}`,
      text: labelOf(regionList, code),
      without: { ...filters, region: region.filter((other) => other !== code) },
    })),
    ...Object.entries(one).map(([name, value]) => ({
      key: name,
      text: texts[name as keyof typeof texts](value),
      without: { ...filters, [name]: undefined },
    })),
  ];
  if (chips.length === 0) return null;
  return (
    <ul className="filter-chips" aria-label="Заданные условия">
      {chips.map(({ key, text, without }) => (
        <li key={key}>
          <Tag
            closable={{ 'aria-label': `Убрать условие: ${text}` }}
            onClose={(event) => {
              event.preventDefault(); // the address decides what is shown
              onApply(without);
            }}
          >
            {text}
          </Tag>
        </li>
      ))}
    </ul>
  );
}
