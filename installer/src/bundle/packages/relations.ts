import { compareVersions } from './version-order.ts';

/** `libc6 (>= 2.38)`, one alternative of a clause. */
export interface Relation {
  readonly name: string;
  readonly operator?: string;
  readonly version?: string;
}

/** A name that can be depended upon: a package, or what it provides. Without version where a package provides none. */
export interface Offer {
  readonly package: string;
  readonly version?: string;
}

/** The clauses of a field such as Depends, each with its alternatives. */
export function readClauses(field: string | undefined): readonly (readonly Relation[])[] {
  return (field ?? '')
    .split(',')
    .map((clause) => clause.split('|').flatMap(readRelation))
    .filter((clause) => clause.length > 0);
}

export function writeClauses(clauses: readonly (readonly Relation[])[]): string {
  return clauses.map((clause) => clause.map(writeRelation).join(' | ')).join(', ');
}

/** Whether an offer under the relation's name is what it asks for. One without version fulfils no version. */
export function matches({ operator, version }: Relation, offer: Offer): boolean {
  if (operator === undefined || version === undefined) return true;
  if (offer.version === undefined) return false;
  const order = compareVersions(offer.version, version);
  switch (operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
    default:
      return order === 0;
  }
}

function readRelation(text: string): readonly Relation[] {
  const [, name = '', operator, version] =
    /^\s*([a-z0-9][a-z0-9+.-]*(?::[a-z0-9-]+)?)\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^\s)]+)\s*\))?/.exec(text) ?? [];
  if (name === '') return [];
  return [operator === undefined || version === undefined ? { name } : { name, operator, version }];
}

function writeRelation({ name, operator, version }: Relation): string {
  return operator === undefined ? name : `${name} (${operator} ${version})`;
}
