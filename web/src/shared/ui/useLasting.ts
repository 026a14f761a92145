import { useEffect, useState } from 'react';

/** Whether something has been so for that many milliseconds: what passes sooner is not worth a word. */
export function useLasting(active: boolean, millis: number): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => setLasting(true), millis);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [active, millis]);
  return lasting;
}
