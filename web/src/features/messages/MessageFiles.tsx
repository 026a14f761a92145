import { FileOutlined } from '@ant-design/icons';
import { formatSize } from '@/shared/upload/limits';
import { type ChatFile, fileAddress, type ThreadId } from './chatApi';

/** The types that browsers show as pictures, and the size up to which they are shown at once. */
const pictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const maxPictureBytes = 3 << 20;

/** Shows the files of a message: small pictures as they are, others by name, each to be downloaded. */
export function MessageFiles({ thread, files }: { thread: ThreadId; files: readonly ChatFile[] }) {
  if (files.length === 0) return null;
  return (
    <ul className="chat-files">
      {files.map(({ id, name, size, type }) => {
        const address = fileAddress(thread, id);
        return (
          <li key={id}>
            <a href={address} download aria-label={`Скачать: ${name}`} className="chat-file">
              {pictures.has(type) && size <= maxPictureBytes ? (
                <img src={address} alt="" loading="lazy" />
              ) : (
                <FileOutlined aria-hidden />
              )}
              <bdi className="underlined">{name}</bdi>
            </a>{' '}
            <span className="note">{formatSize(size)}</span>
          </li>
        );
      })}
    </ul>
  );
}
