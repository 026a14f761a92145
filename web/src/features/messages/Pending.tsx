import { Button } from 'antd';
import { formatSize } from '@/shared/upload/limits';
import { MessageText } from './MessageText';
import type { Outgoing } from './outbox';

interface Props {
  entry: Outgoing;
  onRetry: () => void;
  /** Returns the message to the field. */
  onTakeBack: () => void;
}

/** Shows a message on its way, and what to do when it does not get through. */
export function Pending({ entry, onRetry, onTakeBack }: Props) {
  const { text, files, state, problem } = entry;
  return (
    <div className="chat-message pending">
      {text && <MessageText text={text} />}
      {files.length > 0 && (
        <ul className="chat-files">
          {files.map(({ id, name, size }) => (
            <li key={id}>
              <bdi>{name}</bdi> <span className="note">{formatSize(size)}</span>
            </li>
          ))}
        </ul>
      )}
      {state === 'waiting' ? (
        <div className="chat-facts">
          <span className="upload-problem">Не отправлено. {problem?.detail}</span>
          <Button size="small" onClick={onRetry}>
            Повторить
          </Button>
          <Button size="small" onClick={onTakeBack}>
            Не отправлять
          </Button>
        </div>
      ) : (
        <div className="chat-facts note">отправляется…</div>
      )}
    </div>
  );
}
