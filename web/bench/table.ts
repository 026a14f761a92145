/** What was measured of a page: bytes as sent, and times in ms, one a round. */
export interface Line {
  name: string;
  bytes: number;
  /** How many programs and styles came for it. */
  parts: number;
  cold: number[];
  warm: number[];
  slow: number[];
}

/** Prints the lines, and whether the first page keeps within so many kB and the list within so many parts. */
export function print(lines: Line[], limit: number, mostParts: number): void {
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
    first && verdict(first.bytes <= limit * 1000, `the first page loads at most ${limit} kB`),
    list && verdict(list.parts <= mostParts, `the list comes in at most ${mostParts} parts`),
  ];
  console.log(['', ...text, '', ...verdicts, ''].join('\n'));
}

const verdict = (met: boolean, what: string) => `  ${met ? 'met' : 'MISSED'}  ${what}`;

function median(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? NaN).toFixed(0);
}
