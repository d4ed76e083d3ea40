import type { Entry } from '#ports/journal';

/** Shorter values stand in ordinary words too (`admin`); they are only refused where they are the whole text. */
const telling = 6;

/** The key under which an entry holds a secret, anywhere in its texts and also in base64; undefined when it holds none. */
export function leaksOf(entry: Entry, secrets: ReadonlySet<string>): string | undefined {
  if (secrets.size === 0) return undefined;
  const needles = [...secrets].filter((secret) => secret !== '');
  for (const [key, value] of Object.entries(entry)) {
    if (textsOf(value).some((text) => needles.some((needle) => holds(text, needle)))) return key;
  }
  return undefined;
}

function holds(text: string, secret: string): boolean {
  if (secret.length < telling) return text === secret;
  return text.includes(secret) || text.includes(Buffer.from(secret).toString('base64'));
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsOf(inner)]);
}
