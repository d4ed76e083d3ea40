import type { Json } from '#kube/json';
import { CelFailure } from './cel-failure.ts';
import type { Expression, Scope } from './compile.ts';
import type { Node } from './parse.ts';
import { CelError } from './tokens.ts';

type CallNode = Node & { readonly is: 'call' };
type Build = (node: Node) => Expression;
type Over = (items: readonly Json[], holds: (item: Json) => Json) => Json;

/** Macros with a variable: `self.disks.filter(d, d.boot)`. */
const overItems: Readonly<Record<string, Over>> = {
  all: (items, holds) => every(items, holds),
  exists: (items, holds) => !every(items, (item) => holds(item) !== true),
  exists_one: (items, holds) => items.filter((item) => holds(item) === true).length === 1,
  filter: (items, holds) => items.filter((item) => holds(item) === true),
  map: (items, holds) => items.map(holds),
};

/** One item may fail when another decides. */
function every(items: readonly Json[], holds: (item: Json) => Json): boolean {
  let failure: unknown;
  for (const item of items) {
    try {
      if (holds(item) !== true) return false;
    } catch (error) {
      if (!(error instanceof CelFailure)) throw error;
      failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  return true;
}

/** What looks like a call but sees its arguments as expressions; undefined when the call is none. */
export function macro(node: CallNode, build: Build): Expression | undefined {
  if (node.on === undefined && node.name === 'has') return has(node.args[0], build);
  const over = node.on === undefined ? undefined : overItems[node.name];
  if (over === undefined || node.on === undefined) return undefined;
  const [variable, test, mapped] = node.args;
  if (variable?.is !== 'name' || test === undefined)
    throw new CelError(`.${node.name}() needs a variable and an expression`);
  const [of, holds] = [build(node.on), build(test)];
  const map = mapped === undefined ? undefined : build(mapped);
  return (scope) => {
    const inner = (item: Json): Scope => ({ ...scope, [variable.name]: item });
    const items = itemsOf(of(scope));
    if (map === undefined) return over(items, (item) => holds(inner(item)));
    return items.filter((item) => holds(inner(item)) === true).map((item) => map(inner(item)));
  };
}

function itemsOf(value: Json): readonly Json[] {
  if (Array.isArray(value)) return value;
  if (value !== null && typeof value === 'object') return Object.keys(value);
  throw new CelFailure('no such overload: a list or map was expected');
}

function has(node: Node | undefined, build: Build): Expression {
  if (node?.is !== 'field') throw new CelError('has() needs a field');
  const of = build(node.of);
  return (scope) => {
    const value = of(scope);
    if (value === null || typeof value !== 'object') throw new CelFailure(`no such key: ${node.name}`);
    return value[node.name] !== undefined && value[node.name] !== null;
  };
}
