import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dayFromNow } from './days';
import { root } from './platform';

/** A file for a file chooser. */
export interface TestFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const paper = readFileSync(new URL('paper.pdf', import.meta.url), 'latin1');

/** Returns a one-page PDF/A. Each call creates another content: the file has another identifier. */
export function pdf(name: string): TestFile {
  const id = crypto.randomUUID().replaceAll('-', '').toUpperCase();
  const file = paper.replace(/\/ID \[<\w{32}> <\w{32}>\]/, `/ID [<${id}> <${id}>]`);
  return { name: `${name}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(file, 'latin1') };
}

/** Returns a one-page PDF that is no PDF/A. Each call creates another content. */
export function ordinaryPdf(name: string): TestFile {
  const text = `BT /F1 12 Tf 48 780 Td (${crypto.randomUUID()}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return { name: `${name}.pdf`, mimeType: 'application/pdf', buffer: Buffer.from(file, 'latin1') };
}

/** How programs write a signature into a file. */
export type SignatureForm = 'DER' | 'BER' | 'base64' | 'PEM';

/** Signs files with the certificate of a test user, as КриптоПро does: a detached CAdES-BES signature. */
export class Signer {
  /** @param kind The account for which the user signs. */
  constructor(
    private readonly login: string,
    private readonly kind: 'person' | 'entrepreneur' | 'organisation' = 'person',
  ) {}

  async sign(file: TestFile, form: SignatureForm = 'DER'): Promise<TestFile> {
    const signature = await this.binary(file, form === 'BER');
    const base64 = signature.toString('base64');
    const lines = base64.replace(/.{64}/g, '$&\r\n');
    const written: Record<SignatureForm, Buffer> = {
      DER: signature,
      BER: signature,
      base64: Buffer.from(base64),
      PEM: Buffer.from(`-----BEGIN CMS-----\r\n${lines}\r\n-----END CMS-----\r\n`),
    };
    return { name: `${file.name}.sig`, mimeType: 'application/pkcs7-signature', buffer: written[form] };
  }

  private binary(file: TestFile, ber: boolean): Promise<Buffer> {
    return runDev(['sign', this.login, this.kind, ...(ber ? ['--ber'] : [])], file.buffer);
  }
}

/**
 * Returns a power of attorney (МЧД) from the organisation of a test user to another one, and the
 * signature of the organisation's head. It ends after that many days.
 */
export async function powerOfAttorney(
  head: string,
  representative: string,
  days: number,
): Promise<[TestFile, TestFile]> {
  const until = dayFromNow(days).split('.').reverse().join('-');
  const buffer = await runDev(['power', head, representative, until], Buffer.of());
  const power = { name: `ON_EMCHD_${days}.xml`, mimeType: 'application/xml', buffer };
  return [power, await new Signer(head, 'organisation').sign(power)];
}

/** Runs a command of bin/dev, and returns what it writes. */
function runDev(command: readonly string[], input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(`${root}bin/dev`, command, { encoding: 'buffer' }, (error, output) => {
      if (error) reject(new Error(`dev ${command[0]} failed`, { cause: error }));
      else resolve(output);
    });
    child.stdin?.end(input);
  });
}
