/** The measurements of a page: bytes as transferred, and times in ms, one per round. */
export interface PageResult {
  name: string;
  bytes: number;
  /** The number of scripts and styles. */
  parts: number;
  cold: number[];
  warm: number[];
  slow: number[];
}

/**
 * Prints the table, and whether the start page is within its size and the list within its number of
 * parts.
 */
export function print(lines: PageResult[], maxKilobytes: number, maxParts: number): void {
  const rows = [
    ['page', 'loaded, kB', 'in parts', 'usable, ms', 'again, ms', 'on a processor a quarter as fast, ms'],
    ...lines.map(({ name, bytes, parts, cold, warm, slow }) => [
      name,
      (bytes / 1000).toFixed(0),
      String(parts),
      median(cold),
      median(warm),
      median(slow),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const text = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  const [first, list] = lines;
  const verdicts = [
    first && verdict(first.bytes <= maxKilobytes * 1000, `the first page loads at most ${maxKilobytes} kB`),
    list && verdict(list.parts <= maxParts, `the list comes in at most ${maxParts} parts`),
  ];
  console.log(['', ...text, '', ...verdicts, ''].join('\n'));
}

const verdict = (met: boolean, what: string) => `  ${met ? 'met' : 'MISSED'}  ${what}`;

function median(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? NaN).toFixed(0);
}
