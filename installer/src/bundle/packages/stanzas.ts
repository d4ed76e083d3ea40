/** A paragraph of a Debian control file or index: field → value, further lines of a value with their indentation. */
export type Stanza = Readonly<Record<string, string>>;

/** Reads `Packages`, `status` and whatever else has the form of deb822(5). */
export function readStanzas(text: string): readonly Stanza[] {
  return text
    .split(/\n(?:[ \t]*\n)+/)
    .map(readStanza)
    .filter((stanza) => Object.keys(stanza).length > 0);
}

export function writeStanza(stanza: Stanza): string {
  return `${Object.entries(stanza)
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('')}\n`;
}

function readStanza(text: string): Stanza {
  const fields: Record<string, string> = {};
  let field = '';
  for (const line of text.split('\n')) {
    if (/^[ \t]/.test(line) && field !== '') {
      fields[field] += `\n${line}`;
      continue;
    }
    const at = line.indexOf(':');
    if (at <= 0) continue;
    field = line.slice(0, at);
    fields[field] = line.slice(at + 1).trim();
  }
  return fields;
}
