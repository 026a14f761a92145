import { Button, Result } from 'antd';
import { useRouteError } from 'react-router';
import { problemOf } from '../api/problem';

/** A fault of a page, or a part of the app that a newer build has replaced. */
export function RouteError() {
  const problem = problemOf(useRouteError());
  return (
    <Result
      status="error"
      title={<h1>{problem.title}</h1>}
      subTitle={`${problem.detail} Если платформа только что обновилась, это поможет открыть новую версию.`}
      extra={
        <Button type="primary" onClick={() => window.location.reload()}>
          Обновить страницу
        </Button>
      }
    />
  );
}
