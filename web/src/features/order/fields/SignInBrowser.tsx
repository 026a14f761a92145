import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Radio } from 'antd';
import { useRef, useState } from 'react';
import { contentToSign } from '@/features/order/documents';
import { signingQuery } from '@/shared/api/reference';
import { listCertificates, type SigningCertificate, termAt } from '@/shared/cryptopro/certificates';
import { loadPlugin, type Plugin } from '@/shared/cryptopro/plugin';
import { maxSignedBytes, signingError } from '@/shared/cryptopro/problems';
import { signDetached } from '@/shared/cryptopro/sign';
import { formatDate } from '@/shared/lib/dates';
import { ProblemAlert } from '@/shared/ui/ProblemAlert';
import type { UploadedFile } from '@/shared/upload/useUploads';

export type DocumentToSign = Pick<UploadedFile, 'id' | 'sha256' | 'name' | 'size'>;

interface Props {
  order: string;
  /** «договора», «акта» */
  of: string;
  document: DocumentToSign | undefined;
  onSigned: (signature: File) => void;
}

/** Signs a document of an order by КриптоПро's plug-in, with a certificate that the person chooses. */
export function SignInBrowser({ order, of, document, onSigned }: Props) {
  const client = useQueryClient();
  const plugin = useRef<Plugin>(undefined);
  const [certificates, setCertificates] = useState<SigningCertificate[]>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const attempt = (work: () => Promise<void>) => {
    setError(undefined);
    setBusy(true);
    void work()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  const open = ({ size }: DocumentToSign) =>
    attempt(async () => {
      if (size > maxSignedBytes) throw signingError('document_large');
      const { cryptoProScripts } = await client.fetchQuery(signingQuery);
      plugin.current = await loadPlugin(cryptoProScripts);
      setCertificates(await listCertificates(plugin.current));
    });
  const sign = (file: DocumentToSign, certificate: SigningCertificate) =>
    attempt(async () => {
      if (!plugin.current) return;
      const signature = await signDetached(plugin.current, certificate, await contentToSign(order, file));
      setCertificates(undefined);
      onSigned(new File([signature], `${file.name}.sig`, { type: signature.type }));
    });

  return (
    <div className="sign-in-browser">
      {document && certificates ? (
        <CertificateChoice
          certificates={certificates}
          busy={busy}
          onSign={(certificate) => sign(document, certificate)}
          onCancel={() => setCertificates(undefined)}
        />
      ) : (
        <>
          <Button
            icon={<SafetyCertificateOutlined />}
            loading={busy}
            disabled={!document}
            onClick={() => document && open(document)}
          >
            Подписать в браузере (КриптоПро)
          </Button>
          {!document && <span className="note"> Сначала приложите файл {of}.</span>}
        </>
      )}
      <ProblemAlert error={error} />
    </div>
  );
}

interface ChoiceProps {
  certificates: readonly SigningCertificate[];
  busy: boolean;
  onSign: (certificate: SigningCertificate) => void;
  onCancel: () => void;
}

function CertificateChoice({ certificates, busy, onSign, onCancel }: ChoiceProps) {
  const [now] = useState(() => new Date());
  const valid = certificates.filter((one) => termAt(one, now) === 'valid');
  const [chosen, setChosen] = useState(valid.length === 1 ? valid[0] : undefined);
  return (
    <>
      <Radio.Group
        className="choices"
        aria-label="Сертификат"
        value={chosen?.thumbprint}
        onChange={({ target }) => setChosen(valid.find(({ thumbprint }) => thumbprint === target.value))}
        options={certificates.map((one) => ({
          value: one.thumbprint,
          label: <CertificateFacts certificate={one} now={now} />,
          disabled: !valid.includes(one),
        }))}
      />
      {valid.length === 0 && <ProblemAlert error={signingError('certificate_expired')} />}
      <div className="sign-buttons">
        <Button type="primary" loading={busy} disabled={!chosen} onClick={() => chosen && onSign(chosen)}>
          Подписать выбранным сертификатом
        </Button>
        <Button onClick={onCancel}>Другой способ</Button>
      </div>
    </>
  );
}

function CertificateFacts({ certificate, now }: { certificate: SigningCertificate; now: Date }) {
  const { owner, organisation, entrepreneur, issuer, from, to } = certificate;
  const terms = {
    valid: `действует до ${formatDate(to)}`,
    expired: `срок закончился ${formatDate(to)}, подписать нельзя`,
    early: `действует с ${formatDate(from)}, подписать пока нельзя`,
  };
  return (
    <>
      {entrepreneur && 'ИП '}
      {owner}
      {organisation && organisation !== owner && `, ${organisation}`}
      <div className="note">
        Издатель: {issuer}; {terms[termAt(certificate, now)]}
      </div>
    </>
  );
}
