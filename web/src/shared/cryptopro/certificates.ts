import { pluginError, signingError } from './problems';
import type { Plugin } from './plugin';

/** A certificate of the person's store. */
export interface SigningCertificate {
  thumbprint: string;
  /** The person, or the name of an impersonal certificate. */
  owner: string;
  organisation?: string;
  /** «ИП», if the certificate is of an entrepreneur. */
  entrepreneur: boolean;
  issuer: string;
  /** The term, as RFC 3339. */
  from: string;
  to: string;
  /** Signs by the certificate. */
  handle: CAPICOM.CertificateAsync;
}

// Constants of CAPICOM.
const currentUserStore = 2;
const maximumAllowed = 2;

/** Lists the certificates that have a private key. Fails if there is none. */
export async function listCertificates(plugin: Plugin): Promise<SigningCertificate[]> {
  try {
    const store = await plugin.CreateObjectAsync('CAdESCOM.Store');
    await store.Open(currentUserStore, 'My', maximumAllowed);
    const certificates = await store.Certificates;
    const found: SigningCertificate[] = [];
    const count = await certificates.Count;
    for (let place = 1; place <= count; place++) {
      const handle = await certificates.Item(place);
      if (await handle.HasPrivateKey()) found.push(await describe(handle));
    }
    await store.Close();
    if (found.length === 0) throw signingError('certificate_missing');
    return found;
  } catch (error) {
    throw pluginError(error);
  }
}

async function describe(handle: CAPICOM.CertificateAsync): Promise<SigningCertificate> {
  const subject = nameParts(await handle.SubjectName);
  const issuer = nameParts(await handle.IssuerName);
  const person = [subject.get('SN'), subject.get('G')].filter(Boolean).join(' ');
  const organisation = subject.get('O');
  return {
    thumbprint: await handle.Thumbprint,
    owner: person || (subject.get('CN') ?? ''),
    ...(organisation && { organisation }),
    entrepreneur: subject.has('ОГРНИП'),
    issuer: issuer.get('CN') ?? issuer.get('O') ?? '',
    from: moment(await handle.ValidFromDate),
    to: moment(await handle.ValidToDate),
    handle,
  };
}

const moment = (date: unknown) => new Date(date as string).toISOString();

/** Returns the parts of a name such as «CN="ООО ""Межа""", SN=Межевой» by their labels. */
export function nameParts(name: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const [, label = '', quoted, plain] of name.matchAll(/([^=,]+)=(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    parts.set(label.trim(), quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"'));
  }
  return parts;
}

/** Compares the term of a certificate with a moment. */
export function termAt({ from, to }: Pick<SigningCertificate, 'from' | 'to'>, at: Date): 'early' | 'expired' | 'valid' {
  if (at < new Date(from)) return 'early';
  return at > new Date(to) ? 'expired' : 'valid';
}
