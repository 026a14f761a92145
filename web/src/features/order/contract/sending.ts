// The contract that is sent: the one that the platform generated, or an own file. What was chosen
// for one is kept while the other is chosen.

import { percentOf } from '@/features/order/advance';
import type { Files } from '@/features/order/fields/files';
import type { Schema } from '@/shared/api/client';
import { amountText } from '@/shared/lib/money';
import type { ReadyContract } from './queries';

export type Source = 'generated' | 'own';

interface Part {
  details?: {
    file?: Files;
    signature?: Files;
    price?: string;
    advanceBasisPoints?: string;
    advance?: string;
    termDate?: string;
    registration?: boolean;
    acceptanceDays?: number | null;
    silenceAcceptsAfter?: number | null;
  };
  remainder?: string;
}

export interface SendContractValues extends Part {
  /** Absent until one is chosen. */
  source?: Source | undefined;
  /** The file, its signature and the conditions of the other source. */
  other?: Part;
  text?: Schema<'Note'>;
}

/** Reports whether a part is of the generated contract: of these very bytes. */
const isOf = ({ details }: Part, { pdf }: ReadyContract) => details?.file?.[0]?.id === pdf.id;

const partOf = ({ details, remainder }: Part): Part => ({
  ...(details && { details }),
  ...(remainder && { remainder }),
});

function partFor({ pdf, contract }: ReadyContract): Part {
  const { price, advanceBasisPoints, advance, termDate, registration = false } = contract;
  const { acceptanceDays = null, silenceAcceptsAfter = null } = contract;
  return {
    details: {
      file: [{ id: pdf.id, sha256: pdf.sha256, name: pdf.name, size: pdf.size }],
      signature: [],
      price: amountText(price),
      advanceBasisPoints: percentOf(advanceBasisPoints),
      advance: amountText(advance),
      termDate,
      registration,
      acceptanceDays,
      silenceAcceptsAfter,
    },
    remainder: amountText(price - advance),
  };
}

/** Returns the values with the generated contract and its conditions. */
export function withGenerated({ source, other, text, ...part }: SendContractValues, document: ReadyContract) {
  const [generated, own] = source === 'generated' ? [part, other] : [other, partOf(part)];
  return {
    source: 'generated',
    ...(generated && isOf(generated, document) ? generated : partFor(document)),
    ...(own && { other: own }),
    ...(text && { text }),
  } satisfies SendContractValues;
}

/** Returns the values with an own file. The conditions stay, the file and its signature do not. */
export function withOwn({ source, other, text, ...part }: SendContractValues): SendContractValues {
  if (source !== 'generated') return { ...part, source: 'own', ...(other && { other }), ...(text && { text }) };
  const own = other ?? { ...part, details: { ...part.details, file: [], signature: [] } };
  return { ...own, source: 'own', other: part, ...(text && { text }) };
}

/** Reports whether the form has to take the generated contract, because nothing else was chosen. */
export function takesGenerated(values: SendContractValues, document: ReadyContract, sent: boolean): boolean {
  if (values.source === 'generated') return !isOf(values, document);
  return values.source === undefined && !sent && !values.details?.file?.length;
}
