import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { api, unwrap } from '@/shared/api/client';
import { ProblemError } from '@/shared/api/problem';
import { fingerprintOf } from '@/shared/lib/idempotencyKeys';
import { type Failure, FormSaver, type SaveState } from './FormSaver';
import { trackPendingSave } from './pendingSaves';
import type { FormContent } from './values';

/** The state of saving, and the error if it failed. */
export interface Saving {
  state: SaveState;
  error?: unknown;
}

/**
 * Saves the form of an order while its page is open. onSaved is called for each saved version, with
 * whether it contains everything that was typed.
 */
export function useFormSaver(
  order: string,
  version: number,
  onSaved: (version: number, all: boolean) => void,
): { saver: FormSaver<FormContent>; saving: Saving } {
  const [saving, setSaving] = useState<Saving>({ state: 'clean' });
  const saved = useRef(onSaved);
  useLayoutEffect(() => {
    saved.current = onSaved;
  });
  const saver = useMemo(
    () =>
      new FormSaver<FormContent>(
        // eslint-disable-next-line react-hooks/refs -- FormSaver calls onSaved after a save, never while it is constructed
        {
          save: async (content, from) => (await put(order, content, from)).version,
          read: () => read(order),
          classify,
          same: (a, b) => fingerprintOf(toJson(a)) === fingerprintOf(toJson(b)),
          onState: (state, error) => setSaving({ state, error }),
          onSaved: (at, all) => saved.current(at, all),
        },
        version,
      ),
    [order, version],
  );
  useEffect(() => {
    saver.resume(); // undoes the cleanup of the double effect run in development builds
    return () => trackPendingSave(order, saver.flush());
  }, [order, saver]);
  return { saver, saving };
}

/** These statuses do not concern the form: the session is over, or there are too many requests. */
const unrelatedStatuses = [401, 408, 425, 429];

function classify(error: unknown): Failure {
  if (!(error instanceof ProblemError)) return 'failed';
  if (error.code === 'form_version_conflict') return 'conflict';
  return error.status >= 400 && error.status < 500 && !unrelatedStatuses.includes(error.status) ? 'refused' : 'failed';
}

const inOrder = (order: string) => ({ params: { path: { order } } });

const put = (order: string, content: FormContent, version: number) =>
  unwrap(api.PUT('/api/orders/{order}/form', { ...inOrder(order), body: { ...content, version } }));

async function read(order: string): Promise<{ content: FormContent; version: number }> {
  const { form, version } = await unwrap(api.GET('/api/orders/{order}/form', inOrder(order)));
  return { content: { details: form.details ?? {}, text: form.text ?? {} }, version };
}

/** Returns a content after a JSON round trip, as the database returns it. */
const toJson = (content: FormContent): unknown => JSON.parse(JSON.stringify(content));
