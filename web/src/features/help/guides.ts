import type { SessionRole } from '@/shared/codes';
import type { HelpText } from '@/shared/routing/helpText';

/**
 * Returns the references to the full guides: the platform's own, and that of the user's cabinet.
 */
export function guidesFor(role: SessionRole): HelpText {
  const cabinet =
    role === 'engineer'
      ? 'Руководство пользователя. Личный кабинет кадастрового инженера'
      : 'Руководство пользователя. Личный кабинет физического лица';
  const own = 'Руководство пользователя. Электронная платформа кадастровых работ';
  const text =
    role === 'moderator'
      ? [`Подробнее — в документе «${own}».`]
      : [`Подробнее — в документах «${own}» и «${cabinet}».`];
  return { title: 'Руководства', parts: [{ heading: 'Где прочитать подробнее', text }] };
}
