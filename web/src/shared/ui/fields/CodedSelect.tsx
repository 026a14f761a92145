import './fields.css';
import { useQuery } from '@tanstack/react-query';
import { type RefSelectProps, Select } from 'antd';
import type { Ref } from 'react';
import type { CodedList } from '@/shared/api/reference';
import { matches } from '@/shared/lib/searchText';
import type { FieldAria } from './fieldAria';

interface Props<Value extends string | string[]> extends FieldAria {
  ref?: Ref<RefSelectProps>;
  list: CodedList;
  multiple?: boolean;
  placeholder?: string;
  id?: string;
  value?: Value;
  onChange?: (value: Value) => void;
}

/**
 * Selects one entry of a reference list, or several. Typing filters the entries by any part of
 * their names.
 */
export function CodedSelect<Value extends string | string[]>({
  ref,
  list,
  multiple,
  placeholder,
  id,
  value,
  onChange,
  ...aria
}: Props<Value>) {
  const { data, isPending, isError, refetch } = useQuery({ ...list, staleTime: 'static' });
  return (
    <Select<Value>
      ref={ref ?? null}
      id={id}
      className="field-wide"
      {...(multiple && { mode: 'multiple' as const, maxTagCount: 'responsive' as const })}
      allowClear
      showSearch={{
        filterOption: (typed, option) => matches(typeof option?.label === 'string' ? option.label : '', typed),
      }}
      loading={isPending}
      placeholder={placeholder}
      options={(data ?? []).map(({ code, label }) => ({ value: code, label }))}
      notFoundContent={isError ? 'Список не загрузился. Откройте его ещё раз.' : 'Ничего не найдено'}
      onOpenChange={(open) => {
        if (open && isError) void refetch();
      }}
      value={value}
      onChange={onChange}
      {...aria}
    />
  );
}
