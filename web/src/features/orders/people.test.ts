import { expect, it } from 'vitest';
import { peopleFor } from './people';
import type { OrderLine } from './queries';

const engineerOf = (line: Partial<OrderLine>) =>
  peopleFor('employer')
    .find(({ title }) => title === 'Исполнитель')
    ?.name(line as OrderLine);

it('shows that no engineer is chosen only if that is so', () => {
  expect(engineerOf({ otherChosen: false })).toBe('не выбран');
  expect(engineerOf({ otherChosen: true })).toBe('Выбран другой исполнитель');
  expect(engineerOf({ otherChosen: false, engineer: { id: '1', name: 'Петров П. П.' } })).toBe('Петров П. П.');
});
