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

/**
 * Moves the focus to what surrounds a focused element that is removed, such as a button that
 * removes its own row. Otherwise it would fall to the body, and the next Tab would start the page
 * anew. After a dialog restoreFocus moves it first, to the heading.
 */
export function keepFocusInPlace(): void {
  let path: Element[] = [];
  const remember = ({ target }: FocusEvent) => {
    path = target instanceof Element ? [target, ...ancestorsOf(target)] : [];
  };
  const moveOn = () => {
    const [focused, ...around] = path;
    if (!focused || focused.isConnected || document.activeElement !== document.body) return;
    path = [];
    focusRegion(around.find((element) => element.isConnected && element.matches(regions)));
  };
  document.addEventListener('focusin', remember);
  // Whoever presses the pointer elsewhere has left the element.
  document.addEventListener('pointerdown', () => (path = []));
  new MutationObserver(() => {
    // What removes an element often moves the focus itself, right after it.
    if (path[0]?.isConnected === false) requestAnimationFrame(moveOn);
  }).observe(document.body, { childList: true, subtree: true });
}

/** The elements that a person recognises as the place where he was. */
const regions = '[role="dialog"], [role="group"], form, section, .ant-card, main, #main';

function ancestorsOf(element: Element): Element[] {
  const ancestors: Element[] = [];
  for (let one = element.parentElement; one && one !== document.body; one = one.parentElement) ancestors.push(one);
  return ancestors;
}

function focusRegion(region: Element | undefined): void {
  if (!(region instanceof HTMLElement)) {
    focusHeading();
    return;
  }
  if (!region.hasAttribute('tabindex')) region.tabIndex = -1;
  region.focus({ preventScroll: true });
}

const isFocusable = (element: HTMLElement) =>
  element.isConnected && element !== document.body && !element.matches(':disabled');

function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>('#main h1');
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}
