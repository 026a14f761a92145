import { Alert, Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { Schema } from '@/shared/api/client';
import { formatDate, formatDateTime, formatDay } from '@/shared/lib/dates';
import { Facts } from '@/shared/ui/Facts';
import { formatSize } from '@/shared/upload/limits';
import type { SignatureCheck } from './sendForm';

/**
 * Shows what a check found: the verdict with its reasons, then who signed, and the technical facts. It
 * takes the focus with each new check.
 */
export function CheckOutcome({ check }: { check: SignatureCheck }) {
  const { valid, refusals, warnings, document, power } = check;
  const ref = useRef<HTMLElement>(null);
  useEffect(() => ref.current?.focus(), [check]);
  return (
    <section ref={ref} tabIndex={-1} aria-label="Результат проверки" className="check-outcome">
      <Alert
        type={valid ? 'success' : 'error'}
        showIcon
        title={<h2>{valid ? 'Подпись действительна' : 'Подпись не принята'}</h2>}
        description={
          valid ? `Документ «${document.name}» не изменялся после подписания.` : <Findings findings={refusals} />
        }
      />
      {warnings.length > 0 && (
        <Alert type="warning" showIcon title="Обратите внимание" description={<Findings findings={warnings} />} />
      )}
      <Signature check={check} />
      {power && <Power power={power} title="Доверенность (МЧД)" />}
      <Technical check={check} />
      <Protocol check={check} />
    </section>
  );
}

function Findings({ findings }: { findings: readonly Schema<'SignatureFinding'>[] }) {
  return (
    <ul className="check-findings">
      {findings.map(({ code, text, detail }) => (
        <li key={code + (detail ?? '')}>
          {text} {detail}
        </li>
      ))}
    </ul>
  );
}

const momentSources: Record<Schema<'CheckMoment'>['source'], string> = {
  time_stamp: 'по штампу времени',
  check: 'время этой проверки: когда подпись создана, не доказано',
};

const revocations: Record<SignatureCheck['revocation'], string> = {
  checked: 'проверен, сертификаты не отозваны',
  revoked: 'сертификат отозван',
  'not-checked': 'не проверен',
};

function Signature({ check: { signer, certificate, moment, revocation } }: { check: SignatureCheck }) {
  if (!signer) return null;
  return (
    <>
      <h2>Кто подписал</h2>
      <Facts
        items={[
          ['Подписант', signer.name],
          ['Должность', signer.position],
          ['Организация', signer.organisation !== signer.name && signer.organisation],
          ['СНИЛС', signer.snils],
          ['ИНН', signer.inn],
          ['ИНН организации', signer.organisationInn],
          ['ОГРН', signer.ogrn],
          ['ОГРНИП', signer.ogrnip],
          ['Сертификат выдан', certificate?.issuer],
          [
            'Сертификат действует',
            certificate && `с ${formatDate(certificate.notBefore)} по ${formatDate(certificate.notAfter)}`,
          ],
          ['Проверено на момент', moment && `${formatDateTime(moment.at)} (${momentSources[moment.source]})`],
          ['Время по словам подписанта', moment?.signingTime && formatDateTime(moment.signingTime)],
          ['Отзыв сертификатов', moment && revocations[revocation]],
        ]}
      />
    </>
  );
}

const states: Record<Schema<'CheckedPower'>['state'], string> = {
  active: 'не отменена',
  revoked: 'отменена',
  not_checked: 'не проверялась',
};

function Power({ power, title }: { power: Schema<'CheckedPower'>; title: string }) {
  return (
    <>
      <h2>{title}</h2>
      <Facts
        items={[
          ['Номер', power.number],
          ['Срок действия', `с ${formatDay(power.issuedOn)} по ${formatDay(power.expiresOn)}`],
          ['Доверитель', power.principals.join('; ')],
          ['Представитель', power.representatives.join('; ')],
          ['Полномочия', power.powers.join('; ')],
          ['Отмена по реестру ФНС', states[power.state]],
          ['Доверенность подписал', power.signedBy],
          ['Подпись доверенности', power.signatureValid ? 'действительна' : 'не принята'],
          ['SHA-256 файла', power.sha256],
        ]}
      />
      {power.original && <Power power={power.original} title="Первоначальная доверенность" />}
    </>
  );
}

function Technical({ check: { document, signature, chain, certificate, revocationLists } }: { check: SignatureCheck }) {
  const certificates = chain ?? (certificate ? [certificate] : []);
  return (
    <details className="check-details">
      <summary>Подробности</summary>
      <Facts
        items={[
          ['Документ', `${document.name}, ${formatSize(document.size)}`],
          ['SHA-256 документа', document.sha256],
          [`Хеш документа (${document.hash})`, document.digest],
          ['Файл подписи', signature.name],
          ['SHA-256 подписи', signature.sha256],
          ['Вид подписи', signature.form],
          ['Алгоритм', signature.algorithm],
        ]}
      />
      {certificates.map((one) => (
        <Facts
          key={one.sha256}
          items={[
            ['Сертификат', one.subject],
            ['Издатель', one.issuer],
            ['Серийный номер', one.serial],
            ['Действует', `с ${formatDateTime(one.notBefore)} по ${formatDateTime(one.notAfter)}`],
            ['SHA-256 сертификата', one.sha256],
          ]}
        />
      ))}
      {revocationLists?.map((one) => (
        <Facts
          key={one.sha256}
          items={[
            ['Список отозванных сертификатов', `${one.issuer}, № ${one.number ?? 'не указан'}`],
            ['Выпущен', formatDateTime(one.thisUpdate)],
            ['Следующий выпуск', formatDateTime(one.nextUpdate)],
            ['SHA-256 списка', one.sha256],
          ]}
        />
      ))}
    </details>
  );
}

/** Saves the protocol, which came with the result. */
function Protocol({ check: { protocol, document: of } }: { check: SignatureCheck }) {
  const save = () => {
    const bytes = Uint8Array.from(atob(protocol), (character) => character.charCodeAt(0));
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }));
    link.download = `Протокол проверки подписи ${of.name.replace(/\.pdf$/i, '')}.pdf`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return <Button onClick={save}>Скачать протокол</Button>;
}
