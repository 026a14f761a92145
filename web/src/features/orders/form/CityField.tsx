import { useQuery } from '@tanstack/react-query';
import { AutoComplete, type RefSelectProps } from 'antd';
import { type Ref, useDeferredValue, useState } from 'react';
import type { FieldAria } from '@/shared/ui/fields/fieldAria';
import { citiesQuery, regions } from '@/shared/api/reference';

interface Props extends FieldAria {
  ref?: Ref<RefSelectProps>;
  id?: string;
  value?: string;
  onChange?: (city: string) => void;
  /** The selected region; it narrows the suggestions. */
  region: string | undefined;
  /** Called with the region of a selected suggestion. */
  onRegion: (region: string) => void;
}

interface Suggestion {
  value: string;
  label: string;
  city?: string;
  region?: string;
}

/** An input for a city with suggestions. Other names are allowed too. */
export function CityField({ ref, id, value, onChange, region, onRegion, ...aria }: Props) {
  const [typed, setTyped] = useState('');
  const { data: cities } = useQuery(citiesQuery(useDeferredValue(typed.trim()), region));
  const { data: subjects } = useQuery({ ...regions, staleTime: 'static' });
  const options = (typed.trim() ? (cities ?? []) : []).map(({ name, area, region: code }): Suggestion => {
    const subject = region ? undefined : subjects?.find((one) => one.code === code)?.label;
    return {
      value: `${code}|${area ?? ''}|${name}`,
      label: [name, area, subject].filter(Boolean).join(', '),
      city: name,
      region: code,
    };
  });
  return (
    <AutoComplete<string, Suggestion>
      ref={ref ?? null}
      id={id}
      className="field-wide"
      {...aria}
      allowClear
      options={options}
      value={value}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onChange={(text: string | undefined, option) => {
        const chosen = Array.isArray(option) ? undefined : option;
        onChange?.(chosen?.city ?? text ?? '');
        if (chosen?.region) onRegion(chosen.region);
      }}
    />
  );
}
