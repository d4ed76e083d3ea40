import { CelError, type Token, tokens } from './tokens.ts';

/** A CEL expression as a tree. */
export type Node =
  | { readonly is: 'literal'; readonly value: string | number | boolean | null }
  | { readonly is: 'list'; readonly items: readonly Node[] }
  | { readonly is: 'map'; readonly entries: readonly (readonly [Node, Node])[] }
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'field'; readonly of: Node; readonly name: string }
  | { readonly is: 'index'; readonly of: Node; readonly by: Node }
  | { readonly is: 'call'; readonly on: Node | undefined; readonly name: string; readonly args: readonly Node[] }
  | { readonly is: 'unary'; readonly sign: string; readonly of: Node }
  | { readonly is: 'binary'; readonly sign: string; readonly left: Node; readonly right: Node }
  | { readonly is: 'choice'; readonly test: Node; readonly yes: Node; readonly no: Node };

/** Binary operators from the loosest to the tightest. */
const ranks: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>=', 'in'],
  ['+', '-'],
  ['*', '/', '%'],
];

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(source: string) {
    this.#tokens = tokens(source);
  }

  whole(): Node {
    const node = this.#choice();
    if (this.#peek().kind !== 'end') throw this.#unexpected();
    return node;
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #takes(text: string): boolean {
    const token = this.#peek();
    if (token.kind === 'text' || token.text !== text) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw this.#unexpected();
  }

  #unexpected(): CelError {
    const { text, at } = this.#peek();
    return new CelError(`did not expect “${text}” at ${at}`);
  }

  #choice(): Node {
    const test = this.#binary(0);
    if (!this.#takes('?')) return test;
    const yes = this.#choice();
    this.#expect(':');
    return { is: 'choice', test, yes, no: this.#choice() };
  }

  #binary(rank: number): Node {
    const signs = ranks[rank];
    if (signs === undefined) return this.#unary();
    let left = this.#binary(rank + 1);
    for (;;) {
      const sign = signs.find((one) => this.#takes(one));
      if (sign === undefined) return left;
      left = { is: 'binary', sign, left, right: this.#binary(rank + 1) };
    }
  }

  #unary(): Node {
    const sign = ['!', '-'].find((one) => this.#takes(one));
    return sign === undefined ? this.#member() : { is: 'unary', sign, of: this.#unary() };
  }

  #member(): Node {
    let node = this.#primary();
    for (;;) {
      if (this.#takes('.')) {
        const name = this.#name();
        node = this.#takes('(')
          ? { is: 'call', on: node, name, args: this.#until(')') }
          : { is: 'field', of: node, name: plain(name) };
      } else if (this.#takes('[')) {
        const by = this.#choice();
        this.#expect(']');
        node = { is: 'index', of: node, by };
      } else return node;
    }
  }

  #name(): string {
    const token = this.#peek();
    if (token.kind !== 'name') throw this.#unexpected();
    this.#at++;
    return token.text;
  }

  #primary(): Node {
    const token = this.#peek();
    if (token.kind === 'text' || token.kind === 'number') {
      this.#at++;
      return { is: 'literal', value: token.kind === 'text' ? token.text : Number(token.text) };
    }
    if (this.#takes('(')) {
      const node = this.#choice();
      this.#expect(')');
      return node;
    }
    if (this.#takes('[')) return { is: 'list', items: this.#until(']') };
    if (this.#takes('{')) return { is: 'map', entries: this.#entries() };
    const name = this.#name();
    if (name in constants) return { is: 'literal', value: constants[name as keyof typeof constants] };
    return this.#takes('(') ? { is: 'call', on: undefined, name, args: this.#until(')') } : { is: 'name', name };
  }

  #until(end: string): readonly Node[] {
    const items: Node[] = [];
    while (!this.#takes(end)) {
      items.push(this.#choice());
      if (!this.#takes(',')) {
        this.#expect(end);
        break;
      }
    }
    return items;
  }

  #entries(): readonly (readonly [Node, Node])[] {
    const entries: (readonly [Node, Node])[] = [];
    while (!this.#takes('}')) {
      const key = this.#choice();
      this.#expect(':');
      entries.push([key, this.#choice()]);
      if (!this.#takes(',')) {
        this.#expect('}');
        break;
      }
    }
    return entries;
  }
}

const constants = { true: true, false: false, null: null } as const;

/** Kubernetes escapes field names that CEL cannot spell: `__namespace__`, `a__dash__b`. */
function plain(name: string): string {
  return name
    .replace(/^__([a-z]+)__$/, '$1')
    .replaceAll('__dash__', '-')
    .replaceAll('__dot__', '.')
    .replaceAll('__slash__', '/')
    .replaceAll('__underscores__', '__');
}

/** Reads an expression; throws CelError for what it does not understand. */
export function parse(source: string): Node {
  return new Parser(source).whole();
}
