import './facts.css';
import type { ReactNode } from 'react';

export type Fact = readonly [name: string, value: ReactNode];

/** Facts by name. On a phone each name stands above its value. Those without a value are left out. */
export function Facts({ items }: { items: readonly Fact[] }) {
  return (
    <dl className="fact-list">
      {items
        .filter(([, value]) => value !== undefined && value !== null && value !== false && value !== '')
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
