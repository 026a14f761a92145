/** Maps a text node that a translator removed to the element that replaces it. */
const replacements = new WeakMap<Node, Element>();

/**
 * Makes React work on a page that the browser translates. A translator replaces each text node by
 * an element, while React keeps working with its own node: removing that node would throw and crash
 * the page (facebook/react#11538), and changing it would have no visible effect. So each text node
 * is put back before React touches it, and the translator then finds a new text there. Call this
 * before React starts.
 */
export function supportPageTranslation(): void {
  const observer = new MutationObserver(recordReplacements);
  observer.observe(document, { childList: true, subtree: true });
  const restore = (node: Node | null) => {
    if (node?.nodeType !== Node.TEXT_NODE) return;
    recordReplacements(observer.takeRecords());
    const replacement = replacements.get(node);
    replacements.delete(node);
    if (replacement?.parentNode) replacement.replaceWith(node);
  };
  /**
   * Reports whether a translator moved a text in another way than by replacing it with an element.
   */
  const isDisplaced = (node: Node | null, parent: Node) =>
    node?.nodeType === Node.TEXT_NODE && node.parentNode !== parent;

  // eslint-disable-next-line @typescript-eslint/unbound-method -- each is called with an explicit this
  const { insertBefore, removeChild, appendChild } = Node.prototype;
  Node.prototype.insertBefore = function <T extends Node>(this: Node, node: T, next: Node | null): T {
    restore(node);
    restore(next);
    return insertBefore.call(this, node, isDisplaced(next, this) ? null : next) as T;
  };
  Node.prototype.appendChild = function <T extends Node>(this: Node, node: T): T {
    restore(node);
    return appendChild.call(this, node) as T;
  };
  Node.prototype.removeChild = function <T extends Node>(this: Node, node: T): T {
    restore(node);
    return isDisplaced(node, this) ? node : (removeChild.call(this, node) as T);
  };
  const value = Object.getOwnPropertyDescriptor(Node.prototype, 'nodeValue');
  Object.defineProperty(Node.prototype, 'nodeValue', {
    ...value,
    set(this: Node, text: string | null) {
      restore(this);
      value?.set?.call(this, text);
    },
  });
}

/**
 * Records which element replaced which text. A translator inserts its element before the text and
 * then removes the text, or replaces the one by the other.
 */
function recordReplacements(records: readonly MutationRecord[]): void {
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
