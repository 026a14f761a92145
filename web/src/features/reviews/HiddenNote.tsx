import type { Schema } from '@/shared/api/client';
import { rules } from './labels';
import './reviews.css';

/** Says that a moderator hid a text, and why. */
export function HiddenNote({ verdict, what }: { verdict: Schema<'ReviewVerdict'> | undefined; what: string }) {
  if (!verdict) return null;
  return (
    <p className="hidden-note">
      {what} модератором: {rules[verdict.rule]}. {verdict.reason}
    </p>
  );
}
