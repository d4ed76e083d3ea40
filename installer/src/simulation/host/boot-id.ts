import { createHash } from 'node:crypto';

/** The boot id of a machine's n-th boot, always the same for the same machine. */
export function bootIdOf(name: string, boot: number): string {
  return uuidOf(`${name} boot ${boot}`);
}

/** A UUID that follows from a text. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-a$4-$5');
}
