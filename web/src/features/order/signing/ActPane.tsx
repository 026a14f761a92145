import { Form } from 'antd';
import type { Files } from '@/features/order/fields/files';
import { DocumentPane, NoDocument } from './DocumentPane';

/** Shows the act that the performer has generated or attached on the page. */
export function ActPane({ order, expected }: { order: string; expected: boolean }) {
  const file = Form.useWatch<Files | undefined>(['details', 'act', 'file'])?.[0];
  if (file) return <DocumentPane order={order} document={file} />;
  return (
    <NoDocument
      text={
        expected
          ? 'Здесь будет акт, когда вы сформируете или приложите его.'
          : 'По этому договору акт передаётся вместе с результатом ГКУ/ГРП.'
      }
    />
  );
}
