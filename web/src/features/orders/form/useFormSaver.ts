import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { api, ask } from '@/shared/api/client';
import { ProblemError } from '@/shared/api/problem';
import { fingerprintOf } from '@/shared/lib/keyKeeper';
import { type Failure, FormSaver, type SaveState } from './FormSaver';
import { leave } from './leaving';
import type { FormContent } from './values';

/** How the saving stands, and the failure that it stands at. */
export interface Saving {
  state: SaveState;
  error?: unknown;
}

/** Saves the form of an order while its page is open. onSaved is told each version that has arrived, and whether it holds all that is typed. */
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
        // eslint-disable-next-line react-hooks/refs -- FormSaver calls onSaved after a saving, never while it is made
        {
          save: async (content, from) => (await put(order, content, from)).version,
          read: () => read(order),
          judge,
          same: (a, b) => fingerprintOf(plain(a)) === fingerprintOf(plain(b)),
          onState: (state, error) => setSaving({ state, error }),
          onSaved: (at, all) => saved.current(at, all),
        },
        version,
      ),
    [order, version],
  );
  useEffect(() => {
    saver.resume(); // in a development build, where every effect runs twice
    return () => leave(order, saver.leave());
  }, [order, saver]);
  return { saver, saving };
}

/** These answers say nothing of the form: the session is over, or there is too much to do. */
const passing = [401, 408, 425, 429];

function judge(error: unknown): Failure {
  if (!(error instanceof ProblemError)) return 'failed';
  if (error.code === 'form_version_conflict') return 'conflict';
  return error.status >= 400 && error.status < 500 && !passing.includes(error.status) ? 'refused' : 'failed';
}

const inOrder = (order: string) => ({ params: { path: { order } } });

const put = (order: string, content: FormContent, version: number) =>
  ask(api.PUT('/api/orders/{order}/form', { ...inOrder(order), body: { ...content, version } }));

async function read(order: string): Promise<{ content: FormContent; version: number }> {
  const { form, version } = await ask(api.GET('/api/orders/{order}/form', inOrder(order)));
  return { content: { details: form.details ?? {}, text: form.text ?? {} }, version };
}

/** What JSON makes of a content: the database gives back no more than that. */
const plain = (content: FormContent): unknown => JSON.parse(JSON.stringify(content));
