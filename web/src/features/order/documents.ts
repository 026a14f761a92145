import type { Schema } from '@/shared/api/client';
import type { OrderCard } from '@/shared/api/order';
import { noConnection, ProblemError, problemOfAnswer } from '@/shared/api/problem';
import { signingError } from '@/shared/cryptopro/problems';
import { Digester } from '@/shared/upload/digest';
import { type DocumentKind, documentKindOrder } from './labels';

export type CardDocument = Schema<'CardDocument'>;

/** Returns the address of a file's content, which is sent as an attachment. */
export function contentAddress(order: string, file: string): string {
  return `/api/orders/${order}/files/${file}/content`;
}

/** The address of the protocol of the check of a signature. */
export const protocolAddress = (order: string, file: string): string =>
  `/api/orders/${order}/signatures/${file}/protocol`;

/**
 * Groups the documents by kind, in the order of the process; within a kind the newest comes first.
 */
export function groupedDocuments(documents: readonly CardDocument[]): [kind: DocumentKind, CardDocument[]][] {
  const place = (kind: DocumentKind) =>
    documentKindOrder.includes(kind) ? documentKindOrder.indexOf(kind) : documentKindOrder.length;
  const groups = new Map<DocumentKind, CardDocument[]>();
  for (const document of documents) groups.set(document.kind, [...(groups.get(document.kind) ?? []), document]);
  return [...groups]
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([kind, group]) => [kind, group.toSorted((a, b) => b.seq - a.seq)]);
}

/**
 * Types that a browser displays itself and safely, without markup or scripts. Files above the
 * maximum size are only downloaded.
 */
const previewTypes = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const maxPreviewBytes = 50 << 20;

export function canPreview({ contentType, size }: Pick<CardDocument, 'contentType' | 'size'>): boolean {
  return previewTypes.has(contentType) && size <= maxPreviewBytes;
}

/** Reads the content of a file, for a preview or to save it. */
export async function contentOf(
  order: string,
  document: Pick<CardDocument, 'file' | 'contentType'>,
  signal?: AbortSignal,
): Promise<Blob> {
  const response = await fetch(contentAddress(order, document.file), signal ? { signal } : {});
  if (!response.ok) throw new Error(`reading a document: ${response.status}`);
  return new Blob([await response.arrayBuffer()], {
    type: previewTypes.has(document.contentType) ? document.contentType : 'application/octet-stream',
  });
}

/** Reads the content of a file to sign it, and fails if it is not the content of that SHA-256. */
export async function contentToSign(order: string, file: Schema<'FileRef'>): Promise<Blob> {
  const response = await fetch(contentAddress(order, file.id)).catch(() => {
    throw new ProblemError(noConnection());
  });
  if (!response.ok) {
    throw new ProblemError(problemOfAnswer(response.status, await response.json().catch(() => undefined)));
  }
  const content = await response.blob();
  const digester = new Digester();
  try {
    if ((await digester.digest(content, () => undefined)) !== file.sha256) throw signingError('document_changed');
  } finally {
    digester.close();
  }
  return content;
}

/** Returns the document of a file that the card names, to sign it. */
export function documentToSign({ documents }: Pick<OrderCard, 'documents'>, file: Schema<'FileRef'>) {
  const { name = 'Документ', size = 0 } = documents?.find((document) => document.file === file.id) ?? {};
  return { id: file.id, sha256: file.sha256, name, size };
}
