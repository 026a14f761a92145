import { useEffect, useState } from 'react';

/** Returns whether active has been true for that many milliseconds. Shorter periods are ignored. */
export function useDelayedFlag(active: boolean, millis: number): boolean {
  const [elapsed, setElapsed] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => setElapsed(true), millis);
    return () => {
      clearTimeout(timer);
      setElapsed(false);
    };
  }, [active, millis]);
  return elapsed;
}
