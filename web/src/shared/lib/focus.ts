/** Gives the focus back to an element, and to the page's headline once the element is not there. */
export function watchFocus(opener: Element | null): void {
  if (!(opener instanceof HTMLElement) || !canHave(opener)) {
    focusHeadline();
    return;
  }
  opener.focus();
  const removal = new MutationObserver(() => {
    if (canHave(opener)) return;
    leave();
    // A disabled element has the focus until the page is drawn again.
    if ([document.body, opener].includes(document.activeElement as HTMLElement)) focusHeadline();
  });
  // Whoever goes on himself is not called back.
  const leave = () => {
    removal.disconnect();
    document.removeEventListener('pointerdown', leave);
    document.removeEventListener('keydown', leave);
  };
  removal.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  document.addEventListener('pointerdown', leave);
  document.addEventListener('keydown', leave);
}

const canHave = (element: HTMLElement) =>
  element.isConnected && element !== document.body && !element.matches(':disabled');

function focusHeadline(): void {
  const headline = document.querySelector<HTMLElement>('#main h1');
  if (!headline) return;
  headline.tabIndex = -1;
  headline.focus();
}
