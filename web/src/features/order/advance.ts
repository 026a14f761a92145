// The advance of a contract: its share of the price in hundredths of a per cent, and its sum. The order takes a sum that is
// that share to the kopeck, rounded half up; and one in whole roubles with the share that comes nearest.

import { parseMoney } from '@/shared/lib/money';

/** The advance as typed: roubles and per cent. */
export interface AdvanceTexts {
  price: string;
  percent: string;
  advance: string;
  remainder: string;
}

export type AdvanceField = keyof AdvanceTexts;

const whole = 10_000;

/** The sum of a share, kopecks. */
export function advanceOf(price: number, basisPoints: number): number {
  return Math.floor((price * basisPoints + whole / 2) / whole);
}

/** The share that comes nearest to a sum, hundredths of a per cent. */
export function nearestShare(price: number, advance: number): number {
  if (price <= 0 || advance <= 0) return 0;
  if (advance >= price) return whole;
  return Math.min(whole - 1, Math.max(1, Math.floor((advance * 2 * whole + price) / (2 * price))));
}

const percentText = /^(\d{1,3})(?:[.,](\d{1,2}))?$/;

/** Hundredths of a per cent of what a person typed («30», «33,3 %»), or undefined when it is none. */
export function parsePercent(text: string): number | undefined {
  const match = percentText.exec(text.trim().replace(/\s*%$/, ''));
  if (!match) return undefined;
  const basisPoints = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return basisPoints <= whole ? basisPoints : undefined;
}

const fraction = (hundredths: number) => String(hundredths % 100).padStart(2, '0');

/** «33,3» for 3330, «30» for 3000. */
export function percentOf(basisPoints: number): string {
  const rest = fraction(basisPoints).replace(/0+$/, '');
  return rest ? `${Math.floor(basisPoints / 100)},${rest}` : String(basisPoints / 100);
}

/** «1234,50»: an amount as a field holds it. */
export function amountText(kopecks: number): string {
  return kopecks % 100 === 0 ? String(kopecks / 100) : `${Math.floor(kopecks / 100)},${fraction(kopecks)}`;
}

/**
 * The other fields after one was typed into. What cannot be reckoned yet stays as it is. A sum that is no share in whole
 * hundredths of a per cent stays while it is typed; settle brings one with kopecks to the nearest.
 */
export function recompute(typed: AdvanceField, texts: AdvanceTexts): AdvanceTexts {
  const price = parseMoney(texts.price);
  if (price === undefined) return texts;
  if (typed === 'price' || typed === 'percent') {
    const share = parsePercent(texts.percent);
    return share === undefined ? texts : shared(texts, price, share);
  }
  const part = parseMoney(texts[typed]);
  if (part === undefined || part > price) return texts;
  const advance = typed === 'advance' ? part : price - part;
  const next = { ...texts, percent: percentOf(nearestShare(price, advance)) };
  return typed === 'advance'
    ? { ...next, remainder: amountText(price - advance) }
    : { ...next, advance: amountText(advance) };
}

/** All fields in line with the share. A sum in whole roubles that the share comes nearest to stays: that was agreed on. */
export function settle(texts: AdvanceTexts): AdvanceTexts {
  const price = parseMoney(texts.price);
  const share = parsePercent(texts.percent);
  if (price === undefined || share === undefined) return texts;
  const advance = parseMoney(texts.advance);
  const agreed =
    advance !== undefined && advance % 100 === 0 && advance <= price && nearestShare(price, advance) === share;
  return agreed ? { ...texts, remainder: amountText(price - advance) } : shared(texts, price, share);
}

function shared(texts: AdvanceTexts, price: number, share: number): AdvanceTexts {
  const advance = advanceOf(price, share);
  return { ...texts, advance: amountText(advance), remainder: amountText(price - advance) };
}
