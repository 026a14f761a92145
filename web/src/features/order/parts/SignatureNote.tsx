import { type CardDocument, protocolAddress } from '@/features/order/documents';
import type { Schema } from '@/shared/api/client';
import { formatDate, formatDateTime, formatDay } from '@/shared/lib/dates';

const signatures: readonly CardDocument['kind'][] = ['contract-signature', 'act-signature'];

/** Says who made a signature and what its check found; nothing for other documents. */
export function SignatureNote({ order, document }: { order: string; document: CardDocument }) {
  const { kind, signature, file, name } = document;
  if (!signatures.includes(kind)) return null;
  if (!signature)
    return <div className="note">Подпись не проверялась: она принята до того, как это стало делать платформа.</div>;
  const { signer, position, organisation, issuer, validUntil, at, stamped, byPower, power, warnings } = signature;
  return (
    <div className="note">
      <div>
        Подпись верна. Подписал(а):{' '}
        {[signer, position, organisation === signer ? '' : organisation].filter(Boolean).join(', ')}
        {byPower && ', по доверенности (МЧД)'}
      </div>
      {power && <PowerNote power={power} />}
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

/** Says by which power of attorney (МЧД) a representative signed. */
function PowerNote({ power: { number, issuedOn, expiresOn, principals, powers } }: { power: Schema<'CardPower'> }) {
  return (
    <div>
      <div>
        Доверенность № {number}, действует с {formatDay(issuedOn)} до {formatDay(expiresOn)}
        {principals.length > 0 && `, выдал(а): ${principals.join(', ')}`}
      </div>
      {powers.length > 0 && <div>Полномочия: {powers.join('; ')}</div>}
    </div>
  );
}
