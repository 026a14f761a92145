import { Result, type ResultProps } from 'antd';

/**
 * Shows that something does not exist. The picture is hidden from screen readers, because Ant
 * Design gives it an English name.
 */
export function NotFound(texts: Pick<ResultProps, 'title' | 'subTitle' | 'extra'>) {
  return (
    <Result
      {...texts}
      icon={
        <span aria-hidden>
          <Result.PRESENTED_IMAGE_404 />
        </span>
      }
    />
  );
}
