import { Tag } from 'antd';
import { chipsOf } from './filterText';
import type { SearchFilters } from './queries';
import { useNames } from './useNames';

interface Props {
  filters: SearchFilters;
  onChange: (filters: SearchFilters) => void;
}

/** Shows the applied filters; each can be removed alone. */
export function FilterChips({ filters, onChange }: Props) {
  const chips = chipsOf(filters, useNames());
  if (chips.length === 0) return null;
  return (
    <ul className="filter-chips" aria-label="Заданный фильтр">
      {chips.map(({ text, without }) => (
        <li key={text}>
          <Tag closable={{ 'aria-label': `Убрать: ${text}` }} onClose={() => onChange(without)}>
            {text}
          </Tag>
        </li>
      ))}
    </ul>
  );
}
