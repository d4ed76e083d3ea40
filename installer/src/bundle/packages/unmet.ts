/** Why apt cannot install a package. */
export interface Unmet {
  readonly package: string;
  /** `needs libnettle8 (>= 3.9)`, `conflicts with time-daemon`; undefined when it is the package itself that is missing. */
  readonly wish?: string;
  /** What the wish is about: `libnettle8`. */
  readonly other?: string;
  /** apt's words: `it is not installable`, `3.8 is to be installed`, `it is not going to be installed`. */
  readonly because?: string;
}

/**
 * Reads what `apt-get install` prints when it finds no way. What is `not going to be installed` has its reason further
 * down, so the others come first.
 */
export function readUnmet(said: string): readonly Unmet[] {
  const found: Unmet[] = [];
  let name = '';
  for (const line of said.split('\n')) {
    const [, one, two] =
      /^E: (?:Unable to locate package (\S+)|Package '(\S+)' has no installation candidate)/.exec(line) ?? [];
    const missing = one ?? two;
    if (missing !== undefined) found.push({ package: missing });
    const [, subject, field = '', wish = '', because] =
      /^ +(?:(\S+) : )?(PreDepends|Depends|Conflicts|Breaks): (.+?)(?: but (.+))?$/.exec(line) ?? [];
    name = subject?.replace(/:.*/, '') ?? name;
    if (wish === '' || name === '') continue;
    const verb = field.endsWith('Depends') ? 'needs' : 'conflicts with';
    const other = wish.replace(/[: ].*/, '');
    found.push({ package: name, wish: `${verb} ${wish}`, other, ...(because === undefined ? {} : { because }) });
  }
  return found.toSorted((a, b) => vagueness(a) - vagueness(b));
}

/** A conflict without a reason may be one that apt would solve by removing the other package. */
function vagueness(unmet: Unmet): number {
  if (isOpen(unmet)) return 2;
  return unmet.wish !== undefined && unmet.because === undefined ? 1 : 0;
}

/** Whether the reason lies further down. */
export function isOpen({ because }: Unmet): boolean {
  return because?.includes('not going to be installed') === true;
}
