import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { actionForms } from './actionForms';

interface Operation {
  tags?: string[];
}

const description = JSON.parse(
  readFileSync(new URL('../../../../../apiserver/openapi.json', import.meta.url), 'utf8'),
) as {
  paths: Record<string, { post?: Operation }>;
};
const prefix = '/api/orders/{order}/';
const kinds = Object.entries(description.paths)
  .filter(([path, { post }]) => path.startsWith(prefix) && post?.tags?.includes('Действия'))
  .map(([path]) => path.slice(prefix.length));

describe('the forms of a card', () => {
  it('exist for every action that the API describes', () => {
    expect(kinds.length).toBeGreaterThan(40);
    expect(Object.keys(actionForms).toSorted()).toEqual(kinds.toSorted());
  });
});
