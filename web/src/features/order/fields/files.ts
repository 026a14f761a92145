import type { Schema } from '@/shared/api/client';
import type { UploadedFile } from '@/shared/upload/useUploads';

export type Files = readonly UploadedFile[];
export type FileRef = Schema<'FileRef'>;

/** Returns the references of uploaded files for a request body. */
export function refsOf(files: Files | undefined): FileRef[] {
  return (files ?? []).map(({ id, sha256 }) => ({ id, sha256 }));
}

/** Returns the reference of the only file of a required field. */
export function refOf(files: Files | undefined): FileRef {
  const ref = refsOf(files)[0];
  if (!ref) throw new Error('a form was sent without its file');
  return ref;
}
