import { Spin } from 'antd';

/** Shown while a page is loading. */
export function PageLoading() {
  return (
    <div className="page-loading" role="status" aria-label="Загрузка">
      <Spin size="large" />
    </div>
  );
}
