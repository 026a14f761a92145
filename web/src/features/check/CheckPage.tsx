import { useMutation } from '@tanstack/react-query';
import { Button, Progress } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { problemOf } from '@/shared/api/problem';
import { startPath } from '@/shared/auth/entrySteps';
import { useDocumentTitle } from '@/shared/routing/useDocumentTitle';
import { PlatformName } from '@/shared/ui/PlatformName';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import { formatSize } from '@/shared/upload/limits';
import { CheckOutcome } from './CheckOutcome';
import { FileField } from './FileField';
import { type Files, type Part, sendForm } from './sendForm';
import './check.css';

const maxDocumentBytes = 500 * 1024 * 1024;

const title = 'Проверка подписи';

/** Checks a document with its signature, for anybody and without signing in. */
export default function CheckPage() {
  useDocumentTitle(title);
  const [files, setFiles] = useState<Files>({});
  const [missing, setMissing] = useState<ReadonlyMap<string, string>>(new Map());
  const [share, setShare] = useState(0);
  const { mutate, reset, data, error, isPending } = useMutation({
    mutationFn: (chosen: Files) => sendForm(chosen, setShare),
  });
  const choose = (part: Part) => (file: File | undefined) => {
    setFiles({ ...files, [part]: file });
    setMissing(new Map());
    reset();
  };
  const submit = () => {
    const problems = problemsOf(files);
    setMissing(problems);
    const first = [...problems.keys()][0];
    if (first) document.getElementById(`check-${first}`)?.focus();
    else {
      setShare(0);
      mutate(files);
    }
  };
  const refused = error
    ? new Map((problemOf(error).errors ?? []).map(({ field, message }) => [field, message]))
    : missing;
  const field = (part: Part, label: string, hint?: string, accept?: string) => (
    <FileField
      id={`check-${part}`}
      label={label}
      hint={hint}
      accept={accept}
      problem={refused.get(part)}
      disabled={isPending}
      onChoose={choose(part)}
    />
  );
  return (
    <div className="start">
      <header className="start-header">
        <Link to={startPath}>
          <PlatformName />
        </Link>
      </header>
      <main className="check-main">
        <h1>{title}</h1>
        <p>
          Проверьте, кем подписан документ и не изменён ли он после подписания. Входить не нужно. Файлы нигде не
          сохраняются.
        </p>
        <form
          aria-label={title}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          {field('document', 'Документ', `Файл любого вида, не больше ${formatSize(maxDocumentBytes)}`)}
          {field('signature', 'Файл подписи', 'Отсоединённая подпись, обычно с расширением .sig')}
          <details>
            <summary>Подписано по доверенности (МЧД)</summary>
            {field('power', 'Доверенность', 'Файл .xml', '.xml')}
            {field('powerSignature', 'Подпись доверенности', 'Файл .sig')}
            {field('original', 'Первоначальная доверенность', 'Файл .xml, если полномочия переданы другому', '.xml')}
            {field('originalSignature', 'Подпись первоначальной доверенности', 'Файл .sig')}
          </details>
          <Button type="primary" htmlType="submit" size="large" loading={isPending}>
            Проверить
          </Button>
          {isPending && <Sending share={share} />}
        </form>
        {error && <ProblemAlert error={error} shownFields={new Set(refused.keys())} />}
        {data && <CheckOutcome check={data} />}
      </main>
    </div>
  );
}

function Sending({ share }: { share: number }) {
  return (
    <div className="check-progress">
      <Progress percent={Math.floor(share * 100)} aria-label="Отправка файлов" status="active" />
      <p role="status">{share < 1 ? 'Файлы отправляются…' : 'Подпись проверяется…'}</p>
    </div>
  );
}

/** Returns what has to be chosen or changed, by the field. */
function problemsOf(files: Files): Map<Part, string> {
  const found = new Map<Part, string>();
  const { document, signature, power, powerSignature, original, originalSignature } = files;
  if (!document) found.set('document', 'Выберите документ.');
  else if (document.size > maxDocumentBytes)
    found.set(
      'document',
      `Размер документа — ${formatSize(document.size)}, а проверяются до ${formatSize(maxDocumentBytes)}.`,
    );
  if (!signature) found.set('signature', 'Выберите файл подписи.');
  if (!power && (powerSignature ?? original)) found.set('power', 'Выберите файл доверенности.');
  if (power && !powerSignature) found.set('powerSignature', 'Выберите файл подписи доверенности.');
  if (original && !originalSignature)
    found.set('originalSignature', 'Выберите файл подписи первоначальной доверенности.');
  if (!original && originalSignature) found.set('original', 'Выберите файл первоначальной доверенности.');
  return found;
}
