import { type CardDocument, protocolAddress } from '@/features/order/documents';
import { formatDate, formatDateTime } from '@/shared/lib/dates';

const signatures: readonly CardDocument['kind'][] = ['contract-signature', 'act-signature'];

/** Says who made a signature and what its check found; nothing for other documents. */
export function SignatureNote({ order, document }: { order: string; document: CardDocument }) {
  const { kind, signature, file, name } = document;
  if (!signatures.includes(kind)) return null;
  if (!signature)
    return <div className="note">Подпись не проверялась: она принята до того, как это стало делать платформа.</div>;
  const { signer, position, organisation, issuer, validUntil, at, stamped, byPower, warnings } = signature;
  return (
    <div className="note">
      <div>
        Подпись верна. Подписал(а):{' '}
        {[signer, position, organisation === signer ? '' : organisation].filter(Boolean).join(', ')}
        {byPower && ', по доверенности (МЧД)'}
      </div>
      <details>
        <summary>Подробности проверки</summary>
        <div>
          Сертификат выдан: {issuer}, действует до {formatDate(validUntil)}
        </div>
        <div>
          Проверена на {formatDateTime(at)} ({stamped ? 'по штампу времени' : 'приём платформой'})
        </div>
        {warnings?.map((warning) => (
          <div key={warning}>{warning}</div>
        ))}
      </details>
      <a href={protocolAddress(order, file)} download aria-label={`Протокол проверки: ${name}`}>
        Протокол проверки
      </a>
    </div>
  );
}
