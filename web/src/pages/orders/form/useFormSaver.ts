import { useEffect, useMemo, useRef, useState } from 'react';
import { api, ask } from '../../../api/client';
import { ProblemError } from '../../../api/problem';
import { fingerprintOf } from '../../../lib/keyKeeper';
import { FormSaver, type SaveState } from './FormSaver';
import type { FormContent } from './values';

interface Saving {
  saver: FormSaver<FormContent>;
  state: SaveState;
}

/** Saves the form of an order while its page is open. onSaved is told each version that has arrived. */
export function useFormSaver(order: string, version: number, onSaved: (version: number) => void): Saving {
  const [state, setState] = useState<SaveState>('clean');
  const saved = useRef(onSaved);
  saved.current = onSaved;
  const saver = useMemo(
    () =>
      new FormSaver<FormContent>(
        {
          save: async (content, from) => (await put(order, content, from)).version,
          read: () => read(order),
          isConflict: (error) => error instanceof ProblemError && error.code === 'form_version_conflict',
          same: (a, b) => fingerprintOf(plain(a)) === fingerprintOf(plain(b)),
          onState: (next, at) => {
            setState(next);
            if (next === 'saved') saved.current(at);
          },
        },
        version,
      ),
    [order, version],
  );
  useEffect(() => () => void saver.flush(), [saver]);
  return { saver, state };
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
