import { Result, type ResultProps } from 'antd';

/** Says that there is no such thing. The picture is for the eye alone: Ant Design would call it in English. */
export function NotThere(words: Pick<ResultProps, 'title' | 'subTitle' | 'extra'>) {
  return (
    <Result
      {...words}
      icon={
        <span aria-hidden>
          <Result.PRESENTED_IMAGE_404 />
        </span>
      }
    />
  );
}
