import { Form } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { filesOfOrder } from '@/shared/upload/targets';
import { UploadField } from '@/shared/upload/UploadField';
import type { UploadedFile } from '@/shared/upload/useUploads';
import { useBusyReport } from './busyUploads';

interface Props {
  order: string;
  name: (string | number)[];
  label: string;
  extra?: ReactNode;
  /** The error if there is no file; without it the files are optional. */
  missing?: string;
  maxCount?: number;
  accept?: string;
  /** What is shown below a file besides its name. */
  renderFile?: (file: UploadedFile) => ReactNode;
  /** Another way to add files. */
  source?: (add: (files: readonly File[]) => void) => ReactNode;
  /** A way to make the only file on the platform. */
  maker?: (set: (file: UploadedFile) => void) => ReactNode;
}

/** A form field for the files of an action. */
export function FilesField({ order, name, label, extra, missing, maxCount, accept, ...shown }: Props) {
  const report = useBusyReport();
  const target = useMemo(() => filesOfOrder(order), [order]);
  return (
    <Form.Item
      name={name}
      label={label}
      extra={extra}
      rules={missing ? [{ required: true, type: 'array', min: 1, message: missing }] : []}
    >
      <UploadField
        target={target}
        label={label}
        onBusyChange={report}
        {...(maxCount && { maxCount })}
        {...(accept && { accept })}
        {...shown}
      />
    </Form.Item>
  );
}
