/** A part of the platform that others depend on. What depends on one that is in trouble is a consequence of that. */
export type Role =
  | 'coredns'
  | 'multus'
  | 'longhorn-manager'
  | 'cainjector'
  | 'virt-handler'
  | 'virt-operator'
  | 'nmstate-handler';

/** A failure that is known: how it shows, what it really is, and what helps. */
export interface Signature {
  /** Its number in the list of known failures; a number that is there twice shows in two places. */
  readonly id: number;
  /** What it is called, as the head of everything that it leads to. */
  readonly title: string;
  /** Where it shows. */
  readonly seen: string;
  /** How it reads there; absent where it is not a text but a state that is recognised. */
  readonly pattern?: RegExp;
  readonly cause: string;
  /** Things to type, with `{node}`, `{namespace}`, `{pod}`, `{container}` and `{name}` to be filled in. */
  readonly remedies: readonly [string, ...string[]];
  /** Who is really to blame, where that one is in trouble too. */
  readonly blames?: Role;
}

export type Place = Readonly<Partial<Record<'node' | 'namespace' | 'pod' | 'container' | 'name', string>>>;

/** The remedies with the names of the place filled in; what is not known stays in capitals. */
export function remediesOf({ remedies }: Signature, place: Place = {}): readonly [string, ...string[]] {
  const fill = (text: string) =>
    text.replace(/\{(node|namespace|pod|container|name)\}/g, (_, key: keyof Place) => place[key] ?? key.toUpperCase());
  const [first, ...rest] = remedies;
  return [fill(first), ...rest.map(fill)];
}
