import type { Mistake, Path } from './mistake.ts';
import { flow } from './wording.ts';
import type { Tree } from './yaml.ts';

/** Whether a secret, or something that may be one, is written at this path. */
export function isConfidential(path: Path): boolean {
  const key = path.at(-1);
  return typeof key === 'string' && /pass|pwd|tok|secret/i.test(key);
}

/** Mistakes show the lines of the file; a secret that somebody wrote into one of them is dotted out. */
export function redactor(tree: Tree): (mistakes: readonly Mistake[]) => readonly Mistake[] {
  // Shorter ones would dot out half of the line and are no secrets.
  const secrets = [...confidential(tree, tree.value, [])].filter((text) => text.length > 3);
  const redact = (line: string): string =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '•'.repeat(secret.length)), line);
  return (mistakes) =>
    secrets.length === 0 ? mistakes : mistakes.map((mistake) => ({ ...mistake, source: redact(mistake.source) }));
}

function* confidential(tree: Tree, value: unknown, path: Path): Generator<string> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* confidential(tree, inner, [...path, key]);
    return;
  }
  if (isConfidential(path) && value !== null && value !== undefined) yield tree.places.at(path)?.written ?? flow(value);
}
