import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { personOf } from './platform';

const run = promisify(execFile);

/** Has the platform believe that ЕСИА said long ago for whom a person may act. Minutes say how long. */
export async function ageAuthority(login: string, minutes: number): Promise<void> {
  const database = process.env['DATABASE_URL'];
  if (!database) throw new Error('DATABASE_URL is not set: the browser tests are run by make test-browser');
  const statement = `update representatives r set read_at = now() - interval '${minutes} minutes'
    from people p where p.id = r.person_id and p.snils = '${personOf(login).snils}'`;
  await run('psql', [database, '--no-psqlrc', '--quiet', '--set', 'ON_ERROR_STOP=1', '--command', statement]);
}
