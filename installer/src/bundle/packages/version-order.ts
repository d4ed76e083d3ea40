/**
 * Negative when the first Debian version is older than the second, positive when it is newer, 0 when they count as the
 * same: the order of deb-version(7).
 */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  return a.epoch - b.epoch || comparePart(a.upstream, b.upstream) || comparePart(a.revision, b.revision);
}

function partsOf(version: string) {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** Texts and numbers in turn, texts first. */
function comparePart(one: string, other: string): number {
  const [a, b] = [piecesOf(one), piecesOf(other)];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const order = at % 2 === 0 ? compareTexts(a[at] ?? '', b[at] ?? '') : compareNumbers(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function piecesOf(part: string): readonly string[] {
  const pieces = part.match(/\D+|\d+/g) ?? [];
  return /^\d/.test(part) ? ['', ...pieces] : pieces;
}

function compareTexts(one: string, other: string): number {
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const order = weight(one[at]) - weight(other[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A tilde comes before the end, the end before letters, letters before everything else. */
function weight(letter: string | undefined): number {
  if (letter === undefined) return 0;
  if (letter === '~') return -1;
  const code = letter.charCodeAt(0);
  return /[A-Za-z]/.test(letter) ? code : code + 256;
}

/** Of any length: dates and hashes in versions are longer than what a number holds. */
function compareNumbers(one: string, other: string): number {
  const [a, b] = [one.replace(/^0+/, ''), other.replace(/^0+/, '')];
  if (a.length !== b.length) return a.length - b.length;
  return a === b ? 0 : a < b ? -1 : 1;
}
