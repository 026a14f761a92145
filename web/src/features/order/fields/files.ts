import type { Schema } from '@/shared/api/client';
import type { UploadedFile } from '@/shared/upload/useUploads';

export type Files = readonly UploadedFile[];
export type FileRef = Schema<'FileRef'>;

/** The references of uploaded files, as bodies hold them. */
export function refsOf(files: Files | undefined): FileRef[] {
  return (files ?? []).map(({ id, sha256 }) => ({ id, sha256 }));
}

/** The reference of the one file of a field that must hold one. */
export function refOf(files: Files | undefined): FileRef {
  const ref = refsOf(files)[0];
  if (!ref) throw new Error('a form was sent without its file');
  return ref;
}
