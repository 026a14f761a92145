// Stands in for the script of КриптоПро's browser extension and for the plug-in behind it. The store
// has the certificates of the person who is signed in on the page, and others to choose by mistake.
//
// In the console of the page `localStorage.cryptopro = 'pin'` makes the plug-in fail in one way, and
// `delete localStorage.cryptopro` makes it work again:
//
//   absent      the extension is installed, the plug-in is not
//   silent      the extension does not answer
//   untrusted   the person does not let the site use his keys
//   empty       the store has no certificates
//   pin         the person closes the window that asks for the PIN
//   licence     the licence of КриптоПро CSP has ended
(() => {
  const server = new URL(document.currentScript.src).origin;
  const state = () => localStorage.getItem('cryptopro');
  const failIn = (which, text, code) => {
    if (state() === which) throw new Error(`${text} (0x${code})`);
  };

  async function certificates() {
    if (state() === 'empty') return [];
    const me = await (await fetch('/api/me')).json();
    const answer = await fetch(`${server}/certificates?${new URLSearchParams({ name: me.person.name })}`);
    if (!answer.ok) return [];
    return (await answer.json()).map(({ thumbprint, subject, issuer, from, to }) => ({
      Thumbprint: thumbprint,
      SubjectName: subject,
      IssuerName: issuer,
      ValidFromDate: from,
      ValidToDate: to,
      HasPrivateKey: async () => true,
    }));
  }

  async function sign(thumbprint, content) {
    failIn('pin', 'Действие было отменено пользователем.', '8010006E');
    failIn('licence', 'Истёк срок действия лицензии на КриптоПро CSP.', '8007065B');
    const body = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    const answer = await fetch(`${server}/sign?certificate=${thumbprint}`, { method: 'POST', body });
    if (!answer.ok) throw new Error(`${await answer.text()} (0x80090016)`);
    const signature = new Uint8Array(await answer.arrayBuffer());
    const text = btoa(Array.from(signature, (byte) => String.fromCharCode(byte)).join(''));
    return `${text.replace(/.{64}/g, '$&\r\n')}\r\n`;
  }

  const objects = {
    'CAdESCOM.About': () => ({ Version: Promise.resolve('2.0.15000') }),
    'CAdESCOM.Store': () => {
      let found = [];
      return {
        Open: async () => {
          failIn('untrusted', 'Отказано в доступе.', '80070005');
          found = await certificates();
        },
        get Certificates() {
          return Promise.resolve({ Count: Promise.resolve(found.length), Item: async (place) => found[place - 1] });
        },
        Close: async () => undefined,
      };
    },
    'CAdESCOM.CPAttribute': () => ({ propset_Name: async () => undefined, propset_Value: async () => undefined }),
    'CAdESCOM.CPSigner': () => ({
      AuthenticatedAttributes2: Promise.resolve({ Add: async () => undefined }),
      async propset_Certificate(certificate) {
        this.thumbprint = certificate.Thumbprint;
      },
    }),
    'CAdESCOM.CadesSignedData': () => ({
      propset_ContentEncoding: async () => undefined,
      async propset_Content(content) {
        this.content = content;
      },
      SignCades(signer) {
        return sign(signer.thumbprint, this.content);
      },
    }),
  };

  window.cpcsp_chrome_nmcades = {
    check_chrome_plugin: (works, fails) => {
      if (state() === 'absent') fails('Плагин недоступен');
      else if (state() !== 'silent') works();
    },
    CreatePluginObject: async () => ({ CreateObjectAsync: async (name) => objects[name]() }),
  };
  window.addEventListener('message', ({ data }) => {
    if (data === 'cadesplugin_echo_request' && state() !== 'silent') window.postMessage('cadesplugin_loaded', '*');
  });
})();
