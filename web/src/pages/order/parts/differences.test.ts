import { describe, expect, it } from 'vitest';
import { differencesOf } from './ContractDifferences';

const ref = { id: '1', sha256: 'a' };
const contract = { file: ref, signature: ref, price: 100_00, advanceBasisPoints: 0, advance: 0, termDate: '2026-12-01' };
const performer = { id: 'p', name: 'Петров' };
const bid = { engineer: performer, price: 90_00, termDate: '2026-12-01', current: true };
const terms = { region: '77', workKind: 'parcel', price: 100_00 };

describe('what a contract has other than was agreed (S-5)', () => {
  it('is told against the performer’s response', () => {
    expect(differencesOf({ contract, performer, responses: [bid], terms })).toEqual([expect.stringContaining('в отклике была')]);
    expect(differencesOf({ contract: { ...contract, price: 90_00 }, performer, responses: [bid], terms })).toEqual([]);
  });

  it('is told against the order where he was offered it', () => {
    const found = differencesOf({ contract: { ...contract, advance: 10_00, registration: true }, performer, terms });
    expect(found).toHaveLength(2);
  });

  it('is of no use once both have signed', () => {
    expect(differencesOf({ contract: { ...contract, price: 1, customerSignature: ref }, performer, terms })).toEqual([]);
  });
});
