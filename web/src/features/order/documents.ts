import type { Schema } from '@/shared/api/client';
import { documentKindOrder } from './words';

export type CardDocument = Schema<'CardDocument'>;

/** The address that leads to a file's content, as an attachment. */
export function contentAddress(order: string, file: string): string {
  return `/api/orders/${order}/files/${file}/content`;
}

/** The documents under their kinds, in the order of an order's life; of a kind, the newest first. */
export function groupedDocuments(documents: readonly CardDocument[]): [kind: string, CardDocument[]][] {
  const place = (kind: string) =>
    documentKindOrder.includes(kind) ? documentKindOrder.indexOf(kind) : documentKindOrder.length;
  const groups = new Map<string, CardDocument[]>();
  for (const document of documents) groups.set(document.kind, [...(groups.get(document.kind) ?? []), document]);
  return [...groups]
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([kind, group]) => [kind, group.toSorted((a, b) => b.seq - a.seq)]);
}

/** What a browser shows by itself and safely: no markup, no scripts. Larger files are downloaded. */
const shown = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const shownAtMost = 50 << 20;

export function canPreview({ contentType, size }: Pick<CardDocument, 'contentType' | 'size'>): boolean {
  return shown.has(contentType) && size <= shownAtMost;
}

/** A file's content for a preview or to be saved. */
export async function contentOf(order: string, document: CardDocument, signal?: AbortSignal): Promise<Blob> {
  const response = await fetch(contentAddress(order, document.file), signal ? { signal } : {});
  if (!response.ok) throw new Error(`reading a document: ${response.status}`);
  return new Blob([await response.arrayBuffer()], {
    type: shown.has(document.contentType) ? document.contentType : 'application/octet-stream',
  });
}
