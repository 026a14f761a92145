import { type Schema, toProblemError } from '@/shared/api/client';
import { noConnection, ProblemError } from '@/shared/api/problem';

export type SignatureCheck = Schema<'SignatureCheck'>;

/** The parts of the form, in the order in which they are sent: the document, which is large, is the last. */
export const parts = ['signature', 'power', 'powerSignature', 'original', 'originalSignature', 'document'] as const;

export type Part = (typeof parts)[number];
export type Files = Partial<Record<Part, File>>;

/**
 * Sends the files and returns the result. Uses XMLHttpRequest, because fetch reports no upload
 * progress, from 0 to 1.
 */
export function sendForm(files: Files, progress: (share: number) => void): Promise<SignatureCheck> {
  const form = new FormData();
  for (const part of parts) {
    const file = files[part];
    if (file) form.append(part, file, file.name);
  }
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/signature-checks');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => progress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status < 300 && request.response) resolve(request.response as SignatureCheck);
      else reject(toProblemError(request.status, request.response, request.getResponseHeader('Retry-After')));
    };
    request.onerror = () => reject(new ProblemError(noConnection()));
    request.send(form);
  });
}
