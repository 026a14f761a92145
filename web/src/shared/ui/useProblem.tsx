import type { FormInstance } from 'antd';
import { type ReactNode, useCallback, useState } from 'react';
import { fieldPath } from '@/shared/api/fieldPath';
import { problemOf } from '@/shared/api/problem';
import { ProblemAlert } from './ProblemAlert';

interface ShownProblem {
  /** The alert or null. Place it above the buttons that caused the problem. */
  alert: ReactNode;
  show: (error: unknown) => void;
  clear: () => void;
}

/**
 * Shows a problem of the API: messages for fields of the form at those fields, the rest in an
 * alert.
 */
export function useProblem(form?: FormInstance): ShownProblem {
  const [error, setError] = useState<unknown>();
  const [shownFields, setShownFields] = useState<ReadonlySet<string>>(new Set());
  const clear = useCallback(() => setError(undefined), []);
  const show = useCallback(
    (next: unknown) => {
      setShownFields(form ? showAtFields(form, next) : new Set());
      setError(next);
    },
    [form],
  );
  return { alert: error ? <ProblemAlert error={error} shownFields={shownFields} /> : null, show, clear };
}

/**
 * Sets the messages at the fields that the form has, scrolls to the first one, and returns the
 * fields that show one.
 */
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
