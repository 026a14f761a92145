import { CloseOutlined, UploadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Alert, Button } from 'antd';
import { type DragEvent, type ReactNode, type Ref, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { FieldAria } from '@/shared/ui/fields/fieldAria';
import { acceptFiles, formatSize, limitsQuery } from './limits';
import type { UploadTarget } from './targets';
import { FileFacts, UploadRow } from './UploadRow';
import { removeFile, type UploadedFile, useUploads } from './useUploads';
import './upload.css';

interface Props extends Pick<FieldAria, 'aria-describedby'> {
  ref?: Ref<HTMLDivElement>;
  /** What the files belong to; the same object at each render. */
  target: UploadTarget;
  /** The uploaded files; a Form.Item passes value and onChange. */
  value?: readonly UploadedFile[];
  onChange?: (files: UploadedFile[]) => void;
  id?: string;
  /** The accessible name: the label of the Form.Item. */
  label: string;
  /** The maximum number of files. The button disappears when it is reached. */
  maxCount?: number;
  /** The file types that the chooser offers: «.pdf,image/*». */
  accept?: string;
  disabled?: boolean;
  /** Another way to add files, shown below the chooser. */
  source?: (add: (files: readonly File[]) => void) => ReactNode;
  /** A way to make the file of a field for one on the platform, instead of the present one. */
  maker?: (set: (file: UploadedFile) => void) => ReactNode;
  /** What is shown below a file besides its name. */
  renderFile?: (file: UploadedFile, index: number) => ReactNode;
  /** Called when uploads start and end, for the submit button of the form. */
  onBusyChange?: (busy: boolean) => void;
}

/**
 * Uploads files of an order or a profile: chosen or dropped, with progress, pause and resume, shown with their
 * SHA-256.
 */
export function UploadField({
  ref,
  target,
  value = [],
  onChange,
  id,
  label,
  maxCount = 100,
  accept,
  disabled,
  source,
  maker,
  renderFile,
  onBusyChange,
  'aria-describedby': descriptionId,
}: Props) {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  const set = (files: UploadedFile[]) => {
    latest.current = files;
    onChange?.(files);
  };
  const { uploads, add, cancel } = useUploads(target, (file) => {
    if (!latest.current.some((one) => one.id === file.id)) set([...latest.current, file]);
  });
  const platformBytes = useQuery(limitsQuery).data?.maxFileBytes;
  const maxFileBytes = target.maxFileBytes ? Math.min(target.maxFileBytes, platformBytes ?? Infinity) : platformBytes;
  const [rejected, setRejected] = useState<string[]>([]);
  const busy = uploads.length > 0;
  useEffect(() => {
    onBusyChange?.(busy);
    return () => onBusyChange?.(false); // an unmounted field cancels its uploads
  }, [busy, onBusyChange]);

  const remaining = maxCount - value.length - uploads.length;
  const addFiles = (files: readonly File[]) => {
    const { accepted, problems } = acceptFiles(files, maxFileBytes, remaining, maxCount);
    setRejected(problems);
    add(accepted);
  };
  const remove = (file: UploadedFile) => {
    set(latest.current.filter((one) => one.id !== file.id));
    removeFile(target, file.id);
  };

  return (
    <div
      className="upload-field"
      role="group"
      aria-label={label}
      aria-describedby={descriptionId}
      id={id}
      ref={ref}
      tabIndex={-1}
    >
      {!disabled && maker?.((file) => onChange?.([file]))}
      {remaining > 0 && !disabled && (
        <>
          <FileChooser accept={accept} multiple={maxCount > 1} maxFileBytes={maxFileBytes} onFiles={addFiles} />
          {source?.(addFiles)}
        </>
      )}
      {rejected.length > 0 && (
        <Alert
          type="error"
          role="alert"
          showIcon
          closable={{ 'aria-label': 'Закрыть сообщение о файлах', onClose: () => setRejected([]) }}
          title="Не все файлы добавлены"
          description={rejected.map((text) => (
            <div key={text}>{text}</div>
          ))}
        />
      )}
      {(value.length > 0 || busy) && (
        <ul className="upload-list">
          {value.map((file, index) => (
            <li key={file.id}>
              <div className="upload-file">
                <FileFacts name={file.name} size={file.size} sha256={file.sha256} />
                {renderFile?.(file, index)}
              </div>
              {!disabled && (
                <Button
                  type="text"
                  icon={<CloseOutlined />}
                  aria-label={`Убрать файл ${file.name}`}
                  onClick={() => remove(file)}
                />
              )}
            </li>
          ))}
          {uploads.map(({ key, upload }) => (
            <UploadRow key={key} upload={upload} onCancel={() => cancel(key)} />
          ))}
        </ul>
      )}
    </div>
  );
}

interface ChooserProps {
  accept: string | undefined;
  multiple: boolean;
  maxFileBytes: number | undefined;
  onFiles: (files: File[]) => void;
}

function FileChooser({ accept, multiple, maxFileBytes, onFiles }: ChooserProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isDragOver, setIsDragOver] = useState(false);
  const handleDrag = (event: DragEvent) => {
    event.preventDefault();
    setIsDragOver(event.type === 'dragover');
  };
  const handleDrop = (event: DragEvent) => {
    handleDrag(event);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    <div
      className={isDragOver ? 'upload-place over' : 'upload-place'}
      onDragOver={handleDrag}
      onDragLeave={handleDrag}
      onDrop={handleDrop}
    >
      <Button icon={<UploadOutlined />} onClick={() => input.current?.click()}>
        {multiple ? 'Выбрать файлы' : 'Выбрать файл'}
      </Button>
      <span className="note">
        или перетащите сюда.{maxFileBytes && ` Не больше ${formatSize(maxFileBytes)} каждый.`} Если связь прервётся,
        загрузка продолжится с того же места.
      </span>
      <input
        ref={input}
        type="file"
        hidden
        multiple={multiple}
        accept={accept}
        aria-label={multiple ? 'Выбор файлов' : 'Выбор файла'}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          target.value = ''; // allows the same file to be chosen again
        }}
      />
    </div>
  );
}
