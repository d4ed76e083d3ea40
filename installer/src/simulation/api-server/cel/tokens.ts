/** Thrown for what is not in the part of CEL that this evaluator knows. */
export class CelError extends Error {
  override readonly name = 'CelError';
}

export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const pattern =
  /\s+|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<number>\d+\.\d+(?:[eE][+-]?\d+)?|0x[0-9a-fA-F]+|\d+)|(?<raw>[rR](?:'[^']*'|"[^"]*"))|(?<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}])/gsy;

/** Splits a CEL expression into its words. */
export function tokens(source: string): readonly Token[] {
  // A raw string begins like a name, so its prefix is looked for first.
  const found: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const token = rawString(source, at) ?? matched(source, at);
    at += token.text.length;
    if (token.token !== undefined) found.push(token.token);
  }
  return [...found, { kind: 'end', text: '', at: source.length }];
}

interface Match {
  readonly text: string;
  readonly token?: Token;
}

function rawString(source: string, at: number): Match | undefined {
  const [text] = /^[rR](?:'[^']*'|"[^"]*")/.exec(source.slice(at)) ?? [];
  return text === undefined ? undefined : { text, token: { kind: 'text', text: text.slice(2, -1), at } };
}

function matched(source: string, at: number): Match {
  pattern.lastIndex = at;
  const match = pattern.exec(source);
  if (match === null) throw new CelError(`cannot read “${source.slice(at, at + 20)}” at ${at}`);
  const [text] = match;
  const { name, number, text: quoted, sign } = match.groups ?? {};
  if (quoted !== undefined) return { text, token: { kind: 'text', text: unescaped(quoted), at } };
  const kind = name !== undefined ? 'name' : number !== undefined ? 'number' : sign !== undefined ? 'sign' : undefined;
  return kind === undefined ? { text } : { text, token: { kind, text, at } };
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07' };

function unescaped(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/gs, (_, code: string) =>
      /^[ux]./.test(code) ? String.fromCharCode(Number.parseInt(code.slice(1), 16)) : (escapes[code] ?? code),
    );
}
