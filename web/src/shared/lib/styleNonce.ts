// The page's Content-Security-Policy allows only style elements that carry the nonce of this
// answer. Ant Design sets it on most of its own, but not on those of its scroll lock and scroll bar
// measurement, so every style element gets it when it is created.

/** The nonce of this page; undefined if no policy requires one (vite's dev server). */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;

if (styleNonce) {
  const create: (tag: string, options?: ElementCreationOptions) => HTMLElement = document.createElement.bind(document);
  document.createElement = (tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (element instanceof HTMLStyleElement) element.nonce = styleNonce;
    return element;
  };
}
