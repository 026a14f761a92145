import { useQuery } from '@tanstack/react-query';
import { regions, workKinds } from '@/shared/api/reference';
import type { NameOf } from './filterText';

/** Returns the names of the codes in filters. */
export function useNames(): NameOf {
  const { data: subjects } = useQuery({ ...regions, staleTime: 'static' });
  const { data: kinds } = useQuery({ ...workKinds, staleTime: 'static' });
  return (list, code) => (list === 'region' ? subjects : kinds)?.find((one) => one.code === code)?.label ?? code;
}
