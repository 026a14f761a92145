import { Form } from 'antd';
import type { ReactNode } from 'react';
import { UploadField } from '@/shared/upload/UploadField';
import { useBusyReport } from './busyUploads';

interface Props {
  order: string;
  name: (string | number)[];
  label: string;
  extra?: ReactNode;
  /** What to say where no file is; without it the files may be left out. */
  missing?: string;
  maxCount?: number;
  accept?: string;
}

/** Files that go with an action. */
export function FilesField({ order, name, label, extra, missing, maxCount, accept }: Props) {
  const report = useBusyReport();
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      rules={missing ? [{ required: true, type: 'array', min: 1, message: missing }] : []}
    >
      <UploadField
        order={order}
        label={label}
        onBusyChange={report}
        {...(maxCount && { maxCount })}
        {...(accept && { accept })}
      />
    </Form.Item>
  );
}
