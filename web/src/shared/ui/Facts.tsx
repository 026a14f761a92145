import './facts.css';
import type { ReactNode } from 'react';

export type Fact = readonly [name: string, value: ReactNode];

/**
 * Shows values with their names as a description list. On a phone each name is above its value.
 * Empty values are left out.
 */
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
