import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { userOf } from './platform';

const run = promisify(execFile);

/** Backdates, by that many minutes, when ЕСИА confirmed for whom a person may act. */
export async function backdateAuthority(login: string, minutes: number): Promise<void> {
  const database = process.env['DATABASE_URL'];
  if (!database) throw new Error('DATABASE_URL is not set: the browser tests are run by make test-browser');
  const statement = `update representatives r set read_at = now() - interval '${minutes} minutes'
    from people p where p.id = r.person_id and p.snils = '${userOf(login).snils}'`;
  await run('psql', [database, '--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1', '--command', statement]);
}
