import { PaperClipOutlined, SendOutlined } from '@ant-design/icons';
import { Alert, Button, Input } from 'antd';
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, useRef, useState } from 'react';
import { isFilled } from '@/shared/lib/humanText';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { useMediaQuery } from '@/shared/ui/useMediaQuery';
import { ComposerFiles } from './ComposerFiles';
import { lengthNote, lengthProblem, maxFiles } from './limits';
import type { ComposerState } from './useComposer';

interface Props {
  state: ComposerState;
  /** Why nothing can be written any more; undefined while the thread is open. */
  closed: string | undefined;
}

/** The field in which a message is written. Enter sends it; on a phone Enter starts a new line. */
export function Composer({ state, closed }: Props) {
  const { text, setText, files, upload, problem, send } = state;
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const touch = useMediaQuery('(pointer: coarse)');
  const tooLong = lengthProblem(text);
  const note = lengthNote(text);
  const empty = !isFilled(text) && files.length === 0;
  const ready = closed === undefined && !empty && !tooLong && !upload.busy;

  const submit = () => {
    if (ready) send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || touch) return;
    event.preventDefault();
    submit();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    upload.add([...event.clipboardData.files]);
  };
  const onDrag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(event.type === 'dragover');
    if (event.type === 'drop' && closed === undefined) upload.add([...event.dataTransfer.files]);
  };
  return (
    <form
      className={over ? 'chat-composer over' : 'chat-composer'}
      aria-label="Новое сообщение"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onDragOver={onDrag}
      onDragLeave={onDrag}
      onDrop={onDrag}
    >
      <ProblemAlert error={problem} />
      {closed !== undefined && <Alert type="warning" showIcon role="status" title={closed} />}
      <Input.TextArea
        aria-label="Сообщение"
        placeholder="Сообщение"
        className="growing chat-field"
        rows={2}
        readOnly={closed !== undefined}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
      {tooLong && (
        <p className="upload-problem" role="alert">
          {tooLong}
        </p>
      )}
      <ComposerFiles state={state} />
      {closed === undefined && (
        <div className="chat-buttons">
          <Button
            type="text"
            icon={<PaperClipOutlined />}
            aria-label="Приложить файлы"
            title="Приложить файлы"
            disabled={files.length + upload.uploads.length >= maxFiles}
            onClick={() => input.current?.click()}
          />
          <input
            ref={input}
            type="file"
            hidden
            multiple
            aria-label="Выбор файлов"
            onChange={({ target }) => {
              upload.add([...(target.files ?? [])]);
              target.value = ''; // allows the same file to be chosen again
            }}
          />
          <span className="note chat-hint" role="status">
            {upload.busy ? 'Отправить можно, когда файлы загрузятся.' : note}
          </span>
          <Button htmlType="submit" type="primary" icon={<SendOutlined />} disabled={!ready}>
            Отправить
          </Button>
        </div>
      )}
    </form>
  );
}
