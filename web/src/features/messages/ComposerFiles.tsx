import { CloseOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { formatSize } from '@/shared/upload/limits';
import { FileFacts, UploadRow } from '@/shared/upload/UploadRow';
import type { ComposerState } from './useComposer';

/** Shows the files of the message that is being written, and those that are being uploaded for it. */
export function ComposerFiles({ state: { files, remove, upload } }: { state: ComposerState }) {
  const { uploads, cancel, rejected, dismiss, maxFileBytes } = upload;
  return (
    <>
      {rejected.length > 0 && (
        <Alert
          type="error"
          role="alert"
          showIcon
          closable={{ 'aria-label': 'Закрыть сообщение о файлах', onClose: dismiss }}
          title="Не все файлы добавлены"
          description={rejected.map((text) => (
            <div key={text}>{text}</div>
          ))}
        />
      )}
      {(files.length > 0 || uploads.length > 0) && (
        <ul className="upload-list" aria-label="Файлы сообщения">
          {files.map((file) => (
            <li key={file.id}>
              <FileFacts name={file.name} size={file.size} />
              <Button
                type="text"
                size="small"
                icon={<CloseOutlined />}
                aria-label={`Убрать файл ${file.name}`}
                onClick={() => remove(file)}
              />
            </li>
          ))}
          {uploads.map(({ key, upload: one }) => (
            <UploadRow key={key} upload={one} onCancel={() => cancel(key)} />
          ))}
        </ul>
      )}
      {uploads.length > 0 && (
        <p className="note">
          {maxFileBytes !== undefined && `Можно отправлять файлы до ${formatSize(maxFileBytes)}. `}
          Большие файлы отправлять не советуем: загрузка может не завершиться. Если связь прервётся, она продолжится с
          того же места.
        </p>
      )}
    </>
  );
}
