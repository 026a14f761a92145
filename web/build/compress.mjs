// Writes a .br and a .gz file beside each text file of dist, so that the server compresses nothing
// at run time. index.html is left out, because the server changes it in each answer.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url).pathname;
const texts = new Set(['.js', '.css', '.svg', '.json', '.txt']);
const minSize = 1024;

for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !texts.has(extname(entry.name))) continue;
  const path = join(entry.parentPath, entry.name);
  const content = await readFile(path);
  if (content.length < minSize) continue;
  const brotli = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(`${path}.br`, brotliCompressSync(content, { params: brotli }));
  await writeFile(`${path}.gz`, gzipSync(content, { level: 9 }));
}
