/**
 * A set of field paths in the form in which Kubernetes stores it (`fieldsV1`): `{'f:spec': {'f:replicas': {}}}`.
 * A node without children is a member; a node with children is one when it holds `.`.
 */
export type Fields = { readonly [element: string]: Fields };

export const nothing: Fields = Object.freeze({});
const self = '.';

export function isEmpty(fields: Fields): boolean {
  for (const _ in fields) return false;
  return true;
}

/** Whether the path that leads to this node is itself in the set. */
export function isMember(node: Fields): boolean {
  return self in node || isEmpty(node);
}

/** A node from its children, as a member or not; undefined when it would hold nothing. */
function node(member: boolean, children: Record<string, Fields>): Fields | undefined {
  if (isEmpty(children)) return member ? nothing : undefined;
  return member ? { [self]: nothing, ...children } : children;
}

function* elements(fields: Fields): Generator<[string, Fields]> {
  for (const element in fields) if (element !== self) yield [element, fields[element] as Fields];
}

/** Everything that is in one or the other. */
export function union(one: Fields, other: Fields): Fields {
  if (isEmpty(other)) return one;
  if (isEmpty(one)) return other;
  const children: Record<string, Fields> = { ...one };
  for (const [element, theirs] of Object.entries(other)) {
    const ours = children[element];
    children[element] = ours === undefined ? theirs : both(ours, theirs);
  }
  return children;
}

function both(ours: Fields, theirs: Fields): Fields {
  const children: Record<string, Fields> = Object.fromEntries(elements(ours));
  for (const [element, child] of elements(theirs)) {
    const mine = children[element];
    children[element] = mine === undefined ? child : both(mine, child);
  }
  return node(isMember(ours) || isMember(theirs), children) ?? nothing;
}

/** What is in the first and not in the second. */
export function difference(one: Fields, other: Fields): Fields {
  if (isEmpty(one) || isEmpty(other)) return one;
  return lesser(one, other, false) ?? nothing;
}

function lesser(ours: Fields, theirs: Fields, inner = true): Fields | undefined {
  const children: Record<string, Fields> = {};
  for (const [element, child] of elements(ours)) {
    const match = theirs[element];
    const left = match === undefined ? child : lesser(child, match);
    if (left !== undefined) children[element] = left;
  }
  return node(inner && isMember(ours) && !isMember(theirs), children);
}

/** What is in both. */
export function intersection(one: Fields, other: Fields): Fields {
  if (isEmpty(one) || isEmpty(other)) return nothing;
  return shared(one, other, false) ?? nothing;
}

function shared(ours: Fields, theirs: Fields, inner = true): Fields | undefined {
  const children: Record<string, Fields> = {};
  for (const [element, child] of elements(ours)) {
    const match = theirs[element];
    const common = match === undefined ? undefined : shared(child, match);
    if (common !== undefined) children[element] = common;
  }
  return node(inner && isMember(ours) && isMember(theirs), children);
}

/** The members as the API server writes them in conflicts: `.spec.containers[name="x"].image`, members before what is below them. */
export function paths(fields: Fields, before = ''): string[] {
  const inOrder = [...elements(fields)].sort(([one], [other]) => (one < other ? -1 : 1));
  const here = inOrder.filter(([, child]) => isMember(child)).map(([element]) => before + spoken(element));
  return [...here, ...inOrder.flatMap(([element, child]) => paths(child, before + spoken(element)))];
}

function spoken(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  if (element.startsWith('i:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}
