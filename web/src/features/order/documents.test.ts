import { describe, expect, it } from 'vitest';
import { type CardDocument, canPreview, groupedDocuments } from './documents';

const document = (kind: CardDocument['kind'], seq: number): CardDocument => ({
  kind,
  seq,
  file: `${kind}-${seq}`,
  name: 'файл',
  size: 1,
  sha256: '',
  contentType: 'application/pdf',
  authorRole: 'engineer',
  createdAt: '',
});

describe('the documents of a card', { meta: { covers: ['R-DONE-1'] } }, () => {
  it('are grouped by kind in the order of the process, the newest first', () => {
    const groups = groupedDocuments([
      document('act', 9),
      document('contract', 3),
      document('new-kind' as 'form', 4),
      document('contract', 5),
    ]);
    expect(groups.map(([kind, group]) => [kind, ...group.map(({ seq }) => seq)])).toEqual([
      ['contract', 5, 3],
      ['act', 9],
      ['new-kind', 4],
    ]);
  });

  it('are previewed only if they cannot contain scripts', () => {
    expect(canPreview({ contentType: 'application/pdf', size: 10 })).toBe(true);
    expect(canPreview({ contentType: 'image/svg+xml', size: 10 })).toBe(false);
    expect(canPreview({ contentType: 'text/html', size: 10 })).toBe(false);
    expect(canPreview({ contentType: 'image/png', size: 1e9 })).toBe(false);
  });
});
