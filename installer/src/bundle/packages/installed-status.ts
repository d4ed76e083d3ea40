import type { InstalledPackage } from './medium-manifest.ts';
import { matches, type Offer, type Relation, readClauses, writeClauses } from './relations.ts';
import { type Stanza, writeStanza } from './stanzas.ts';
import { compareVersions } from './version-order.ts';

/** What apt's resolver looks at, and what it tells equal versions apart by (Installed-Size). */
const kept = ['Essential', 'Protected', 'Priority', 'Section', 'Installed-Size', 'Multi-Arch', 'Replaces', 'Provides'];
const needs = ['Depends', 'Pre-Depends'] as const;
const forbids = ['Breaks', 'Conflicts'] as const;

/**
 * The dpkg status of a machine that was installed from a medium: its manifest names packages and versions alone, so the
 * fields come from the stanzas of archive and pool. A version that neither has any more (an update has replaced it)
 * gets those of the newest that is known, with `(= that version)` read as `(= this version)`: packages of one source
 * stay tied together. What the installed machine contradicts is left out, for it is known to be whole; a package that
 * nobody knows gets a stanza of its name and version.
 */
export function installedStatus(
  installed: ReadonlyMap<string, InstalledPackage>,
  known: readonly Stanza[],
  architecture: string,
): string {
  const byName = Map.groupBy(known, (stanza) => stanza['Package'] ?? '');
  const stanzas = [...installed]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, about]) => stanzaOf(name, about, byName.get(name) ?? [], architecture));
  const offers = offersOf(stanzas);
  return stanzas.map((stanza) => writeStanza(withoutContradiction(stanza, offers))).join('');
}

function stanzaOf(name: string, about: InstalledPackage, known: readonly Stanza[], architecture: string): Stanza {
  const { version } = about;
  const source = known.find((one) => one['Version'] === version) ?? newest(known) ?? {};
  const read = (field: string) => {
    const value = source[field];
    return value === undefined ? [] : [[field, value] as const];
  };
  const tied = [...needs, ...forbids, 'Provides'].flatMap((field) =>
    read(field).map(([, value]) => [field, retied(value, source, version)] as const),
  );
  return {
    Package: name,
    Status: 'install ok installed',
    Version: version,
    Architecture: source['Architecture'] ?? about.architecture ?? architecture,
    ...(about.architecture === undefined ? {} : { 'Multi-Arch': 'same' }),
    ...Object.fromEntries([...kept.flatMap(read), ...tied]),
  };
}

function newest(known: readonly Stanza[]): Stanza | undefined {
  return known.toSorted((one, other) => compareVersions(other['Version'] ?? '', one['Version'] ?? ''))[0];
}

/** The clauses with the version of the stanza that they come from replaced by the one that is installed. */
function retied(field: string, source: Stanza, version: string): string {
  const own = [source['Version'], /\((.*)\)/.exec(source['Source'] ?? '')?.[1]];
  const rewritten = (relation: Relation) =>
    relation.operator === '=' && own.includes(relation.version) ? { ...relation, version } : relation;
  return writeClauses(readClauses(field).map((clause) => clause.map(rewritten)));
}

function offersOf(stanzas: readonly Stanza[]): ReadonlyMap<string, readonly Offer[]> {
  const all = stanzas.flatMap((stanza) => {
    const { Package: name = '', Version: version = '' } = stanza;
    const provided = readClauses(stanza['Provides']).flat();
    const offers = provided.map((one) => ({
      name: one.name,
      package: name,
      ...(one.version === undefined ? {} : { version: one.version }),
    }));
    return [{ name, package: name, version }, ...offers];
  });
  return Map.groupBy(all, ({ name }) => name);
}

function withoutContradiction(stanza: Stanza, offers: ReadonlyMap<string, readonly Offer[]>): Stanza {
  const held = (relation: Relation, besides?: string) =>
    (offers.get(relation.name.replace(/:.*/, '')) ?? []).some(
      (offer) => offer.package !== besides && matches(relation, offer),
    );
  const fields: Record<string, string> = { ...stanza };
  for (const field of needs) fields[field] = pruned(stanza[field], (clause) => clause.some((one) => held(one)));
  for (const field of forbids)
    fields[field] = pruned(stanza[field], (clause) => !clause.some((one) => held(one, stanza['Package'])));
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

function pruned(field: string | undefined, keeps: (clause: readonly Relation[]) => boolean): string {
  return writeClauses(readClauses(field).filter(keeps));
}
