const prefix = 'left over from an earlier release: ';

/** A note about what an earlier release installed and this one does not, which nobody has agreed to remove. */
export function leftOver(text: string): string {
  return `${prefix}${text}`;
}

/** What is left over, from such a note; undefined for every other note. */
export function leftOverIn(note: string): string | undefined {
  return note.startsWith(prefix) ? note.slice(prefix.length) : undefined;
}
