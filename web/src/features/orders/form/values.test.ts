import { describe, expect, it } from 'vitest';
import { emptyForm, fromCard, fromContent, toContent, toPublication, type OrderFormValues } from './values';

const file = { id: 'f1', sha256: 'ab'.repeat(32), name: 'план.pdf', size: 2048 };

const full: OrderFormValues = {
  text: {
    address: ' Тверь, улица Мира ',
    city: 'Тверь',
    street: 'улица Мира',
    cadastralNumbers: ['69:40:0100001:5', ' ', undefined],
    object: 'Участок 6 соток',
    description: 'Межевание',
  },
  termBy: 'date',
  details: {
    region: '69',
    workKind: 'parcel-formation',
    price: '15 000,50',
    termDate: '2026-12-31',
    termDays: 10,
    prepayment: true,
    registration: true,
    files: [file],
  },
};

describe('the published conditions', { meta: { covers: ['R-CUST-4'] } }, () => {
  it('contain the price in kopecks, one term, and references of the files', () => {
    expect(toPublication(full)).toEqual({
      details: {
        region: '69',
        workKind: 'parcel-formation',
        price: 1500050,
        termDate: '2026-12-31',
        prepayment: true,
        registration: true,
        files: [{ id: 'f1', sha256: file.sha256 }],
      },
      text: {
        address: 'Тверь, улица Мира',
        city: 'Тверь',
        street: 'улица Мира',
        cadastralNumbers: ['69:40:0100001:5'],
        object: 'Участок 6 соток',
        description: 'Межевание',
      },
    });
  });

  it('omit empty fields: the price is optional', () => {
    const { details, text } = toPublication({
      ...emptyForm,
      text: { address: 'Тверь', city: '  ' },
      details: { price: '' },
    });
    expect(details).not.toHaveProperty('price');
    expect(details).not.toHaveProperty('termDays');
    expect(text).toEqual({ address: 'Тверь' });
  });

  it('contain the term that was chosen', () => {
    expect(toPublication({ ...full, termBy: 'days' }).details).toMatchObject({ termDays: 10 });
    expect(toPublication({ ...full, termBy: 'days' }).details).not.toHaveProperty('termDate');
  });
});

describe('a form that is saved while it is edited', () => {
  it('is restored as it was typed', () => {
    const odd: OrderFormValues = { ...full, details: { ...full.details, price: 'сто рублей' } };
    for (const values of [full, odd]) {
      const saved = JSON.parse(JSON.stringify(toContent(values, 2))) as ReturnType<typeof toContent>;
      const back = fromContent({ form: saved, version: 5 }, 2);
      expect(toContent(back ?? emptyForm, 2)).toEqual(
        JSON.parse(
          JSON.stringify(
            toContent({ ...values, text: { ...values.text, cadastralNumbers: ['69:40:0100001:5', ' '] } }, 2),
          ),
        ),
      );
    }
  });

  it('is not restored for another revision of the conditions', () => {
    expect(fromContent({ form: toContent(full, 0), version: 5 }, 1)).toBeUndefined();
    expect(fromContent({ form: {}, version: 0 }, 0)).toBeUndefined();
  });

  it('is restored without malformed fields', () => {
    const form = {
      details: { price: null, termDays: 'ten', files: [{ id: 1 }], region: 69 },
      text: { address: 5, cadastralNumbers: [1, '69:40'] },
    };
    expect(fromContent({ form, version: 1 }, 0)).toEqual({
      text: { cadastralNumbers: ['69:40'] },
      termBy: 'days',
      details: { termDays: 'ten', prepayment: false, registration: false, files: [] },
    });
    expect(
      toPublication({ ...full, termBy: 'days', details: { ...full.details, termDays: 'ten' } }).details,
    ).not.toHaveProperty('termDays');
  });
});

describe('the current conditions', () => {
  it('can be edited, with the names of their files', { meta: { covers: ['R-CUST-6'] } }, () => {
    const { details, text } = toPublication(full);
    const values = fromCard({
      terms: details,
      form: text ?? { address: '' },
      documents: [
        {
          seq: 2,
          kind: 'form',
          file: 'f1',
          name: 'план.pdf',
          size: 2048,
          sha256: file.sha256,
          contentType: 'application/pdf',
          authorRole: 'customer',
          createdAt: '',
        },
      ],
    });
    expect(values.details).toMatchObject({ price: '15000,50', files: [file] });
    expect(values.termBy).toBe('date');
    expect(toPublication(values)).toEqual(toPublication(full));
  });
});
