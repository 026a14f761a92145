import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useCallback, useState } from 'react';
import { filesOfProfile, type Purpose } from '@/shared/upload/targets';
import { UploadField } from '@/shared/upload/UploadField';
import type { UploadedFile } from '@/shared/upload/useUploads';
import { pictureAddress } from './queries';

const targets: Record<Purpose, ReturnType<typeof filesOfProfile>> = {
  photo: filesOfProfile('photo'),
  diploma: filesOfProfile('diploma'),
  sample: filesOfProfile('sample'),
  document: filesOfProfile('document'),
};

const pictures = '.jpg,.jpeg,.png,image/jpeg,image/png';
const papers = `${pictures},.pdf,application/pdf`;

type Report = (field: string, busy: boolean) => void;

/** Reports whether any field of the form is uploading. */
export function useBusyFields(): { busy: boolean; report: Report } {
  const [fields, setFields] = useState<ReadonlySet<string>>(new Set());
  const report = useCallback((field: string, busy: boolean) => {
    setFields((before) => {
      if (before.has(field) === busy) return before;
      const next = new Set(before);
      if (busy) next.add(field);
      else next.delete(field);
      return next;
    });
  }, []);
  return { busy: fields.size > 0, report };
}

/** The photo of the engineer, shown as others will see it. */
export function PhotoField({ report }: { report: Report }) {
  const onBusyChange = useCallback((busy: boolean) => report('photo', busy), [report]);
  return (
    <Form.Item name="photo" label="Фотография" extra="JPEG или PNG. Сведения о месте и времени съёмки удаляются.">
      <UploadField
        target={targets.photo}
        label="Фотография"
        maxCount={1}
        accept={pictures}
        onBusyChange={onBusyChange}
        renderFile={({ id }) => (
          <img className="own-photo" src={pictureAddress(id, 'thumbnail')} alt="Так фотографию увидят другие" />
        )}
      />
    </Form.Item>
  );
}

interface Props {
  name: string;
  purpose: Purpose;
  label: string;
  maxCount: number;
  report: Report;
}

/** Files with titles, in the order in which others see them. */
export function TitledFilesField({ name, purpose, label, maxCount, report }: Props) {
  const onBusyChange = useCallback((busy: boolean) => report(name, busy), [report, name]);
  return (
    <Form.Item name={name} label={label} extra="Снимки JPEG и PNG или документы PDF.">
      <TitledFiles purpose={purpose} label={label} maxCount={maxCount} onBusyChange={onBusyChange} />
    </Form.Item>
  );
}

interface ControlProps {
  purpose: Purpose;
  label: string;
  maxCount: number;
  onBusyChange: (busy: boolean) => void;
  id?: string;
  value?: UploadedFile[];
  onChange?: (files: UploadedFile[]) => void;
  'aria-describedby'?: string;
}

function TitledFiles({ purpose, value = [], onChange, ...rest }: ControlProps) {
  const rename = (file: UploadedFile, title: string) =>
    onChange?.(value.map((one) => (one.id === file.id ? { ...one, title } : one)));
  const swap = (index: number) => {
    const next = [...value];
    const [first, second] = [next[index], next[index + 1]];
    if (first && second) next.splice(index, 2, second, first);
    onChange?.(next);
  };
  return (
    <UploadField
      target={targets[purpose]}
      accept={papers}
      value={value}
      {...(onChange && { onChange })}
      {...rest}
      renderFile={(file, index) => (
        <div className="titled-file">
          <Input
            value={file.title ?? ''}
            maxLength={200}
            placeholder="Подпись"
            aria-label={`Подпись к файлу ${file.name}`}
            onChange={({ target }) => rename(file, target.value)}
          />
          <Button
            icon={<ArrowUpOutlined />}
            disabled={index === 0}
            aria-label={`Поднять файл ${file.name}`}
            title="Выше"
            onClick={() => swap(index - 1)}
          />
          <Button
            icon={<ArrowDownOutlined />}
            disabled={index === value.length - 1}
            aria-label={`Опустить файл ${file.name}`}
            title="Ниже"
            onClick={() => swap(index)}
          />
        </div>
      )}
    />
  );
}

/** The copy of the document that proves the form of work, page by page. */
export function DocumentField({ report }: { report: Report }) {
  const onBusyChange = useCallback((busy: boolean) => report('documents', busy), [report]);
  return (
    <Form.Item
      name="documents"
      label="Электронная копия документа"
      required
      extra="Снимки JPEG и PNG или PDF. Копию видят только вы, работодатель и модераторы."
    >
      <UploadField
        target={targets.document}
        label="Электронная копия документа"
        maxCount={10}
        accept={papers}
        onBusyChange={onBusyChange}
      />
    </Form.Item>
  );
}
