import { Descriptions, Grid } from 'antd';
import type { ReactNode } from 'react';

export type Fact = [label: string, value: ReactNode];

/** The facts that there are; on a phone the names stand above them. */
export function Facts({ items }: { items: readonly Fact[] }) {
  const wide = Grid.useBreakpoint().md ?? true;
  const known = items.filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false);
  return (
    <Descriptions
      column={1}
      size="small"
      bordered={wide}
      layout={wide ? 'horizontal' : 'vertical'}
      className="facts"
      items={known.map(([label, value]) => ({ key: label, label, children: <span className="words">{value}</span> }))}
    />
  );
}
