import { afterEach, describe, expect, it, vi } from 'vitest';
import { listCertificates, nameParts, type SigningCertificate, termAt } from './certificates';
import { answerTime, loadPlugin, type Plugin } from './plugin';
import { maxSignedBytes, pluginError } from './problems';
import { signDetached } from './sign';

const plugin = { CreateObjectAsync: () => Promise.reject(new Error('not asked')) } satisfies Plugin;
const published = 'chrome-extension://pfhgbfnnjiafkhfdkmpiflachepdcjod/nmcades_plugin_api.js';
const ofFirefox = 'moz-extension://0f-1/nmcades_plugin_api.js';

/** A page whose browser has the scripts, and an extension that gives an answer. */
function page(scripts: string[], answer: string | undefined) {
  const listeners = new Set<(event: object) => void>();
  const loaded: string[] = [];
  const window = {
    location: { origin: 'https://epkr.example' },
    cpcsp_chrome_nmcades: undefined as object | undefined,
    addEventListener: (_: string, listener: (event: object) => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: (event: object) => void) => listeners.delete(listener),
    postMessage: () => {
      if (answer !== undefined) for (const listener of listeners) listener({ source: window, data: answer });
    },
  };
  const append = (script: HTMLScriptElement) => {
    if (!scripts.includes(script.src)) {
      script.onerror?.(new Event('error'));
      return;
    }
    loaded.push(script.src);
    window.cpcsp_chrome_nmcades = {
      check_chrome_plugin: (works: () => void) => works(),
      CreatePluginObject: () => Promise.resolve(plugin),
    };
    script.onload?.(new Event('load'));
  };
  vi.stubGlobal('window', window);
  vi.stubGlobal('document', { createElement: () => ({}), head: { append } });
  return loaded;
}

describe('the plug-in', { meta: { covers: ['R-CONTR-10'] } }, () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });

  it('is found by the script of the installed one of several extensions', async () => {
    const loaded = page([published], 'cadesplugin_loaded');
    expect(await loadPlugin(['chrome-extension://other/nmcades_plugin_api.js', published])).toBe(plugin);
    expect(loaded).toEqual([published]);
  });

  it('is found in Firefox by the address in the answer', async () => {
    const loaded = page([ofFirefox], `cadesplugin_loaded url:${ofFirefox}`);
    expect(await loadPlugin([published])).toBe(plugin);
    expect(loaded).toEqual([ofFirefox]);
  });

  it('is not loaded from an address of a site', async () => {
    const site = 'https://evil/nmcades_plugin_api.js';
    page([site], `cadesplugin_loaded url:${site}`);
    await expect(loadPlugin([published])).rejects.toMatchObject({ code: 'plugin_absent' });
  });

  it('is absent without an extension, and silent if the extension does not answer', async () => {
    vi.useFakeTimers();
    for (const [scripts, code] of [
      [[], 'plugin_absent'],
      [[published], 'plugin_silent'],
    ] as const) {
      page([...scripts], undefined);
      const refused = expect(loadPlugin([published])).rejects.toMatchObject({ code });
      await vi.advanceTimersByTimeAsync(answerTime);
      await refused;
    }
  });

  it('tells its errors by their numbers', () => {
    for (const [said, code] of [
      ['Действие было отменено пользователем. (0x8010006E)', 'pin_cancelled'],
      ['Access denied (0x80070005)', 'site_untrusted'],
      ['Отказано в доступе. (0x80090010)', 'site_untrusted'],
      ['Function failed during execution. (0x8007065b)', 'csp_licence'],
      ['Набор ключей не существует (0x80090016)', 'key_missing'],
      ['Что-то ещё (0x80004005)', 'plugin_error'],
    ] as const)
      expect(pluginError(new Error(said)).code).toBe(code);
    expect(pluginError('Что-то ещё').problem.detail).toContain('Что-то ещё');
  });

  it('is not asked to sign a document that is too large', async () => {
    const document = new Blob([new Uint8Array(maxSignedBytes + 1)]);
    await expect(signDetached(plugin, {} as SigningCertificate, document)).rejects.toMatchObject({
      code: 'document_large',
      problem: { detail: expect.stringContaining('подпишите отдельно') as string },
    });
  });
});

describe('certificates', { meta: { covers: ['R-CONTR-10'] } }, () => {
  const certificate = (subject: string, hasKey: boolean) => ({
    SubjectName: subject,
    IssuerName: 'CN=УЦ',
    Thumbprint: 'AB',
    ValidFromDate: '2026-01-01T00:00:00Z',
    ValidToDate: '2027-01-01T00:00:00Z',
    HasPrivateKey: () => Promise.resolve(hasKey),
  });
  const store = (all: object[]) => ({
    Open: () => Promise.resolve(),
    Certificates: { Count: all.length, Item: (place: number) => Promise.resolve(all[place - 1]) },
    Close: () => Promise.resolve(),
  });
  const pluginWith = (all: object[]) => ({ CreateObjectAsync: () => Promise.resolve(store(all)) }) as unknown as Plugin;

  it('are those with a private key, by owner, issuer and term', async () => {
    const subject = 'O="ООО ""Межа, и""", SN=Межевой, G=Пётр Ильич, ОГРНИП=300';
    const found = await listCertificates(pluginWith([certificate('CN=Без ключа', false), certificate(subject, true)]));
    expect(found).toMatchObject([
      { owner: 'Межевой Пётр Ильич', organisation: 'ООО "Межа, и"', entrepreneur: true, issuer: 'УЦ' },
    ]);
    await expect(listCertificates(pluginWith([]))).rejects.toMatchObject({ code: 'certificate_missing' });
  });

  it('have names whose values may be quoted', () =>
    expect([...nameParts('CN="А ""Б"", В", SN=Г')]).toEqual([
      ['CN', 'А "Б", В'],
      ['SN', 'Г'],
    ]));

  it('have a term', () => {
    const term = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
    expect(termAt(term, new Date('2025-12-31T00:00:00Z'))).toBe('early');
    expect(termAt(term, new Date('2026-12-31T00:00:00Z'))).toBe('valid');
    expect(termAt(term, new Date('2027-01-02T00:00:00Z'))).toBe('expired');
  });
});
