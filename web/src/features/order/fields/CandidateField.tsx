import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { Form, type RefSelectProps, Select } from 'antd';
import { type Ref, useDeferredValue, useState } from 'react';
import { api, unwrap } from '@/shared/api/client';
import type { FieldAria } from '@/shared/ui/fields/fieldAria';
import { queryKeys } from '@/shared/queryKeys';

/**
 * The engineers to whom an order may be offered or handed over, found by a part of the name or of
 * the registry number. An engineer who may not take it has a reason.
 */
const candidatesQuery = (order: string, q: string) =>
  queryOptions({
    queryKey: queryKeys.order.candidates(order, q),
    queryFn: async ({ signal }) =>
      (await unwrap(api.GET('/api/orders/{order}/candidates', { params: { path: { order }, query: { q } }, signal })))
        .items,
    placeholderData: keepPreviousData,
  });

/** Selects an engineer. Those who may not take the order are disabled and show the reason. */
export function CandidateField({ order }: { order: string }) {
  return (
    <Form.Item
      name={['details', 'engineer']}
      label="Кадастровый инженер"
      extra="Введите часть фамилии, имени или номера в реестре. Сначала показаны те, кто работает в регионе заказа."
      rules={[{ required: true, message: 'Выберите кадастрового инженера.' }]}
    >
      <CandidateSelect order={order} />
    </Form.Item>
  );
}

interface Props extends FieldAria {
  ref?: Ref<RefSelectProps>;
  order: string;
  id?: string;
  value?: string;
  onChange?: (engineer: string) => void;
}

interface Option {
  value: string;
  label: string;
  /** The employer, and why the engineer may not take the order. */
  note?: string;
  disabled?: boolean;
}

function CandidateSelect({ ref, order, id, value, onChange, ...aria }: Props) {
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<Option>();
  const { data: candidates, isPending, isError } = useQuery(candidatesQuery(order, useDeferredValue(typed.trim())));
  const options = (candidates ?? []).map(({ engineer, reason }): Option => ({
    value: engineer.id,
    disabled: Boolean(reason),
    label: engineer.registryNumber ? `${engineer.name}, № ${engineer.registryNumber}` : engineer.name,
    note: [engineer.registryName && `в реестре: ${engineer.registryName}`, engineer.employer, reason]
      .filter(Boolean)
      .join('. '),
  }));
  // The selected engineer keeps his name when the list no longer contains him.
  if (value && !options.some((option) => option.value === value)) {
    options.push(chosen?.value === value ? chosen : { value, label: 'Выбранный ранее инженер' });
  }
  return (
    <Select<string, Option>
      ref={ref ?? null}
      id={id}
      className="field-wide"
      {...aria}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isPending}
      placeholder="Выберите"
      notFoundContent={isError ? 'Список не загрузился. Введите имя ещё раз.' : 'Никого не найдено'}
      value={value}
      onChange={(engineer, option) => {
        if (option && !Array.isArray(option)) setChosen(option);
        onChange?.(engineer);
      }}
      options={options}
      optionRender={({ label, data: { note } }) => (
        <>
          <div>{label}</div>
          {note && <div className="note candidate-note">{note}</div>}
        </>
      )}
    />
  );
}
