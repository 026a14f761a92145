import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filledIn, isFilled } from './humanText';

interface Vector {
  text: string;
  filled: boolean;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../../internal/humantext/testdata/vectors.json', import.meta.url), 'utf8'),
) as Vector[];

describe('a required text', () => {
  it('is checked as the API checks it', () => {
    expect(vectors.length).toBeGreaterThan(60);
    expect(vectors.filter(({ filled }) => !filled).length).toBeGreaterThan(30);
    for (const { text, filled } of vectors) expect(isFilled(text), JSON.stringify(text)).toBe(filled);
  });

  it.each([undefined, null, '', ' ', '\u200b', '\u2800\u3164\u00ad\u2060', '\u0301', '\ufffc'])(
    'is missing in %j',
    (text) => expect(isFilled(text)).toBe(false),
  );

  it.each(['.', '0', '\u200bа', '№', '\u{1f468}\u200d\u{1f469}'])('is present in %j', (text) =>
    expect(isFilled(text)).toBe(true),
  );

  it('is required by the rule of its field', async () => {
    const rule = filledIn('Укажите причину.');
    await expect(rule.validator(undefined, '\u200b')).rejects.toThrow('Укажите причину.');
    await expect(rule.validator(undefined, 'Потому')).resolves.toBeUndefined();
  });
});
