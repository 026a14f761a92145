import { describe, expect, it } from 'vitest';
import { stageOnBar, stagesOf } from './stages';

const stage = (code: string) => ({ code, label: code, heading: code });
const move = (from: string, to: string) => ({ from: stage(from), to: stage(to) });
const terms = { region: '77', workKind: 'parcel' };
const contract = {
  file: { id: '1', sha256: 'a' },
  signature: { id: '2', sha256: 'b' },
  price: 100,
  advanceBasisPoints: 0,
  advance: 0,
  termDate: '2026-12-01',
};

describe('the stage bar', () => {
  it('follows the customer before there is a contract', () => {
    expect(stagesOf({ terms })).toEqual([
      'draft',
      'selection',
      'contract',
      'work',
      'acceptance',
      'payment',
      'completed',
    ]);
    expect(stagesOf({ terms: { ...terms, prepayment: true, registration: true } })).toContain('prepayment');
  });

  it('follows the contract once there is one', { meta: { covers: ['S-4'] } }, () => {
    const stages = stagesOf({ terms: { ...terms, prepayment: true }, contract: { ...contract, registration: true } });
    expect(stages).not.toContain('prepayment');
    expect(stages).toContain('registration');
  });

  it('shows the stage under a suspension', () => {
    expect(stageOnBar('suspended', [move('contract', 'work'), move('work', 'suspended')])).toBe('work');
    expect(stageOnBar('suspended', [move('work', 'suspended'), move('suspended', 'suspended')])).toBe('work');
  });

  it('shows where a cancelled order stopped', () => {
    expect(stageOnBar('cancelled', [move('selection', 'contract'), move('contract', 'cancelled')])).toBe('contract');
    expect(stageOnBar('cancelled', [])).toBeUndefined();
  });

  it('is the order’s own stage otherwise', () => {
    expect(stageOnBar('payment', [])).toBe('payment');
  });
});
