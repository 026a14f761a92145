// The advance of a contract: its share of the price in hundredths of a per cent, and its sum. The
// order accepts a sum that is exactly that share, rounded half up to the kopeck, and a sum in whole
// roubles with the nearest share.

import { amountText, parseMoney } from '@/shared/lib/money';

/** The fields of the advance as typed, in roubles and per cent. */
export interface AdvanceTexts {
  price: string;
  percent: string;
  advance: string;
  remainder: string;
}

export type AdvanceField = keyof AdvanceTexts;

const fullShare = 10_000;

/** Returns the sum of a share, in kopecks. */
export function advanceOf(price: number, basisPoints: number): number {
  return Math.floor((price * basisPoints + fullShare / 2) / fullShare);
}

/** Returns the share nearest to a sum, in hundredths of a per cent. */
export function nearestShare(price: number, advance: number): number {
  if (price <= 0 || advance <= 0) return 0;
  if (advance >= price) return fullShare;
  return Math.min(fullShare - 1, Math.max(1, Math.floor((advance * 2 * fullShare + price) / (2 * price))));
}

const percentText = /^(\d{1,3})(?:[.,](\d{1,2}))?$/;

/**
 * Parses typed per cent («30», «33,3 %») to hundredths of a per cent; undefined for another text.
 */
export function parsePercent(text: string): number | undefined {
  const match = percentText.exec(text.trim().replace(/\s*%$/, ''));
  if (!match) return undefined;
  const basisPoints = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return basisPoints <= fullShare ? basisPoints : undefined;
}

const fraction = (hundredths: number) => String(hundredths % 100).padStart(2, '0');

/** Formats hundredths of a per cent: «33,3» for 3330, «30» for 3000. */
export function percentOf(basisPoints: number): string {
  const decimals = fraction(basisPoints).replace(/0+$/, '');
  return decimals ? `${Math.floor(basisPoints / 100)},${decimals}` : String(basisPoints / 100);
}

/**
 * Returns all fields after one was edited. Fields that cannot be computed yet stay unchanged. A sum
 * that is no share in whole hundredths of a per cent stays while it is typed; snapToShare rounds
 * one with kopecks to the nearest share.
 */
export function recompute(typed: AdvanceField, texts: AdvanceTexts): AdvanceTexts {
  const price = parseMoney(texts.price);
  if (price === undefined) return texts;
  if (typed === 'price' || typed === 'percent') {
    const share = parsePercent(texts.percent);
    return share === undefined ? texts : withShare(texts, price, share);
  }
  const part = parseMoney(texts[typed]);
  if (part === undefined || part > price) return texts;
  const advance = typed === 'advance' ? part : price - part;
  const next = { ...texts, percent: percentOf(nearestShare(price, advance)) };
  return typed === 'advance'
    ? { ...next, remainder: amountText(price - advance) }
    : { ...next, advance: amountText(advance) };
}

/**
 * Returns all fields consistent with the share. A sum in whole roubles stays if the share is the
 * nearest one to it, because such a sum was agreed.
 */
export function snapToShare(texts: AdvanceTexts): AdvanceTexts {
  const price = parseMoney(texts.price);
  const share = parsePercent(texts.percent);
  if (price === undefined || share === undefined) return texts;
  const advance = parseMoney(texts.advance);
  const agreed =
    advance !== undefined && advance % 100 === 0 && advance <= price && nearestShare(price, advance) === share;
  return agreed ? { ...texts, remainder: amountText(price - advance) } : withShare(texts, price, share);
}

function withShare(texts: AdvanceTexts, price: number, share: number): AdvanceTexts {
  const advance = advanceOf(price, share);
  return { ...texts, advance: amountText(advance), remainder: amountText(price - advance) };
}
