/** Shows whether an account is on. */
export function AccountBadge({ active }: { active: boolean }) {
  return <span className={`badge ${active ? 'done' : 'held'}`}>{active ? 'включена' : 'отключена'}</span>;
}
