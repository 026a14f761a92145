import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The check of one signature by the command of the archive's own instruction. */
interface Verification {
  command: string;
  /** The path of the signed document in the archive. */
  document: string;
}

/** The unpacked archive of an order, with nothing of the platform. */
export class Archive {
  private constructor(
    private readonly folder: string,
    readonly instruction: string,
  ) {}

  static async unpack(file: string, into: string): Promise<Archive> {
    await run('python3', ['-m', 'zipfile', '-e', file, into]);
    const [name = '', ...others] = await readdir(into);
    if (others.length > 0) throw new Error('an archive has one folder');
    const folder = join(into, name);
    return new Archive(folder, await readFile(join(folder, 'Прочтите.txt'), 'utf8'));
  }

  get verifications(): Verification[] {
    return [...this.instruction.matchAll(/^ *(openssl cms .* -content "([^"]+)" .*)$/gm)].map(
      ([, command = '', document = '']) => ({ command, document }),
    );
  }

  /** Runs a command of the instruction as its reader does, and returns all that it writes. */
  async execute(command: string): Promise<string> {
    const { stdout, stderr } = await run('sh', ['-c', command], { cwd: this.folder });
    return stdout + stderr;
  }

  read(path: string): Promise<Buffer> {
    return readFile(join(this.folder, path));
  }

  /** Copies a file with another byte in its middle, and returns the path of the copy. */
  async copyChanged(path: string): Promise<string> {
    const content = await this.read(path);
    const middle = content.length >> 1;
    content.writeUInt8(content.readUInt8(middle) ^ 1, middle);
    const copy = 'Изменённая копия';
    await writeFile(join(this.folder, copy), content);
    return copy;
  }
}
