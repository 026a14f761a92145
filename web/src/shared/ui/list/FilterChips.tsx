import { Tag } from 'antd';
import './list.css';

/** An applied filter in words, and all filters without it. */
export interface FilterChip<Filters> {
  text: string;
  without: Filters;
}

interface Props<Filters> {
  chips: FilterChip<Filters>[];
  onApply: (filters: Filters) => void;
}

/** Shows the applied filters; each can be removed alone. */
export function FilterChips<Filters>({ chips, onApply }: Props<Filters>) {
  if (chips.length === 0) return null;
  return (
    <ul className="filter-chips" aria-label="Заданный фильтр">
      {chips.map(({ text, without }) => (
        <li key={text}>
          <Tag
            closable={{ 'aria-label': `Убрать: ${text}` }}
            onClose={(event) => {
              event.preventDefault(); // the address decides what is shown
              onApply(without);
            }}
          >
            {text}
          </Tag>
        </li>
      ))}
    </ul>
  );
}
