import { describe, expect, it } from 'vitest';
import type { Schema } from '@/shared/api/client';
import { stageOnBar, stagesOf } from './stages';

type Stage = Schema<'Stage'>;

const stage = (code: Stage['code']): Stage => ({ code, label: code, heading: code });
const move = (from: Stage['code'], to: Stage['code']) => ({ from: stage(from), to: stage(to) });
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
  it('follows the conditions before there is a contract', () => {
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

  it('shows the former stage of a suspended order', () => {
    expect(stageOnBar('suspended', [move('contract', 'work'), move('work', 'suspended')])).toBe('work');
    expect(stageOnBar('suspended', [move('work', 'suspended'), move('suspended', 'suspended')])).toBe('work');
  });

  it('shows the last stage of a cancelled order', () => {
    expect(stageOnBar('cancelled', [move('selection', 'contract'), move('contract', 'cancelled')])).toBe('contract');
    expect(stageOnBar('cancelled', [])).toBeUndefined();
  });

  it('shows the stage of the order otherwise', () => {
    expect(stageOnBar('payment', [])).toBe('payment');
  });
});
