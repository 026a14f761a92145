import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { matches, foldText } from './searchText';

it('folds text as the platform does', () => {
  const vectors = JSON.parse(
    readFileSync(`${import.meta.dirname}/../../../../internal/searchtext/testdata/vectors.json`, 'utf8'),
  ) as { text: string; folded: string }[];
  for (const { text, folded } of vectors) expect(foldText(text), text).toBe(folded);
});

it('matches a name while it is typed', () => {
  for (const typed of ['орёл', 'ОРЕЛ', 'обл орловская', 'орловская  обл', 'орловская\u00a0область', ''])
    expect(matches('Орловская область (Орёл)', typed), typed).toBe(true);
  for (const typed of ['алания осетия', 'северная осетия-алания', 'Осетия – Алания', 'респ осет']) {
    expect(matches('Республика Северная Осетия — Алания', typed), typed).toBe(true);
  }
  for (const typed of ['орск', 'ая']) expect(matches('Орловская область', typed), typed).toBe(false);
});
