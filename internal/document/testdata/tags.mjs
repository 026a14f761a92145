// Prints what a screen reader gets of PDF files, as JSON: for each file the elements of the structure
// tree that have content on a page, the language and the title. Arguments: the module pdf.mjs, and
// the files.
import { readFile } from 'node:fs/promises';

const [module, ...files] = process.argv.slice(2);
const { getDocument } = await import(module);

// walk lists the elements of a page, and reports whether one has content there.
function walk(node, elements) {
  if (node.type === 'content') return true;
  const at = elements.length;
  let filled = false;
  for (const child of node.children ?? []) filled = walk(child, elements) || filled;
  if (filled) elements.splice(at, 0, { role: node.role, alt: node.alt ?? '' });
  return filled;
}

const result = {};
for (const file of files) {
  const pdf = await getDocument({ data: new Uint8Array(await readFile(file)), verbosity: 0 }).promise;
  const elements = [];
  for (let page = 1; page <= pdf.numPages; page++) {
    walk(await (await pdf.getPage(page)).getStructTree(), elements);
  }
  const { info } = await pdf.getMetadata();
  result[file] = { elements, pages: pdf.numPages, language: info.Language ?? '', title: info.Title ?? '' };
  await pdf.destroy();
}
console.log(JSON.stringify(result));
