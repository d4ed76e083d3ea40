/** The three ways in which a value may enter a text file. Each refuses what would change the file's structure. */

/** One line, as it is; anything that would begin another line is refused. */
export function line(value: unknown): string {
  const text = plain(value);
  if (/[\r\n]/.test(text) || text.includes('\0'))
    throw new Error(`a value that must be one line holds a line break: ${JSON.stringify(text)}`);
  return text;
}

/** One word of a shell, in single quotes. */
export function sh(value: unknown): string {
  return `'${line(value).replaceAll("'", "'\\''")}'`;
}

/** A YAML scalar that means exactly this value: JSON is YAML. */
export function yaml(value: unknown): string {
  return JSON.stringify(typeof value === 'number' || typeof value === 'boolean' ? value : plain(value));
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`a template asks for a value that is ${value === undefined ? 'not there' : typeof value}`);
}
