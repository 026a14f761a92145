import type { Schema } from '@/shared/api/client';

/** Returns what happened, when and why, in a sentence or two. */
export function restrictionText(
  { kind, reason }: Pick<Schema<'Restriction'>, 'kind' | 'reason'>,
  since: string,
): string {
  const because = reason ? ` Причина: ${reason.replace(/[.\s]+$/, '')}.` : '';
  if (kind === 'blocked')
    return `Модератор системы заблокировал вас как кадастрового инженера: ${since}.${because} Когда модератор снимет блокировку, ограничения исчезнут сами.`;
  return `По сведениям АИС «Реестр СРО» на ${since} у вас нет действующего статуса кадастрового инженера.${because} Когда реестр снова покажет действующий статус, ограничения исчезнут сами.`;
}
