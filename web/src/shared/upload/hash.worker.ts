import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

// Hashes a blob slice by slice, so that a large file is never in memory as a whole and the page
// stays responsive.

/** A request to the worker. */
export interface HashRequest {
  id: number;
  blob: Blob;
}

/** The progress in bytes. The last answer has hex, or problem if the file cannot be read. */
export interface HashAnswer {
  id: number;
  done: number;
  hex?: string;
  problem?: string;
}

const slice = 2 * 1024 * 1024;

async function answer({ id, blob }: HashRequest): Promise<void> {
  const hash = sha256.create();
  for (let begin = 0; begin < blob.size; begin += slice) {
    const bytes = await blob.slice(begin, begin + slice).arrayBuffer();
    hash.update(new Uint8Array(bytes));
    self.postMessage({ id, done: begin + bytes.byteLength } satisfies HashAnswer);
  }
  self.postMessage({ id, done: blob.size, hex: bytesToHex(hash.digest()) } satisfies HashAnswer);
}

self.onmessage = ({ data }: MessageEvent<HashRequest>) => {
  answer(data).catch((error: unknown) =>
    self.postMessage({ id: data.id, done: 0, problem: String(error) } satisfies HashAnswer),
  );
};
