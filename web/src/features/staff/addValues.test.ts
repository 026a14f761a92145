import { describe, expect, it } from 'vitest';
import { shownChoice } from '@/shared/ui/fields/shownChoice';
import { afterChange } from './addValues';

describe('the choice of an employer or an engineer', { meta: { covers: ['R-EMP-4', 'R-KEMP-1'] } }, () => {
  it('ends when another text is searched', () => {
    const all = { text: 'Василёк', chosen: 'a', comment: 'прошу' };
    expect(afterChange({ text: 'Василёк' }, all)).toEqual({ text: 'Василёк', comment: 'прошу' });
    expect(afterChange({ comment: 'прошу' }, all)).toEqual(all);
    expect(afterChange({ chosen: 'a' }, all)).toEqual(all);
  });

  it('counts only among the rows that are shown', async () => {
    const { validator } = shownChoice(['b'], 'Выберите.');
    await expect(validator({}, 'b')).resolves.toBeUndefined();
    await expect(validator({}, 'a')).rejects.toThrow('Выберите.');
    await expect(validator({}, undefined)).rejects.toThrow('Выберите.');
  });
});
