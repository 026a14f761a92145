import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { queryKeys } from '@/shared/queryKeys';

/** The configured limits of the platform. */
export const limitsQuery = queryOptions({
  queryKey: queryKeys.reference.limits,
  queryFn: ({ signal }) => unwrap(api.GET('/api/reference/limits', { signal })),
  staleTime: 'static',
});

const megabytes = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1 });

/** Formats a number of bytes: «12,3 Мб». */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes}\u00a0байт`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)}\u00a0Кб`;
  return `${megabytes.format(bytes / 1024 / 1024)}\u00a0Мб`;
}

/**
 * Returns why a file cannot be uploaded, or undefined. While the limit is unknown, the platform
 * itself refuses.
 */
export function fileProblem(file: { size: number }, maxFileBytes: number | undefined): string | undefined {
  if (file.size === 0) return 'Файл пуст. Выберите другой.';
  if (maxFileBytes !== undefined && file.size > maxFileBytes) {
    return `Размер файла — ${formatSize(file.size)}, а платформа принимает файлы не больше ${formatSize(maxFileBytes)}.`;
  }
  return undefined;
}

/** Separates the files that can be uploaded from the reasons why the others cannot. */
export function acceptFiles(
  files: readonly File[],
  maxFileBytes: number | undefined,
  remaining: number,
  maxCount: number,
): { accepted: File[]; problems: string[] } {
  const problems = files.flatMap((file) => {
    const problem = fileProblem(file, maxFileBytes);
    return problem ? [`«${file.name}»: ${problem}`] : [];
  });
  if (files.length - problems.length > remaining)
    problems.push(`Здесь может быть файлов: ${maxCount}. Лишние не добавлены.`);
  return { accepted: files.filter((file) => !fileProblem(file, maxFileBytes)).slice(0, remaining), problems };
}
