import { describe, expect, it } from 'vitest';
import type { Requisites } from './queries';
import { entered } from './values';

const saved = {
  kind: 'person',
  fromEsia: ['inn'],
  inn: '500100732259',
  kpp: '',
  address: 'Москва',
  bic: '044525225',
  bankName: 'ПАО Сбербанк',
  account: '40702810000000000001',
  correspondentAccount: '30101810400000000225',
} as unknown as Requisites;

describe('the requisites that are sent', { meta: { covers: ['S-31', 'R-CUST-2'] } }, () => {
  it('contain nothing of the bank once its БИК and account are removed', () => {
    expect(entered(saved, { address: 'Москва', bic: ' ', account: '' })).toEqual({
      inn: '',
      kpp: '',
      address: 'Москва',
      bic: '',
      bankName: '',
      account: '',
      correspondentAccount: '',
    });
  });

  it('contain nothing of the former bank under another БИК, and all of it under the same', () => {
    expect(entered(saved, { bic: '04 4525-593' })).toMatchObject({
      bic: '044525593',
      bankName: '',
      correspondentAccount: '',
    });
    expect(entered(saved, { bic: '044525225' })).toMatchObject({
      bankName: 'ПАО Сбербанк',
      correspondentAccount: '30101810400000000225',
    });
    expect(entered(saved, { bic: '044525593', bankName: 'Новый' })).toMatchObject({ bankName: 'Новый' });
  });
});
