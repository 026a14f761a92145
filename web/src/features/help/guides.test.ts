import { expect, it } from 'vitest';
import type { SessionRole } from '@/shared/codes';
import { guidesFor } from './guides';

const textOf = (role: SessionRole) =>
  guidesFor(role)
    .parts.flatMap(({ text }) => text)
    .join(' ');

it('names the guide of the role', { meta: { covers: ['R-GEN-14'] } }, () => {
  expect(textOf('engineer')).toContain('Личный кабинет кадастрового инженера');
  expect(textOf('engineer')).not.toContain('физического лица');
  for (const role of ['customer', 'employer'] as const) {
    expect(textOf(role)).toContain('Личный кабинет физического лица');
    expect(textOf(role)).not.toContain('кадастрового инженера');
  }
  expect(textOf('moderator')).not.toContain('Личный кабинет');
});
