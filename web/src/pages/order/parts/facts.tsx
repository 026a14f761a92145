import type { ReactNode } from 'react';

export type Fact = [label: string, value: ReactNode];

/** The facts that there are. */
export function facts(items: readonly Fact[]) {
  return items
    .filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false)
    .map(([label, value]) => ({ key: label, label, children: <span className="words">{value}</span> }));
}
