import { CloseOutlined, PauseOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { Button, Progress } from 'antd';
import { formatSize } from './limits';
import type { Phase, Upload } from './upload';
import './upload.css';

const phaseTexts: Record<Phase, string> = {
  hashing: 'Вычисляется контрольная сумма',
  uploading: 'Загружается',
  reconnecting: 'Связь прервалась, загрузка продолжится сама',
  paused: 'Приостановлено',
  checking: 'Платформа проверяет файл',
  stored: 'Загружен',
  failed: 'Не загружен',
};

/** Shows a running upload: its progress, and how to pause, resume and cancel it. */
export function UploadRow({ upload, onCancel }: { upload: Upload; onCancel: () => void }) {
  const { phase, done, sha256, problem } = upload.state;
  const { name, size } = upload.source;
  const stopped = phase === 'paused' || phase === 'failed';
  const percent = Math.floor((done / size) * 100);
  return (
    <li>
      <div className="upload-file">
        <FileFacts name={name} size={size} sha256={sha256} />
        <Progress
          percent={percent}
          size="small"
          status={phase === 'failed' ? 'exception' : 'active'}
          aria-label={`${name}: ${phaseTexts[phase]}`}
        />
        <div className="note" role="status">
          {phaseTexts[phase]}
          {phase === 'uploading' && `: ${formatSize(done)} из ${formatSize(size)}`}
        </div>
        {problem && (
          <div className="upload-problem" role="alert">
            {problem.detail}
          </div>
        )}
      </div>
      {stopped ? (
        <Button
          type="text"
          icon={<PlayCircleOutlined />}
          aria-label={`Продолжить загрузку файла ${name}`}
          title="Продолжить"
          onClick={() => void upload.run()}
        />
      ) : (
        <Button
          type="text"
          icon={<PauseOutlined />}
          disabled={phase === 'checking'}
          aria-label={`Приостановить загрузку файла ${name}`}
          title="Приостановить"
          onClick={() => upload.pause()}
        />
      )}
      <Button
        type="text"
        icon={<CloseOutlined />}
        aria-label={`Отменить загрузку файла ${name}`}
        title="Отменить"
        onClick={onCancel}
      />
    </li>
  );
}

/** Shows a file's name and size, and its SHA-256 if it is given. */
export function FileFacts({ name, size, sha256 }: { name: string; size: number; sha256?: string | undefined }) {
  return (
    <div className="upload-file">
      <span className="upload-name">{name}</span> <span className="note">{formatSize(size)}</span>
      {sha256 && (
        <div className="upload-sum note">
          SHA-256: <code>{sha256}</code>
        </div>
      )}
    </div>
  );
}
