import { useState } from 'react';
import { initials } from './labels';

/** Shows an engineer's photo, or his initials if he has none or it does not load. */
export function Photo({ name, photo, large = false }: { name: string; photo?: string | undefined; large?: boolean }) {
  const [broken, setBroken] = useState<string>();
  const look = large ? 'engineer-photo large' : 'engineer-photo';
  if (!photo || broken === photo) {
    return (
      <span className={look} aria-hidden>
        {initials(name)}
      </span>
    );
  }
  return <img className={look} src={photo} alt="" loading="lazy" onError={() => setBroken(photo)} />;
}
