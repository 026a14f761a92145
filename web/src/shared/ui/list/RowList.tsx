import './list.css';
import { Grid } from 'antd';
import type { ReactNode } from 'react';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  rows: readonly Row[];
  /** The first column names the row. */
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
}

/** Shows rows as a table on a wide screen, and as cards on a phone. */
export function RowList<Row>({ rows, columns, keyOf }: Props<Row>) {
  const wide = Grid.useBreakpoint().lg ?? true;
  const [name, ...others] = columns;
  if (!wide) {
    return (
      <ul className="row-cards">
        {rows.map((row) => (
          <li key={keyOf(row)}>
            {name?.cell(row)}
            <dl>
              {others.map(({ title, cell }) => (
                <div key={title} className="row-card-pair">
                  <dt>{title}</dt>
                  <dd>{cell(row)}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <table className="row-table">
      <thead>
        <tr>
          {columns.map(({ title }) => (
            <th scope="col" key={title}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ title, cell }) => (
              <td key={title}>{cell(row)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
