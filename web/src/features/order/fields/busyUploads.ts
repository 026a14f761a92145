import { createContext, useCallback, useContext, useId, useMemo, useState } from 'react';

/** Fields report here whether they are uploading, so that the form disables its submit button. */
export const BusyUploads = createContext<(field: string, busy: boolean) => void>(() => undefined);

/** Returns the context's value for a form, and whether any of its fields is uploading. */
export function useBusyUploads() {
  const [fields, setFields] = useState<ReadonlySet<string>>(new Set());
  const report = useCallback((field: string, busy: boolean) => {
    setFields((before) => {
      if (before.has(field) === busy) return before;
      const next = new Set(before);
      if (busy) next.add(field);
      else next.delete(field);
      return next;
    });
  }, []);
  return useMemo(() => ({ report, busy: fields.size > 0 }), [report, fields]);
}

/** Returns the function with which a field reports to its form whether it is uploading. */
export function useBusyReport(): (busy: boolean) => void {
  const report = useContext(BusyUploads);
  const field = useId();
  return useCallback((busy: boolean) => report(field, busy), [report, field]);
}
