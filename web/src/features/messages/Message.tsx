import { Button, Modal } from 'antd';
import { useEffect, useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { formatTime } from '@/shared/lib/dates';
import { queryKeys } from '@/shared/queryKeys';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { type ChatMessage, type ThreadId, withdrawMessage } from './chatApi';
import { CorrectionForm } from './CorrectionForm';
import { EarlierTexts } from './EarlierTexts';
import { MessageFiles } from './MessageFiles';
import { MessageText } from './MessageText';

interface Props {
  thread: ThreadId;
  message: ChatMessage;
  /** Whether the other side has read this message and none after it. */
  lastRead: boolean;
}

/** Shows one message, with what its author may still do with it. */
export function Message({ thread, message, lastRead }: Props) {
  const [open, setOpen] = useState<'correction' | 'withdrawal' | 'texts'>();
  const correctable = useIsBefore(message.withdrawnAt ? undefined : message.correctableUntil);
  const close = () => setOpen(undefined);
  const { text, files, withdrawnAt, correctedAt, sentAt, earlierTexts } = message;
  return (
    <div className="chat-message">
      {open === 'correction' ? (
        <CorrectionForm thread={thread} message={message} onClose={close} />
      ) : withdrawnAt ? (
        <p className="chat-text note">Сообщение отозвано</p>
      ) : (
        text && <MessageText text={text} />
      )}
      <MessageFiles thread={thread} files={files} />
      <div className="chat-facts note">
        <time dateTime={sentAt}>{formatTime(sentAt)}</time>
        {correctedAt && !withdrawnAt && <span>изменено</span>}
        {lastRead && <span>прочитано</span>}
        {earlierTexts > 0 && (
          <Button type="link" size="small" onClick={() => setOpen('texts')}>
            Прежний текст
          </Button>
        )}
        {correctable && open !== 'correction' && (
          <>
            {text && (
              <Button type="link" size="small" onClick={() => setOpen('correction')}>
                Изменить
              </Button>
            )}
            <Button type="link" size="small" onClick={() => setOpen('withdrawal')}>
              Отозвать
            </Button>
          </>
        )}
      </div>
      {open === 'withdrawal' && <Withdrawal thread={thread} message={message} onClose={close} />}
      {open === 'texts' && <EarlierTexts thread={thread} message={message} onClose={close} />}
    </div>
  );
}

/** Asks before a message is withdrawn. */
function Withdrawal({ thread, message, onClose }: { thread: ThreadId; message: ChatMessage; onClose: () => void }) {
  useFocusReturn();
  const queries = useQueryClient();
  const withdrawal = useMutation({
    mutationFn: () => withdrawMessage(thread, message.seq),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: queryKeys.chats.one(thread.order) });
      onClose();
    },
  });
  return (
    <Modal
      open
      title="Отозвать сообщение?"
      okText="Отозвать"
      okButtonProps={{ danger: true, loading: withdrawal.isPending }}
      cancelText="Оставить"
      onOk={() => withdrawal.mutate()}
      onCancel={onClose}
    >
      <p>Вместо него в чате останется отметка «Сообщение отозвано». При споре модератор увидит его текст.</p>
      <ProblemAlert error={withdrawal.error} />
    </Modal>
  );
}

/** The longest delay of a timer; a later moment needs none. */
const maxTimer = 24 * 3_600_000;

/** Returns whether a moment is still ahead, and changes when it comes. */
function useIsBefore(moment: string | undefined): boolean {
  const [now, setNow] = useState(() => Date.now());
  const left = moment === undefined ? 0 : Date.parse(moment) - now;
  useEffect(() => {
    if (left <= 0 || left > maxTimer) return;
    const timer = setTimeout(() => setNow(Date.now()), left);
    return () => clearTimeout(timer);
  }, [left]);
  return left > 0;
}
