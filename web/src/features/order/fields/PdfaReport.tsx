import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import { queryKeys } from '@/shared/queryKeys';
import type { Schema } from '@/shared/api/client';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { filesOfOrder } from '@/shared/upload/targets';

interface Props {
  order: string;
  file: string;
}

/** Shows whether an uploaded file is PDF/A: which one, or what is wrong and how to save it as one. */
export function PdfaReport({ order, file }: Props) {
  const { data, error, refetch } = useQuery({
    queryKey: queryKeys.file(order, file),
    queryFn: () => filesOfOrder(order).getStatus(file),
    staleTime: 'static',
  });
  if (error) return <ProblemAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  const { pdfa, contentType } = data;
  if (pdfa?.accepted)
    return (
      <Alert
        type="success"
        showIcon
        role="status"
        title={`Файл соответствует ${pdfa.standard ?? 'PDF/A'}`}
        description={<WhatWasChecked pdfa={pdfa} />}
      />
    );
  if (!pdfa && contentType === 'application/pdf')
    return (
      <Alert
        type="error"
        showIcon
        role="alert"
        title="Файл не проверен"
        description="Он загружен до того, как платформа стала проверять договоры и акты на PDF/A. Загрузите его ещё раз."
      />
    );
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title="Это не PDF/A: такой файл платформа не примет"
      description={
        <>
          <ul>
            {(pdfa?.faults ?? [{ code: 'not_pdf', message: 'Это не файл PDF.' }]).map(({ code, message }) => (
              <li key={code}>{message}</li>
            ))}
          </ul>
          <HowToSave />
          {pdfa && <WhatWasChecked pdfa={pdfa} />}
        </>
      }
    />
  );
}

function HowToSave() {
  return (
    <details>
      <summary>Как сохранить документ в PDF/A</summary>
      <p>
        Word: «Файл» → «Сохранить как» → тип файла «PDF» → «Параметры…» → отметьте «Совместимый с PDF/A» → «ОК» →
        «Сохранить».
      </p>
      <p>
        LibreOffice: «Файл» → «Экспорт в» → «Экспорт в PDF…» → на вкладке «Общие» отметьте «Архивный (PDF/A)» →
        «Экспорт».
      </p>
      <p>Затем уберите этот файл и загрузите сохранённый.</p>
    </details>
  );
}

function WhatWasChecked({ pdfa }: { pdfa: Schema<'PDFA'> }) {
  return (
    <details>
      <summary>Что проверено</summary>
      <List items={pdfa.checked} />
      <p>Не проверено:</p>
      <List items={pdfa.notChecked} />
    </details>
  );
}

function List({ items }: { items: readonly string[] }) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
