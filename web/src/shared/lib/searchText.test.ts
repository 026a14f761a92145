import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { answers, foldText } from './searchText';

it('folds text as the platform does', () => {
  const vectors = JSON.parse(
    readFileSync(`${import.meta.dirname}/../../../../internal/searchtext/testdata/vectors.json`, 'utf8'),
  ) as { text: string; folded: string }[];
  for (const { text, folded } of vectors) expect(foldText(text), text).toBe(folded);
});

it('finds a name letter by letter', () => {
  for (const typed of ['орёл', 'ОРЕЛ', 'обл орловская', 'орловская  обл', 'орловская\u00a0область', ''])
    expect(answers('Орловская область (Орёл)', typed), typed).toBe(true);
  for (const typed of ['алания осетия', 'северная осетия-алания', 'Осетия – Алания', 'респ осет']) {
    expect(answers('Республика Северная Осетия — Алания', typed), typed).toBe(true);
  }
  for (const typed of ['орск', 'ая']) expect(answers('Орловская область', typed), typed).toBe(false);
});
