import { useQuery } from '@tanstack/react-query';
import { formsOfWork } from '@/shared/api/formsOfWork';
import { regions, workKinds } from '@/shared/api/reference';
import type { FilterChip } from '@/shared/ui/list/FilterChips';
import { ratings, sorts } from './EngineerFields';
import type { EngineerFilters } from './queries';

/** Returns the applied filters in words. */
export function useFilterChips(filters: EngineerFilters): FilterChip<EngineerFilters>[] {
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
    form: (value) => formsOfWork[value as keyof typeof formsOfWork] ?? value,
    receives: () => 'Принимает новые заказы',
    sro: (value) => `СРО: ${value}`,
    number: (value) => `№ ${value}`,
    sort: (value) => `Сортировка: ${sorts.find((one) => one.value === value)?.label ?? value}`,
  };
  const { region = [], ...one } = filters;
  return [
    ...region.map((code) => ({
      text: labelOf(regionList, code),
      without: { ...filters, region: region.filter((other) => other !== code) },
    })),
    ...Object.entries(one).map(([name, value]) => ({
      text: texts[name as keyof typeof texts](value),
      without: { ...filters, [name]: undefined },
    })),
  ];
}
