import { FilePdfOutlined } from '@ant-design/icons';
import { formatSize } from '@/shared/upload/limits';
import { type ProfileFile, pictureAddress } from './queries';

/** Shows the files of a part of the profile: pictures as others see them, documents as links. */
export function FileGallery({ files, empty }: { files: readonly ProfileFile[]; empty: string }) {
  if (files.length === 0) return <p className="note">{empty}</p>;
  return (
    <ul className="gallery">
      {files.map(({ id, name, title, size, picture }) => (
        <li key={id}>
          <a href={pictureAddress(id, 'full')} className="gallery-file">
            {picture ? (
              <img src={pictureAddress(id, 'thumbnail')} alt="" loading="lazy" />
            ) : (
              <FilePdfOutlined className="gallery-icon" aria-hidden />
            )}
            <span className="underlined">{title || name}</span>
          </a>
          <span className="note">
            {picture ? 'снимок' : 'PDF'}, {formatSize(size)}
          </span>
        </li>
      ))}
    </ul>
  );
}
