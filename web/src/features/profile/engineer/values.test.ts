import { describe, expect, it } from 'vitest';
import { differences, formOf, type ProfileValues } from './values';

const values: ProfileValues = {
  regions: ['77'],
  phone: '+7 900 123-45-67',
  works: {
    'map-plan': { on: true, price: '25 000,50' },
    'layout-scheme': { on: true, price: '' },
    'parcel-formation': { on: false, price: '1' },
  },
  diplomas: [{ id: 'd', sha256: '', name: 'а.pdf', size: 1, title: 'Диплом' }],
};

describe('the form of the profile', { meta: { covers: ['R-KPROF-1'] } }, () => {
  it('sends the chosen works, with prices in kopecks or by agreement', () => {
    expect(formOf(3, values)).toMatchObject({
      version: 3,
      works: [{ kind: 'map-plan', price: 2_500_050 }, { kind: 'layout-scheme' }],
      diplomas: [{ file: 'd', title: 'Диплом' }],
    });
    expect(formOf(3, values)).not.toHaveProperty('photo');
  });

  it('names the fields that somebody else changed, in any order of regions', () => {
    expect(differences(values, { ...values, regions: ['77'], phone: '' })).toEqual(['phone']);
    expect(differences({ ...values, regions: ['16', '77'] }, { ...values, regions: ['77', '16'] })).toEqual([]);
  });
});
