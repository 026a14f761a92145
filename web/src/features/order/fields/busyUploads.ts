import { createContext, useCallback, useContext, useId, useMemo, useState } from 'react';

/** A form waits with its button while files are on their way. */
export const BusyUploads = createContext<(field: string, busy: boolean) => void>(() => undefined);

/** The context's value for a form, and whether any of its fields is busy. */
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

/** For a field with an upload: tells its form. */
export function useBusyReport(): (busy: boolean) => void {
  const report = useContext(BusyUploads);
  const field = useId();
  return useCallback((busy: boolean) => report(field, busy), [report, field]);
}
