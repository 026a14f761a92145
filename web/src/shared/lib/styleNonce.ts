// The page's Content-Security-Policy lets in only style elements that carry the nonce of this answer. Ant Design gives it to
// most of its own, but not to those of its scroll lock and scroll bar measurement, so every one gets it where it is made.

/** The nonce of this page, or undefined where no policy asks for one (vite's dev server). */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;

if (styleNonce) {
  const create: (tag: string, options?: ElementCreationOptions) => HTMLElement = document.createElement.bind(document);
  document.createElement = (tag: string, options?: ElementCreationOptions) => {
    const element = create(tag, options);
    if (element instanceof HTMLStyleElement) element.nonce = styleNonce;
    return element;
  };
}
