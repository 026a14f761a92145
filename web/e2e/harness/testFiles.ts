import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** Signs files with a test key: a detached ГОСТ signature as КриптоПро creates one. */
export class Signer {
  private readonly folder = mkdtempSync(join(tmpdir(), 'epkr-signer-'));
  private readonly key = join(this.folder, 'key.pem');
  private readonly certificate = join(this.folder, 'certificate.pem');

  constructor(owner: string) {
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-nodes',
        '-utf8',
        '-days',
        '30',
        '-subj',
        `/C=RU/CN=${owner}`,
        '-addext',
        'keyUsage=critical,digitalSignature',
        '-newkey',
        'gost2012_256',
        '-pkeyopt',
        'paramset:A',
        '-engine',
        'gost',
        '-keyout',
        this.key,
        '-out',
        this.certificate,
      ],
      { stdio: 'ignore' },
    );
  }

  sign(file: TestFile): Promise<TestFile> {
    const document = join(this.folder, 'document');
    writeFileSync(document, file.buffer);
    const options = [
      '-engine',
      'gost',
      '-md',
      'md_gost12_256',
      '-binary',
      '-outform',
      'DER',
      '-signer',
      this.certificate,
      '-inkey',
      this.key,
    ];
    return new Promise((resolve, reject) => {
      execFile('openssl', ['cms', '-sign', ...options, '-in', document], { encoding: 'buffer' }, (error, signature) => {
        if (error) reject(new Error('openssl did not sign', { cause: error }));
        else resolve({ name: `${file.name}.sig`, mimeType: 'application/pkcs7-signature', buffer: signature });
      });
    });
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}
