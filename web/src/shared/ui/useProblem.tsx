import type { FormInstance } from 'antd';
import { type ReactNode, useCallback, useState } from 'react';
import { fieldPath } from '@/shared/api/fieldPath';
import { problemOf } from '@/shared/api/problem';
import { ProblemAlert } from './ProblemAlert';

interface ShownProblem {
  /** The alert, or nothing. Put it above the buttons that caused it. */
  alert: ReactNode;
  show: (error: unknown) => void;
  clear: () => void;
}

/** Shows what the API refused: at the fields of the form where they are there, the rest in an alert. */
export function useProblem(form?: FormInstance): ShownProblem {
  const [error, setError] = useState<unknown>();
  const [atFields, setAtFields] = useState<ReadonlySet<string>>(new Set());
  const clear = useCallback(() => setError(undefined), []);
  const show = useCallback(
    (next: unknown) => {
      setAtFields(form ? showAtFields(form, next) : new Set());
      setError(next);
    },
    [form],
  );
  return { alert: error ? <ProblemAlert error={error} shownFields={atFields} /> : null, show, clear };
}

/** Puts messages at the fields that the form has, brings the first one into view, and returns which those were. */
function showAtFields(form: FormInstance, error: unknown): ReadonlySet<string> {
  const shown = new Set<string>();
  for (const { field, message } of problemOf(error).errors ?? []) {
    const name = fieldPath(field);
    if (name.length === 0 || !form.getFieldInstance(name)) continue;
    form.setFields([{ name, errors: [message] }]);
    if (shown.size === 0) form.scrollToField(name, { block: 'center', focus: true });
    shown.add(field);
  }
  return shown;
}
