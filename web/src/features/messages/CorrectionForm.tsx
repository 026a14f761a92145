import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { isFilled } from '@/shared/lib/humanText';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { type ChatMessage, correctMessage, type ThreadId } from './chatApi';
import { lengthProblem } from './limits';
import { showMessage } from './queries';

interface Props {
  thread: ThreadId;
  message: ChatMessage;
  onClose: () => void;
}

/** Corrects the text of a message where it stands. */
export function CorrectionForm({ thread, message, onClose }: Props) {
  const queries = useQueryClient();
  const [text, setText] = useState(message.text);
  const correction = useMutation({
    mutationFn: () => correctMessage(thread, message.seq, text),
    onSuccess: (corrected) => {
      showMessage(queries, thread, corrected);
      onClose();
    },
  });
  const tooLong = lengthProblem(text);
  return (
    <form
      className="chat-correction"
      onSubmit={(event) => {
        event.preventDefault();
        correction.mutate();
      }}
    >
      <Input.TextArea
        aria-label="Новый текст сообщения"
        className="growing"
        // eslint-disable-next-line jsx-a11y/no-autofocus -- the person has just pressed «Изменить»
        autoFocus
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation(); // the sheet of the chat stays open
          onClose();
        }}
      />
      {tooLong && (
        <p className="upload-problem" role="alert">
          {tooLong}
        </p>
      )}
      <ProblemAlert error={correction.error} />
      <div className="chat-buttons">
        <Button
          htmlType="submit"
          type="primary"
          size="small"
          loading={correction.isPending}
          disabled={!isFilled(text) || tooLong !== undefined || text === message.text}
        >
          Сохранить
        </Button>
        <Button size="small" onClick={onClose}>
          Не изменять
        </Button>
      </div>
    </form>
  );
}
