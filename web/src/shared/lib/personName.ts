/** Returns the letters for an avatar: «ПА» for «Петрова Анна Сергеевна». */
export function initialsOf(name: string): string {
  return name
    .split(/\s+/)
    .slice(0, 2)
    .map((part) => part.charAt(0).toUpperCase())
    .join('');
}
