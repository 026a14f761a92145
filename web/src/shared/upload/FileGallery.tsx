import { FilePdfOutlined } from '@ant-design/icons';
import { formatSize } from './limits';
import './gallery.css';

export interface GalleryFile {
  id: string;
  /** What it is called: its title, or the name of the file. */
  title: string;
  size: number;
  picture: boolean;
  /** Its address without parameters. */
  url: string;
}

/** Shows the files of a part of a profile: pictures as others see them, documents as links. */
export function FileGallery({ files, empty = '' }: { files: readonly GalleryFile[]; empty?: string }) {
  if (files.length === 0) return <p className="note">{empty}</p>;
  return (
    <ul className="gallery">
      {files.map(({ id, title, size, picture, url }) => (
        <li key={id}>
          <a href={`${url}?size=full`} className="gallery-file" target="_blank" rel="noopener noreferrer">
            {picture ? (
              <img src={`${url}?size=thumbnail`} alt="" loading="lazy" />
            ) : (
              <FilePdfOutlined className="gallery-icon" aria-hidden />
            )}
            <span className="underlined">{title}</span>
          </a>
          <span className="note">
            {picture ? 'снимок' : 'PDF'}, {formatSize(size)}
          </span>
        </li>
      ))}
    </ul>
  );
}
