import { describe, expect, it } from 'vitest';
import { decisionText, rolesOf, verbsFor } from './labels';

const both = { customer: true, employer: true };
const none = { customer: false, employer: false };

describe('the labels of admissions', { meta: { covers: ['S-37'] } }, () => {
  it('name the roles as the role page does', () => {
    expect(rolesOf(both)).toEqual(['Правообладатель (Заказчик)', 'Работодатель']);
    expect(rolesOf(none)).toEqual([]);
  });

  it('name who ended an admission', () => {
    expect(decisionText({ cause: 'head', ...none })).toBe('Допуск отозван');
    expect(decisionText({ cause: 'membership', ...none })).toContain('Госуслуги больше не называют');
    expect(decisionText({ cause: 'head', ...both })).toBe('Допущен: Правообладатель (Заказчик), Работодатель');
    expect(decisionText({ cause: 'migration', customer: true, employer: false })).toContain('перенесён');
  });

  it('list the available decisions, and none about a head', () => {
    expect(verbsFor({ head: true, confirmed: true, ...none }, true)).toEqual([]);
    expect(verbsFor({ head: false, confirmed: true, ...none }, true)).toEqual(['admit']);
    expect(verbsFor({ head: false, confirmed: false, ...both }, true)).toEqual(['confirm', 'withdraw']);
    expect(verbsFor({ head: false, confirmed: true, ...both }, true)).toEqual(['change', 'withdraw']);
    expect(verbsFor({ head: false, confirmed: true, customer: true, employer: false }, false)).toEqual(['withdraw']);
  });
});
