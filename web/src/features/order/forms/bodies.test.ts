import { describe, expect, it } from 'vitest';
import type { OrderCard } from '@/shared/api/order';
import { sendContract } from './sendContract';
import { signContract } from './signContract';
import { noteForm } from './note';
import { reportPayment, sendInvoice } from './payment';
import { type FinalValues, submitFinal } from './registration';
import { acceptResults } from './acceptance';
import { submitResults, type Way } from './results';
import { type BidValues, respond } from './selection';

const file = (id: string) => [{ id, sha256: `sum-${id}`, name: `${id}.pdf`, size: 1 }];
const ref = (id: string) => ({ id, sha256: `sum-${id}` });
const contract = {
  file: ref('c'),
  signature: ref('s'),
  price: 100_00,
  advanceBasisPoints: 3000,
  advance: 30_00,
  termDate: '2026-12-01',
};
const card = (more: Partial<OrderCard> = {}): OrderCard => ({
  id: '1',
  number: '1',
  seq: 1,
  stage: { code: 'work', label: '', heading: '' },
  party: true,
  createdAt: '',
  updatedAt: '',
  actions: [],
  contract,
  remainder: 70_00,
  ...more,
});

describe('the request bodies of the forms', () => {
  it('contain the price of a response in kopecks and one of the two terms', { meta: { covers: ['R-RESP-2'] } }, () => {
    const values: BidValues = {
      term: 'days',
      details: { price: '25 000,50', termDays: 30, termDate: '2026-12-01' },
      text: { note: ' ' },
    };
    expect(respond.body(values, card())).toEqual({ details: { price: 2_500_050, termDays: 30 } });
  });

  it('contain the advance of a contract as share and sum', { meta: { covers: ['R-CONTR-2'] } }, () => {
    const values = {
      details: {
        file: file('c'),
        signature: file('s'),
        price: '1000',
        advanceBasisPoints: '33,33',
        advance: '333,3',
        termDate: '2026-12-01',
        registration: true,
      },
    };
    expect(sendContract.body(values, card())).toEqual({
      details: {
        file: ref('c'),
        signature: ref('s'),
        price: 1000_00,
        advanceBasisPoints: 3333,
        advance: 333_30,
        termDate: '2026-12-01',
        registration: true,
      },
    });
  });

  it('bind a signature to the contract that was shown', { meta: { covers: ['S-6'] } }, () => {
    expect(signContract.body({ details: { signature: file('k') } }, card())).toEqual({
      details: { contract: 'sum-c', signature: ref('k') },
    });
  });

  it('contain the powers of attorney of a representative', { meta: { covers: ['S-37'] } }, () => {
    const details = {
      signature: file('k'),
      powers: [
        { file: file('p'), signature: file('ps') },
        { file: file('o'), signature: file('os') },
      ],
    };
    const powers = (values: object, actions: OrderCard['actions'] = []) =>
      signContract.body({ ...values, details }, card({ actions })).details.powers;
    const own = { file: ref('p'), signature: ref('ps') };
    expect(powers({})).toBeUndefined();
    expect(powers({ byPower: true })).toEqual([own]);
    expect(powers({ byPower: true, delegated: true })).toEqual([own, { file: ref('o'), signature: ref('os') }]);
    const mustSign = { kind: 'sign-contract', title: '', open: false, code: 'head_signature_required' } as const;
    expect(powers({}, [mustSign])).toEqual([own]);
  });

  it('contain only the chosen one of four ways', { meta: { covers: ['R-WORK-2'] } }, () => {
    const details = { files: file('r'), act: { file: file('a'), signature: file('as') } };
    const text = { link: 'https://disk.example/1', uin: '123', note: 'Готово' };
    const body = (way: Way) => submitResults.body({ invoiceBy: 'later', details: { ...details, way }, text }, card());
    const act = { file: ref('a'), signature: ref('as') };
    expect(body('files')).toEqual({ details: { way: 'files', files: [ref('r')], act }, text: { note: 'Готово' } });
    expect(body('link')).toEqual({ details: { way: 'link', act }, text: { note: 'Готово', link: text.link } });
    expect(body('uin')).toEqual({ details: { way: 'uin', act }, text: { note: 'Готово', uin: '123' } });
    expect(body('physical')).toEqual({ details: { way: 'physical', act }, text: { note: 'Готово' } });
  });

  it('contain no act if the contract includes ГКУ/ГРП', { meta: { covers: ['R-WORK-4'] } }, () => {
    const registered = card({ contract: { ...contract, registration: true } });
    expect(submitResults.body({ details: { way: 'files', files: file('r') } }, registered)).toEqual({
      details: { way: 'files', files: [ref('r')] },
    });
    expect(acceptResults.body({}, registered)).toEqual({ details: {} });
  });

  it('contain no invoice if nothing is left to pay', { meta: { covers: ['S-4'] } }, () => {
    const values: FinalValues = {
      invoiceBy: 'link',
      details: { files: file('r'), act: { file: file('a'), signature: file('as') } },
      text: { link: 'https://pay.example/1' },
    };
    expect(submitFinal.body(values, card({ remainder: 0 }))).toEqual({
      details: { files: [ref('r')], act: { file: ref('a'), signature: ref('as') } },
    });
    expect(submitFinal.body(values, card())).toMatchObject({
      details: { invoice: { link: true } },
      text: { link: 'https://pay.example/1' },
    });
  });

  it(
    'contain an invoice as a link or a file, and a payment with a document or without',
    { meta: { covers: ['R-PREP-1', 'S-3'] } },
    () => {
      expect(sendInvoice.body({ invoiceBy: 'file', details: { file: file('i') } }, card())).toEqual({
        details: { file: ref('i') },
      });
      expect(reportPayment.body({ details: { withoutDocument: true, file: file('i') } }, card())).toEqual({
        details: { withoutDocument: true },
      });
      expect(() => reportPayment.body({ details: {} }, card())).toThrow();
    },
  );

  it('contain no text if none was typed', () => {
    expect(noteForm().body({ text: { note: '' } }, card())).toEqual({});
    expect(noteForm().body({ text: { note: 'Причина' } }, card())).toEqual({ text: { note: 'Причина' } });
  });
});
