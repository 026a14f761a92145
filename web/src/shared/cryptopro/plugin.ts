/// <reference types="cadesplugin" />
import { signingError } from './problems';

// The browser extension of КриптоПро puts a script into the page that talks to the plug-in. КриптоПро's
// own loader, cadesplugin_api.js, evaluates strings, which the page's policy forbids.

type Objects = CADES_Plugin.ObjectNamesAsync;

/** The plug-in. Every property and method of its objects is asynchronous. */
export interface Plugin {
  CreateObjectAsync: <Name extends keyof Objects>(name: Name) => Promise<Objects[Name]>;
}

/** What the script of the extension defines. */
interface Extension {
  check_chrome_plugin: (works: () => void, fails: (reason: unknown) => void) => void;
  CreatePluginObject: () => Promise<Plugin>;
}

declare global {
  interface Window {
    cpcsp_chrome_nmcades?: Extension;
  }
}

/** Milliseconds in which the plug-in has to answer. */
export const answerTime = 5_000;

/** Milliseconds in which an extension answers that has no script at a known address. */
const echoTime = 1_000;

/** Returns the plug-in. scripts are the addresses of the script of the extension. */
export function loadPlugin(scripts: readonly string[]): Promise<Plugin> {
  return within(answerTime, start(scripts), () => signingError('plugin_silent'));
}

async function start(scripts: readonly string[]): Promise<Plugin> {
  const extension = window.cpcsp_chrome_nmcades ?? (await loadExtension(scripts));
  await new Promise<void>((works, fails) =>
    extension.check_chrome_plugin(works, () => fails(signingError('plugin_absent'))),
  );
  return extension.CreatePluginObject();
}

/**
 * Loads the script of the first installed extension and waits until the extension answers. Firefox and
 * Safari give it an address of its own in each browser, which the answer contains.
 */
async function loadExtension(scripts: readonly string[]): Promise<Extension> {
  const isLoaded = await Promise.any(scripts.map(loadScript)).then(
    () => true,
    () => false,
  );
  const absent = () => signingError('plugin_absent');
  const answer = isLoaded ? await echo() : await within(echoTime, echo(), absent);
  if (!isLoaded) {
    const address = /url:((?:moz|safari-web)-extension:\/\/[\w/-]+\/nmcades_plugin_api\.js)$/.exec(answer)?.[1];
    if (!address) throw absent();
    await loadScript(address).catch(() => Promise.reject(absent()));
  }
  if (!window.cpcsp_chrome_nmcades) throw absent();
  return window.cpcsp_chrome_nmcades;
}

function loadScript(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`no script at ${address}`));
    document.head.append(script);
  });
}

/** Returns the answer of the extension. */
function echo(): Promise<string> {
  return new Promise((resolve) => {
    const listen = ({ source, data }: MessageEvent<unknown>) => {
      if (source !== window || typeof data !== 'string' || !data.startsWith('cadesplugin_loaded')) return;
      window.removeEventListener('message', listen);
      resolve(data);
    };
    window.addEventListener('message', listen);
    window.postMessage('cadesplugin_echo_request', window.location.origin);
  });
}

/** Returns the result, or fails if there is none in time. */
async function within<T>(time: number, result: Promise<T>, late: () => Error): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), time);
  });
  try {
    return await Promise.race([result, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
