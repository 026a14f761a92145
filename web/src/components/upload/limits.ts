/** The largest file that the platform takes unless it is configured otherwise, bytes: the manuals' 500 Мб. */
export const maxFileBytes = 500 * 1024 * 1024;

const megabytes = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1 });

/** «12,3 Мб» */
export function formatSize(bytes: number): string {
  if (bytes < 1024) return `${bytes}\u00a0байт`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)}\u00a0Кб`;
  return `${megabytes.format(bytes / 1024 / 1024)}\u00a0Мб`;
}

/** Why a file need not even be begun with, or undefined. */
export function unfit(file: { size: number }): string | undefined {
  if (file.size === 0) return 'Файл пуст. Выберите другой.';
  if (file.size > maxFileBytes) {
    return `Размер файла — ${formatSize(file.size)}, а платформа принимает файлы не больше ${formatSize(maxFileBytes)}.`;
  }
  return undefined;
}
