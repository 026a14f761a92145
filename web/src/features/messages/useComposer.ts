import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useDraft } from '@/shared/auth/useDraft';
import { isFilled } from '@/shared/lib/humanText';
import { ProblemError } from '@/shared/api/problem';
import { acceptFiles, limitsQuery } from '@/shared/upload/limits';
import { filesOfChat } from '@/shared/upload/targets';
import { removeFile, useUploads } from '@/shared/upload/useUploads';
import type { ChatFile, ThreadId } from './chatApi';
import { maxFiles } from './limits';
import type { Content, Outbox } from './outbox';

export type ComposerState = ReturnType<typeof useComposer>;

const empty: Content = { text: '', files: [] };

/**
 * What a person writes in a thread: kept on the device until it is sent, and returned to the field
 * when the platform refuses it.
 */
export function useComposer(thread: ThreadId, outbox: Outbox, after: number) {
  const { order, engineer } = thread;
  const draft = useDraft<Content>(`chat.${order}.${engineer}`);
  const [content, setContent] = useState<Content>(draft.saved ?? empty);
  const [problem, setProblem] = useState<ProblemError>();
  const latest = useRef(content);
  const change = useCallback(
    (next: Content) => {
      latest.current = next;
      setContent(next);
      if (next.text === '' && next.files.length === 0) draft.drop();
      else draft.save(next);
    },
    [draft],
  );
  const addFile = (file: ChatFile) => {
    if (!latest.current.files.some(({ id }) => id === file.id))
      change({ ...latest.current, files: [...latest.current.files, file] });
  };

  const target = useMemo(() => filesOfChat(order, engineer), [order, engineer]);
  const { uploads, add, cancel } = useUploads(target, ({ id, name, size }) => addFile({ id, name, size, type: '' }));
  const maxFileBytes = useQuery(limitsQuery).data?.maxFileBytes;
  const [rejected, setRejected] = useState<readonly string[]>([]);

  /** Returns a message to the field, before what was typed since. */
  const takeBack = useCallback(
    (key: string) => {
      const entry = outbox.take(key);
      if (!entry) return;
      const { text, files } = latest.current;
      const known = new Set(entry.files.map(({ id }) => id));
      change({
        text: [entry.text, text].filter(isFilled).join('\n'),
        files: [...entry.files, ...files.filter(({ id }) => !known.has(id))],
      });
      setProblem(entry.state === 'refused' && entry.problem ? new ProblemError(entry.problem) : undefined);
    },
    [change, outbox],
  );
  useEffect(() => {
    const takeRefused = () => {
      for (const { key, state } of outbox.snapshot()) if (state === 'refused') takeBack(key);
    };
    takeRefused();
    return outbox.subscribe(takeRefused);
  }, [outbox, takeBack]);

  return {
    ...content,
    setText: (text: string) => change({ ...latest.current, text }),
    remove: (file: ChatFile) => {
      change({ ...latest.current, files: latest.current.files.filter(({ id }) => id !== file.id) });
      removeFile(target, file.id);
    },
    upload: {
      uploads,
      cancel,
      busy: uploads.length > 0,
      maxFileBytes,
      add: (files: readonly File[]) => {
        const remaining = maxFiles - content.files.length - uploads.length;
        const { accepted, problems } = acceptFiles(files, maxFileBytes, remaining, maxFiles);
        setRejected(problems);
        add(accepted);
      },
      rejected,
      dismiss: () => setRejected([]),
    },
    problem,
    takeBack,
    send: () => {
      setProblem(undefined);
      outbox.add(latest.current, after);
      change(empty);
    },
  };
}
