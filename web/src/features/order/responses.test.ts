import { describe, expect, it } from 'vitest';
import { canBeChosen, choiceLabel } from './responses';

const response = { engineer: { id: '1', name: 'Орлов А. Н.' }, price: 100_000, termDays: 30, current: true };
const suspended = 'Работодатель приостановил кадастрового инженера.';

describe('a response as a choice of the performer', () => {
  it('can be chosen if it is current and nothing forbids its author', () => {
    expect(canBeChosen(response)).toBe(true);
    expect(choiceLabel(response)).not.toContain('(');
  });

  it('cannot be chosen, and shows why, if its author may not take the order', () => {
    expect(canBeChosen({ ...response, reason: suspended })).toBe(false);
    expect(choiceLabel({ ...response, reason: suspended })).toContain(`(${suspended})`);
  });

  it('cannot be chosen, and shows why, if it is for former conditions', () => {
    expect(canBeChosen({ ...response, current: false })).toBe(false);
    expect(choiceLabel({ ...response, current: false })).toContain('(условия изменены после отклика)');
  });
});
