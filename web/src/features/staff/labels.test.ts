import { describe, expect, it } from 'vitest';
import { statusOptions, verbsFor } from './labels';

describe('the labels of staff', { meta: { covers: ['S-30'] } }, () => {
  it('let the side that was asked answer and the other withdraw', () => {
    expect(verbsFor('employer', { status: 'pending', askedBy: 'engineer' })).toEqual(['confirm', 'reject']);
    expect(verbsFor('engineer', { status: 'pending', askedBy: 'engineer' })).toEqual(['withdraw']);
    expect(verbsFor('engineer', { status: 'pending', askedBy: 'employer' })).toEqual(['confirm', 'reject']);
  });

  it('let only the employer suspend', () => {
    expect(verbsFor('employer', { status: 'confirmed', askedBy: 'engineer' })).toEqual(['suspend', 'remove']);
    expect(verbsFor('engineer', { status: 'suspended', askedBy: 'engineer' })).toEqual(['leave']);
    expect(verbsFor('employer', { status: 'removed', askedBy: 'engineer' })).toEqual([]);
  });

  it('name the states in the words of the list', () => {
    expect(statusOptions.map(({ label }) => label)).toEqual([
      'На рассмотрении',
      'Подтверждён',
      'Приостановлен',
      'Отклонён',
      'Удалён',
    ]);
  });
});
