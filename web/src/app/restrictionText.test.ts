import { expect, it } from 'vitest';
import { restrictionText } from './restrictionText';

it('says what happened, when and why', () => {
  expect(restrictionText({ kind: 'blocked', reason: 'Жалоба заказчика.' }, '4 марта, 10:00')).toBe(
    'Модератор системы заблокировал вас как кадастрового инженера: 4 марта, 10:00. Причина: Жалоба заказчика. Когда модератор снимет блокировку, ограничения исчезнут сами.',
  );
  expect(restrictionText({ kind: 'excluded' }, '4 марта, 10:00')).toMatch(
    /^По сведениям АИС «Реестр СРО» на 4 марта, 10:00 у вас нет действующего статуса кадастрового инженера\. Когда/,
  );
});
