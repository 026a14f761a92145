import { describe, expect, it } from 'vitest';
import { splitLinks } from './links';

const links = (text: string) =>
  splitLinks(text)
    .filter(({ href }) => href)
    .map((part) => part.text);

describe('links in a message', () => {
  it('are http and https addresses, and the text stays whole', () => {
    const text = 'План: https://disk.example.ru/a?b=1#c, счёт http://example.ru/2.';
    expect(links(text)).toEqual(['https://disk.example.ru/a?b=1#c', 'http://example.ru/2']);
    expect(
      splitLinks(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it.each([
    ['(см. https://example.ru/a_(b))', 'https://example.ru/a_(b)'],
    ['«https://example.ru/план»', 'https://example.ru/план'],
    ['Тут: https://example.ru/a!?…', 'https://example.ru/a'],
    ['<a href="https://example.ru/x">тут</a>', 'https://example.ru/x'],
    ['[https://example.ru/y]', 'https://example.ru/y'],
  ])('leave the punctuation outside: %s', (text, link) => expect(links(text)).toEqual([link]));

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'ftp://example.ru/a',
    'file:///etc/passwd',
    'example.ru',
    'хttps://example.ru',
    'https://',
    'https://bank.example.ru@other.example.ru/',
  ])('are nothing else: %s', (text) => expect(links(text)).toEqual([]));

  it('end at a mark that is not seen', () => {
    expect(links('https://example.ru/\u202egpj.exe')).toEqual(['https://example.ru/']);
    expect(links('https://example.ru\u200b.other.ru/')).toEqual(['https://example.ru']);
  });

  it('are found in a long text without delay', () => {
    const word = 'ж'.repeat(10_000);
    expect(splitLinks(word)).toEqual([{ text: word }]);
    const begun = performance.now();
    splitLinks(`https://${'a)'.repeat(5_000)} ${'https://'.repeat(1_000)} ${'(]'.repeat(5_000)}`);
    expect(performance.now() - begun).toBeLessThan(500);
  });
});
