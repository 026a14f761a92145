/** By a text that a translator took out of the page: the element that the translator put in its place. */
const replacements = new WeakMap<Node, Element>();

/**
 * Lets React work on a page that the browser translates. A translator replaces each text of the page by an element of its own, while React goes on
 * with the text that it made: its removal would throw and end the page (facebook/react#11538), and its change would not be seen. So a text returns
 * to its place before React touches it; the translator then finds a new text there. To be called before React starts.
 */
export function keepTranslatedTexts(): void {
  const observer = new MutationObserver(note);
  observer.observe(document, { childList: true, subtree: true });
  const putBack = (node: Node | null) => {
    if (node?.nodeType !== Node.TEXT_NODE) return;
    note(observer.takeRecords());
    const replacement = replacements.get(node);
    replacements.delete(node);
    if (replacement?.parentNode) replacement.replaceWith(node);
  };
  /** A text that a translator has moved in another way than by an element in its place. */
  const isAstray = (node: Node | null, parent: Node) => node?.nodeType === Node.TEXT_NODE && node.parentNode !== parent;

  // eslint-disable-next-line @typescript-eslint/unbound-method -- each is called by call, with its node
  const { insertBefore, removeChild, appendChild } = Node.prototype;
  Node.prototype.insertBefore = function <T extends Node>(this: Node, node: T, next: Node | null): T {
    putBack(node);
    putBack(next);
    return insertBefore.call(this, node, isAstray(next, this) ? null : next) as T;
  };
  Node.prototype.appendChild = function <T extends Node>(this: Node, node: T): T {
    putBack(node);
    return appendChild.call(this, node) as T;
  };
  Node.prototype.removeChild = function <T extends Node>(this: Node, node: T): T {
    putBack(node);
    return isAstray(node, this) ? node : (removeChild.call(this, node) as T);
  };
  const value = Object.getOwnPropertyDescriptor(Node.prototype, 'nodeValue');
  Object.defineProperty(Node.prototype, 'nodeValue', {
    ...value,
    set(this: Node, text: string | null) {
      putBack(this);
      value?.set?.call(this, text);
    },
  });
}

/** A translator puts its element before the text and then removes the text, or replaces the one by the other. */
function note(records: readonly MutationRecord[]): void {
  const added = new Set<Node>();
  for (const record of records) {
    for (const node of record.addedNodes) added.add(node);
    const [replacement = record.previousSibling] = record.addedNodes;
    if (!(replacement instanceof Element) || !added.has(replacement)) continue;
    for (const node of record.removedNodes) {
      if (node.nodeType === Node.TEXT_NODE) replacements.set(node, replacement);
    }
  }
}
