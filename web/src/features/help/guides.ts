import type { HelpText } from '@/shared/routing/helpText';

/** The guides that go further: the platform's own, and that of the person's cabinet. */
export function guidesFor(role: string): HelpText {
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
