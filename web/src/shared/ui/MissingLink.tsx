import { Link } from 'react-router';
import { type MissingCode, missingParts } from '@/shared/auth/missingParts';

/** Names a mandatory part of the profile and links to the field that fills it in. */
export function MissingLink({ code }: { code: MissingCode }) {
  const { label, path } = missingParts[code];
  return path ? (
    <Link to={path} className="underlined">
      {label}
    </Link>
  ) : (
    label
  );
}
