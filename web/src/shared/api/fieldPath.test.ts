import { expect, it } from 'vitest';
import { fieldPath } from './fieldPath';

it.each([
  ['address', ['address']],
  ['text.address', ['text', 'address']],
  ['text.items[0].number', ['text', 'items', 0, 'number']],
  ['details.files[12]', ['details', 'files', 12]],
  ['', []],
])('reads «%s»', (field, path) => expect(fieldPath(field)).toEqual(path));
