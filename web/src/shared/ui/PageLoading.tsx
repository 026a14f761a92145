import { Spin } from 'antd';

/** A page that is on its way. */
export function PageLoading() {
  return (
    <div className="page-loading" role="status" aria-label="Загрузка">
      <Spin size="large" />
    </div>
  );
}
