/**
 * Runs in a page before its own scripts. It replaces each text node, also later ones, by an element
 * with the same text, as Chrome's translator does. The text stays the same, so that tests can read
 * the page.
 */
export function translate(): void {
  const untranslated = 'font, script, style, noscript, textarea, title, svg';
  // eslint-disable-next-line @typescript-eslint/unbound-method -- each is called with an explicit this
  const { insertBefore, removeChild } = Node.prototype;
  const replace = (text: Text) => {
    const parent = text.parentElement;
    if (!parent || !text.data.trim() || parent.closest(untranslated)) return;
    const [outer, inner] = [document.createElement('font'), document.createElement('font')];
    inner.textContent = text.data;
    outer.append(inner);
    insertBefore.call(parent, outer, text);
    removeChild.call(parent, text);
  };
  const translateAll = (root: Node) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    while (walker.nextNode()) texts.push(walker.currentNode as Text);
    if (root instanceof Text) texts.push(root);
    texts.forEach(replace);
  };
  const observer = new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'characterData') translateAll(target);
      else addedNodes.forEach(translateAll);
    }
  });
  observer.observe(document, { childList: true, characterData: true, subtree: true });
}
