import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** This near to the end a list counts as scrolled to its end, in pixels. */
const nearEnd = 48;

interface Place {
  list: RefObject<HTMLDivElement | null>;
  /** Whether the newest message is in sight. */
  atEnd: boolean;
  onScroll: () => void;
  scrollToEnd: () => void;
}

/**
 * Keeps the place of a list of messages. It opens at the first unread message or at the end; it
 * follows new messages only from the end; and earlier ones move nothing that is in sight. first is
 * the number of its first message, content changes with everything below.
 */
export function useScrollPlace(first: number | undefined, content: unknown): Place {
  const list = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(false);
  const place = useRef<{ opened: boolean; atEnd: boolean; height: number; first: number | undefined }>({
    opened: false,
    atEnd: false,
    height: 0,
    first: undefined,
  });

  const onScroll = useCallback(() => {
    const element = list.current;
    if (!element || element.clientHeight === 0 || !place.current.opened) return;
    place.current.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight <= nearEnd;
    setAtEnd(place.current.atEnd);
  }, []);
  const scrollToEnd = useCallback(() => {
    if (list.current) list.current.scrollTop = list.current.scrollHeight;
    onScroll();
  }, [onScroll]);

  const settle = useCallback(
    (firstShown: number | undefined) => {
      const element = list.current;
      // An empty or hidden list has no place yet.
      if (!element || element.clientHeight === 0 || firstShown === undefined) return;
      const before = place.current;
      const grown = element.scrollHeight - before.height;
      place.current = { ...before, opened: true, height: element.scrollHeight, first: firstShown };
      if (!before.opened) openAt(element);
      else if (before.first !== undefined && firstShown < before.first) element.scrollTop += grown;
      else if (before.atEnd) element.scrollTop = element.scrollHeight;
      onScroll();
    },
    [onScroll],
  );

  useLayoutEffect(() => settle(first), [first, content, settle]);
  // Pictures that are loaded, a longer field and a window that is turned change heights too.
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(() => settle(first));
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, [first, settle]);
  return { list, atEnd, onScroll, scrollToEnd };
}

/** Scrolls to the first unread message, or to the end. */
function openAt(element: HTMLElement): void {
  const unread = element.querySelector<HTMLElement>('[data-unread]');
  element.scrollTop = unread ? unread.offsetTop - element.offsetTop : element.scrollHeight;
}
