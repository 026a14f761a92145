/** The letters for an avatar: «ПА» of «Петрова Анна Сергеевна». */
export function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => part.charAt(0).toUpperCase())
    .join('');
}
