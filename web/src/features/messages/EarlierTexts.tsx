import { useQuery } from '@tanstack/react-query';
import { Modal } from 'antd';
import { formatDateTime } from '@/shared/lib/dates';
import { queryKeys } from '@/shared/queryKeys';
import { ListState } from '@/shared/ui/list/ListState';
import { useFocusReturn } from '@/shared/ui/useFocusReturn';
import { type ChatMessage, readEarlierTexts, type ThreadId } from './chatApi';
import { MessageText } from './MessageText';

interface Props {
  thread: ThreadId;
  message: ChatMessage;
  onClose: () => void;
}

/** Shows what a corrected or withdrawn message said before. */
export function EarlierTexts({ thread, message, onClose }: Props) {
  useFocusReturn();
  const query = useQuery({
    queryKey: [...queryKeys.chats.texts(message.id), String(message.earlierTexts)],
    queryFn: ({ signal }) => readEarlierTexts(thread, message.seq, signal),
  });
  const texts = query.data?.items ?? [];
  return (
    <Modal open title="Прежние тексты сообщения" footer={null} onCancel={onClose}>
      <ListState query={query} isEmpty={texts.length === 0} empty="Прежних текстов нет.">
        <ol className="plain">
          {texts.map(({ text, until }) => (
            <li key={until}>
              <div className="note">до {formatDateTime(until)}</div>
              <MessageText text={text} />
            </li>
          ))}
        </ol>
      </ListState>
    </Modal>
  );
}
