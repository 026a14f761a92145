import { describe, expect, it } from 'vitest';
import { ProblemError, noConnection } from '@/shared/api/problem';
import { base64OfHex } from './digest';
import { formatSize, fileProblem } from './limits';
import { bytesOf, StorageFailure, Upload, type UploadPorts } from './upload';

const source = new File(['0123456789'], 'план.pdf', { type: 'application/pdf' });
const hex = 'ab'.repeat(32);
const partSize = 4;

/** A platform in memory: ten bytes are sent in three parts. fail is called before each part. */
function platform(fail: (part: number, attempt: number) => Error | undefined = () => undefined) {
  const parts = new Set<number>();
  const attempts = new Map<number, number>();
  const started = new Map<string, string>();
  const calls: string[] = [];
  const file = (state: 'uploading' | 'checking' | 'stored' | 'rejected') => ({
    id: 'f1',
    name: source.name,
    size: source.size,
    sha256: hex,
    state,
    partSize,
    parts: [...parts],
    createdAt: '2026-11-24T00:00:00Z',
  });
  let state: Parameters<typeof file>[0] = 'uploading';
  const ports: UploadPorts = {
    digest: async (blob, progress) => (progress(blob.size), hex),
    declare: async () => (calls.push('declare'), file(state)),
    getStatus: async () => (calls.push('getStatus'), file(state)),
    sign: async (_, { part }) => ({ url: String(part), headers: {} }),
    put: async ({ url }, blob, progress) => {
      const part = Number(url);
      const attempt = (attempts.get(part) ?? 0) + 1;
      attempts.set(part, attempt);
      const failure = fail(part, attempt);
      if (failure) throw failure;
      progress(blob.size);
      calls.push(`put ${part}: ${await blob.text()}`);
      parts.add(part);
    },
    complete: async (_, sent) => {
      calls.push(`complete ${sent.map(({ part }) => part).join()}`);
      state = 'stored';
      return file(state);
    },
    started: {
      get: (sha256) => started.get(sha256),
      set: (sha256, id) => void started.set(sha256, id),
      remove: (sha256) => void started.delete(sha256),
    },
    wait: async (_, signal) => signal.throwIfAborted(),
  };
  return { ports, calls, parts, started, reject: () => (state = 'rejected') };
}

describe('an upload', () => {
  it('sends every part once and completes the file', async () => {
    const { ports, calls, started } = platform();
    const upload = new Upload(source, ports, () => undefined);
    await upload.run();
    expect(calls).toEqual(['declare', 'put 1: 0123', 'put 2: 4567', 'put 3: 89', 'complete 1,2,3']);
    expect(upload.state).toMatchObject({ phase: 'stored', done: 10, sha256: hex, file: { id: 'f1' } });
    expect(started.size).toBe(0);
  });

  it('waits while the connection is lost and retries the same part', async () => {
    const { ports, calls } = platform((part, attempt) =>
      part === 2 && attempt < 9 ? new StorageFailure(0) : undefined,
    );
    const phases = new Set<string>();
    const upload = new Upload(source, ports, () => phases.add(upload.state.phase));
    await upload.run();
    expect(calls.filter((call) => call.startsWith('put'))).toHaveLength(3);
    expect(phases).toContain('reconnecting');
    expect(upload.state.phase).toBe('stored');
  });

  it('sends only the missing parts after the tab was closed', async () => {
    const { ports, calls, parts, started } = platform();
    started.set(hex, 'f1');
    parts.add(1);
    await new Upload(source, ports, () => undefined).run();
    expect(calls).toEqual(['getStatus', 'put 2: 4567', 'put 3: 89', 'complete 2,3']);
  });

  it('starts again when the earlier upload no longer exists', async () => {
    const { ports, calls, started } = platform();
    started.set(hex, 'old');
    ports.getStatus = async () => {
      throw new ProblemError({ ...noConnection(), code: 'file_not_found', status: 404 });
    };
    await new Upload(source, ports, () => undefined).run();
    expect(calls[0]).toBe('declare');
  });

  it('pauses and resumes without sending a part twice', async () => {
    const { ports, calls } = platform();
    const put = ports.put;
    const upload = new Upload(source, ports, () => undefined);
    ports.put = async (target, blob, progress, signal) => {
      if (target.url === '2' && !calls.includes('paused')) {
        calls.push('paused');
        upload.pause();
        signal.throwIfAborted();
      }
      await put(target, blob, progress, signal);
    };
    await upload.run();
    expect(upload.state.phase).toBe('paused');
    await upload.run();
    expect(upload.state.phase).toBe('stored');
    expect(calls).toEqual([
      'declare',
      'put 1: 0123',
      'paused',
      'getStatus',
      'put 2: 4567',
      'put 3: 89',
      'complete 1,2,3',
    ]);
  });

  it('fails when the storage keeps refusing, and can be resumed', async () => {
    let refusing = true;
    const { ports } = platform(() => (refusing ? new StorageFailure(403) : undefined));
    const upload = new Upload(source, ports, () => undefined);
    await upload.run();
    expect(upload.state).toMatchObject({ phase: 'failed', problem: { code: 'storage_refused' } });
    refusing = false;
    await upload.run();
    expect(upload.state.phase).toBe('stored');
    expect(upload.state.problem).toBeUndefined();
  });

  it("shows the platform's refusal with its text", async () => {
    const { ports } = platform();
    ports.declare = async () => {
      throw new ProblemError({ ...noConnection(), code: 'too_many_files', status: 409, detail: 'Файлов уже 200.' });
    };
    const upload = new Upload(source, ports, () => undefined);
    await upload.run();
    expect(upload.state).toMatchObject({ phase: 'failed', problem: { detail: 'Файлов уже 200.' } });
  });

  it('fails for a rejected file', async () => {
    const { ports, reject } = platform();
    ports.complete = async () => {
      reject();
      return ports.getStatus('f1');
    };
    const upload = new Upload(source, ports, () => undefined);
    await upload.run();
    expect(upload.state).toMatchObject({ phase: 'failed', problem: { code: 'file_rejected' } });
  });
});

describe('file sizes', () => {
  it('are checked against the limit before anything is sent', () => {
    const limit = 500 * 1024 * 1024;
    expect(fileProblem({ size: limit }, limit)).toBeUndefined();
    expect(fileProblem({ size: limit + 1 }, limit)).toMatch(/не больше 500\u00a0Мб/);
    expect(fileProblem({ size: 0 }, limit)).toMatch(/пуст/);
    expect(fileProblem({ size: limit + 1 }, undefined)).toBeUndefined();
  });

  it('are formatted with units', () => {
    expect(formatSize(500)).toBe('500\u00a0байт');
    expect(formatSize(2048)).toBe('2\u00a0Кб');
    expect(formatSize(1.5 * 1024 * 1024)).toBe('1,5\u00a0Мб');
  });

  it('count the last part with its actual size', () => expect(bytesOf([1, 3], 4, 10)).toBe(6));

  it('are sent with the digest in base64', () => expect(base64OfHex('00ff10')).toBe('AP8Q'));
});
