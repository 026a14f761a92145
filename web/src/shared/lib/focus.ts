/**
 * Returns the focus to an element, and moves it to the page's heading if the element is removed or
 * disabled later.
 */
export function restoreFocus(opener: Element | null): void {
  if (!(opener instanceof HTMLElement) || !isFocusable(opener)) {
    focusHeading();
    return;
  }
  opener.focus();
  const removal = new MutationObserver(() => {
    if (isFocusable(opener)) return;
    stopWatching();
    // A disabled element keeps the focus until the page is redrawn.
    if ([document.body, opener].includes(document.activeElement as HTMLElement)) focusHeading();
  });
  // The user has moved on: the focus is left to him.
  const stopWatching = () => {
    removal.disconnect();
    document.removeEventListener('pointerdown', stopWatching);
    document.removeEventListener('keydown', stopWatching);
  };
  removal.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  document.addEventListener('pointerdown', stopWatching);
  document.addEventListener('keydown', stopWatching);
}

const isFocusable = (element: HTMLElement) =>
  element.isConnected && element !== document.body && !element.matches(':disabled');

function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>('#main h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}
