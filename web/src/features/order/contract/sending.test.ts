import { describe, expect, it } from 'vitest';
import type { ReadyContract } from './queries';
import { type SendContractValues, takesGenerated, withGenerated, withOwn } from './sending';

const generated = (id: string, advance = 300_000): ReadyContract => ({
  id,
  kind: 'contract',
  status: 'ready',
  createdAt: '',
  pdf: { id: `pdf-${id}`, name: 'Договор.pdf', size: 1, sha256: 'p' },
  docx: { id: `docx-${id}`, name: 'Договор.docx', size: 1, sha256: 'd' },
  contract: { price: 1_000_001, advanceBasisPoints: 3000, advance, termDate: '2026-12-24' },
});
const upload = (id: string) => [{ id, sha256: id, name: id, size: 1 }];
const own: SendContractValues = {
  details: { file: upload('own'), signature: upload('own.sig'), price: '500', advanceBasisPoints: '0', advance: '0' },
  remainder: '500',
  text: { note: 'Проверьте' },
};

describe('the contract that is sent', { meta: { covers: ['R-CONTR-8'] } }, () => {
  it('has the conditions of the generated one', () => {
    expect(withGenerated({}, generated('1'))).toMatchObject({
      source: 'generated',
      details: {
        file: [{ id: 'pdf-1', sha256: 'p' }],
        signature: [],
        price: '10000,01',
        advanceBasisPoints: '30',
        advance: '3000',
        termDate: '2026-12-24',
        registration: false,
      },
      remainder: '7000,01',
    });
  });

  it('keeps what was typed for the own file, and the signature of the generated one', () => {
    const chosen = withGenerated(own, generated('1'));
    expect(chosen.text).toEqual(own.text);
    const signed = { ...chosen, details: { ...chosen.details, signature: upload('g.sig') } };
    const back = withOwn(signed);
    expect(back).toMatchObject({ ...own, source: 'own' });
    expect(withGenerated(back, generated('1')).details?.signature).toEqual(upload('g.sig'));
  });

  it('drops the signature of a generated contract that another one replaced', () => {
    const chosen = withGenerated(own, generated('1'));
    const next = withGenerated(
      { ...chosen, details: { ...chosen.details, signature: upload('g.sig') } },
      generated('2'),
    );
    expect(next.details).toMatchObject({ file: [{ id: 'pdf-2' }], signature: [] });
    expect(withOwn(next).details?.file).toEqual(upload('own'));
  });

  it('is the generated one unless an own file was chosen, or it came back from the customer', () => {
    expect(takesGenerated({}, generated('1'), false)).toBe(true);
    expect(takesGenerated({}, generated('1'), true)).toBe(false);
    expect(takesGenerated(own, generated('1'), false)).toBe(false);
    expect(takesGenerated({ source: 'own' }, generated('1'), false)).toBe(false);
    const chosen = withGenerated({}, generated('1'));
    expect(takesGenerated(chosen, generated('1'), false)).toBe(false);
    expect(takesGenerated(chosen, generated('2'), false)).toBe(true);
  });
});
