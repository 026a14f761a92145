/** What was measured of a page: bytes as sent, and times in ms, one a round. */
export interface Line {
  name: string;
  bytes: number;
  cold: number[];
  warm: number[];
  slow: number[];
}

/** Prints the lines, and whether the first page keeps within so many kB. */
export function print(lines: Line[], limit: number): void {
  const rows = [
    ['page', 'loaded, kB gz', 'usable, ms', 'again, ms', 'on a processor a quarter as fast, ms'],
    ...lines.map(({ name, bytes, cold, warm, slow }) => [
      name,
      (bytes / 1000).toFixed(0),
      median(cold),
      median(warm),
      median(slow),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const text = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
  const first = lines[0];
  const verdict =
    first && `  ${first.bytes <= limit * 1000 ? 'met' : 'MISSED'}  the first page loads at most ${limit} kB`;
  console.log(['', ...text, '', verdict, ''].join('\n'));
}

function median(values: number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] ?? NaN).toFixed(0);
}
