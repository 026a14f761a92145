import { queryOptions } from '@tanstack/react-query';
import { api, ask } from '@/shared/api/client';
import { queryKeys } from '@/shared/queryKeys';

/** What the platform takes, as it is configured. */
export const limitsQuery = queryOptions({
  queryKey: queryKeys.reference.limits,
  queryFn: ({ signal }) => ask(api.GET('/api/reference/limits', { signal })),
  staleTime: 'static',
});

const megabytes = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1 });

/** «12,3 Мб» */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes}\u00a0байт`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)}\u00a0Кб`;
  return `${megabytes.format(bytes / 1024 / 1024)}\u00a0Мб`;
}

/** Why a file need not even be begun with, or undefined. While the limit is not known the platform itself refuses. */
export function unfit(file: { size: number }, maxFileBytes: number | undefined): string | undefined {
  if (file.size === 0) return 'Файл пуст. Выберите другой.';
  if (maxFileBytes !== undefined && file.size > maxFileBytes) {
    return `Размер файла — ${formatSize(file.size)}, а платформа принимает файлы не больше ${formatSize(maxFileBytes)}.`;
  }
  return undefined;
}
