import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

// Sums a blob slice by slice, so that a large file is never held in memory and the page stays responsive.

/** What the worker is asked. */
export interface HashRequest {
  id: number;
  blob: Blob;
}

/** How far it is; hex comes with the last answer, problem instead of it when the file cannot be read any more. */
export interface HashAnswer {
  id: number;
  done: number;
  hex?: string;
  problem?: string;
}

const slice = 2 * 1024 * 1024;

async function answer({ id, blob }: HashRequest): Promise<void> {
  const sum = sha256.create();
  for (let begin = 0; begin < blob.size; begin += slice) {
    const bytes = await blob.slice(begin, begin + slice).arrayBuffer();
    sum.update(new Uint8Array(bytes));
    self.postMessage({ id, done: begin + bytes.byteLength } satisfies HashAnswer);
  }
  self.postMessage({ id, done: blob.size, hex: bytesToHex(sum.digest()) } satisfies HashAnswer);
}

self.onmessage = ({ data }: MessageEvent<HashRequest>) => {
  answer(data).catch((error: unknown) =>
    self.postMessage({ id: data.id, done: 0, problem: String(error) } satisfies HashAnswer),
  );
};
