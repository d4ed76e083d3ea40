/**
 * The SHA-256 of a file in a list as `sha256sum` writes it (`HEX  NAME`, `HEX *NAME`); a list of one bare digest is
 * about whatever it was asked for. Undefined when the list does not name the file.
 */
export function checksumIn(list: string, url: string): string | undefined {
  const name = decodeURIComponent(url.split('/').at(-1) ?? '');
  const rows = list
    .split('\n')
    .map((line) => /^\\?([0-9a-fA-F]{64})(?:\s+\*?(.+?))?\s*$/.exec(line))
    .filter((row) => row !== null);
  const [only] = rows;
  if (rows.length === 1 && only?.[2] === undefined) return only?.[1]?.toLowerCase();
  return rows.find(([, , listed = '']) => listed.split('/').at(-1) === name)?.[1]?.toLowerCase();
}
