import { describe, expect, it } from 'vitest';
import type { OwnProfile } from './queries';
import { workDifferences, workValuesOf } from './workValues';

const saved = {
  form: 'employee',
  documentName: 'Трудовой договор',
  documentNumber: '7',
  documentDate: '2020-01-02',
  documents: [],
} as unknown as OwnProfile;

describe('the form of work that was saved in another window', { meta: { covers: ['R-KPROF-10'] } }, () => {
  it('differs where something else is saved now, and shows it', () => {
    const mine = { ...workValuesOf(saved), documentNumber: '8' };
    expect(workDifferences(mine, saved)).toEqual([['Номер документа', '7']]);
    expect(workDifferences({ ...mine, form: 'entrepreneur', documentNumber: '7' }, saved)).toEqual([
      ['Как вы работаете', 'Сотрудник юридического лица'],
    ]);
    expect(workDifferences({}, saved).map(([label]) => label)).toEqual([
      'Как вы работаете',
      'Наименование документа',
      'Номер документа',
      'Дата документа',
    ]);
  });

  it('takes the ОГРНИП of ЕСИА, which alone is accepted, before the typed one', () => {
    expect(workValuesOf({ ...saved, ogrnip: '1', businessOgrnip: '2' }).ogrnip).toBe('2');
    expect(workValuesOf({ ...saved, ogrnip: '1' }).ogrnip).toBe('1');
  });
});
