// Shows users of an unsupported browser which ones are supported. The code is ES5, so that Internet
// Explorer 11 can parse it.
(function () {
  function capable() {
    if (!('noModule' in document.createElement('script'))) return false;
    if (!Array.prototype.toSorted || !window.structuredClone || !window.BroadcastChannel) return false;
    try {
      // Safari before 16.4 has no lookbehind.
      new RegExp('(?<=a)b');
    } catch (error) {
      return false;
    }
    return true;
  }

  function explain() {
    var texts = [
      ['h1', 'Электронная платформа кадастровых работ'],
      ['p', 'Ваш браузер устарел, и платформа в нём не работает.'],
      [
        'p',
        'Установите или обновите один из браузеров: Яндекс Браузер 23.5 и новее, Chrome 111 и новее, Microsoft Edge 111 и новее, Firefox 115 и новее, Safari 16.4 и новее.'
      ],
      [
        'p',
        'Internet Explorer не поддерживается. Ваши заказы и документы сохранены на платформе и откроются в новом браузере.'
      ]
    ];
    var page = document.createElement('div');
    page.style.cssText = 'max-width:40em;margin:2em auto;padding:0 1em;font:18px/1.5 Arial,sans-serif;color:#1f1f1f';
    for (var i = 0; i < texts.length; i++) {
      var line = document.createElement(texts[i][0]);
      line.appendChild(document.createTextNode(texts[i][1]));
      page.appendChild(line);
    }
    var root = document.getElementById('root');
    if (root) root.parentNode.removeChild(root);
    document.body.appendChild(page);
  }

  if (!capable()) {
    if (document.body) explain();
    else document.addEventListener('DOMContentLoaded', explain);
  }
})();
