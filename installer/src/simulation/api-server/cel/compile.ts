import type { Json } from '#kube/json';
import { Quantity } from '#kube/quantity';
import { equal } from '../values.ts';
import { CelFailure } from './cel-failure.ts';
import { known } from './functions.ts';
import { macro } from './macros.ts';
import { type Node, parse } from './parse.ts';
import { CelError } from './tokens.ts';

/** The variables that an expression sees. */
export type Scope = Readonly<Record<string, Json>>;
export type Expression = (scope: Scope) => Json;

/** Turns a CEL expression into a function. Throws CelError for what it does not know, before any value is seen. */
export function compile(source: string): Expression {
  return build(parse(source));
}

export function build(node: Node): Expression {
  switch (node.is) {
    case 'literal':
      return () => node.value;
    case 'list':
      return list(node.items.map(build));
    case 'map':
      return map(node.entries.map(([key, value]) => [build(key), build(value)]));
    case 'name':
      return (scope) => {
        if (!Object.hasOwn(scope, node.name)) throw new CelFailure(`undeclared reference to '${node.name}'`);
        return scope[node.name];
      };
    case 'field':
      return field(build(node.of), node.name);
    case 'index':
      return index(build(node.of), build(node.by));
    case 'call':
      return call(node);
    case 'unary':
      return unary(node.sign, build(node.of));
    case 'binary':
      return binary(node.sign, build(node.left), build(node.right));
    case 'choice':
      return choice(build(node.test), build(node.yes), build(node.no));
    default:
      return unreachable(node);
  }
}

function unreachable(node: never): never {
  throw new CelError(`unknown node ${JSON.stringify(node)}`);
}

function list(items: readonly Expression[]): Expression {
  return (scope) => items.map((item) => item(scope));
}

function map(entries: readonly (readonly [Expression, Expression])[]): Expression {
  return (scope) => Object.fromEntries(entries.map(([key, value]) => [key(scope), value(scope)]));
}

function field(of: Expression, name: string): Expression {
  return (scope) => {
    const value = of(scope);
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name))
      throw new CelFailure(`no such key: ${name}`);
    return value[name];
  };
}

function index(of: Expression, by: Expression): Expression {
  return (scope) => {
    const [value, key] = [of(scope), by(scope)];
    if (value === null || typeof value !== 'object' || !(key in value)) throw new CelFailure(`no such key: ${key}`);
    return value[key];
  };
}

function choice(test: Expression, yes: Expression, no: Expression): Expression {
  return (scope) => (test(scope) === true ? yes(scope) : no(scope));
}

function call(node: Node & { readonly is: 'call' }): Expression {
  const made = macro(node, build);
  if (made !== undefined) return made;
  const does = known(node.name, node.on !== undefined);
  const args = [...(node.on === undefined ? [] : [node.on]), ...node.args].map(build);
  return (scope) => does(...args.map((arg) => arg(scope)));
}

function unary(sign: string, of: Expression): Expression {
  if (sign === '-') return (scope) => -of(scope);
  return (scope) => {
    const value = of(scope);
    if (typeof value !== 'boolean') throw new CelFailure('no such overload: !');
    return !value;
  };
}

/** One side may fail when the other decides, as CEL has it. */
function either(left: Expression, right: Expression, decides: boolean): Expression {
  return (scope) => {
    let failure: unknown;
    for (const side of [left, right]) {
      try {
        if (side(scope) === decides) return decides;
      } catch (error) {
        if (!(error instanceof CelFailure)) throw error;
        failure = error;
      }
    }
    if (failure !== undefined) throw failure;
    return !decides;
  };
}

const comparisons: Readonly<Record<string, (one: Json, other: Json) => Json>> = {
  '==': (one, other) => same(one, other),
  '!=': (one, other) => !same(one, other),
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '+': (one, other) => (Array.isArray(one) ? [...one, ...other] : one + other),
  '-': (one, other) => one - other,
  '*': (one, other) => one * other,
  '/': (one, other) => divided(one, other, (value) => Math.trunc(value)),
  '%': (one, other) => divided(one, other, () => one % other),
  in: (one, other) => (Array.isArray(other) ? other.some((item) => same(item, one)) : Object.hasOwn(other ?? {}, one)),
};

function binary(sign: string, left: Expression, right: Expression): Expression {
  if (sign === '&&') return either(left, right, false);
  if (sign === '||') return either(left, right, true);
  const does = comparisons[sign];
  if (does === undefined) throw new CelError(`${sign} is not an operator that it knows`);
  return (scope) => does(left(scope), right(scope));
}

function same(one: Json, other: Json): boolean {
  if (one instanceof Quantity && other instanceof Quantity) return one.compare(other) === 0;
  return equal(one, other);
}

function divided(one: number, other: number, by: (value: number) => number): number {
  if (other === 0) throw new CelFailure('division by zero');
  return Number.isInteger(one) && Number.isInteger(other) ? by(one / other) : one / other;
}
