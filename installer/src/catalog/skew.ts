import { type ComponentName, componentNames } from './catalog.ts';
import { pairs, type SkewRule, skewRules } from './skew-rules.ts';
import { compareVersions, isSameMajor, lineOf, minorsBetween } from './version.ts';

export type Upgraded = keyof typeof skewRules;

/** Versions by component; what is absent is not installed, not wanted, or says nothing that is a version. */
export type Versions = Readonly<Partial<Record<ComponentName, string>>>;

/** What a cluster says of itself. */
export interface Installed {
  readonly versions: Versions;
  /** The oldest Kubernetes among its nodes: `v1.35.8+k3s1`. Absent when no node says it. */
  readonly kubernetes?: string;
  /** k3s on each node by its name; `versions.k3s` is the oldest of them. */
  readonly nodes?: Readonly<Record<string, string>>;
}

export interface VersionChange {
  readonly name: Upgraded;
  readonly from: string;
  readonly to: string;
}

/** A change that must not be made. */
export interface Refusal {
  readonly name: Upgraded;
  /** What is not possible and why; a sentence without full stop. */
  readonly reason: string;
  /** Versions one after the other, from the installed one on, each of which may follow the one before. */
  readonly path?: readonly string[];
}

/** What it means to bring a cluster from what is installed to what is wanted. */
export interface Journey {
  readonly changes: readonly VersionChange[];
  readonly refusals: readonly Refusal[];
  /** Whether Kubernetes has to be raised before the components or after them. */
  readonly k3s: 'first' | 'last';
}

/** Compares what is installed with what is wanted, by the rules of every project. Pure. */
export function journey(installed: Installed, wanted: Versions): Journey {
  const changes = changesBetween(installed.versions, wanted);
  const steps = changes.flatMap((change) => refusalOf(change) ?? []);
  const newer = newerNodes(installed, wanted, changes);
  const order = k3sOrder(installed, wanted);
  const unfit = typeof order === 'string' ? [] : order;
  const refusals = [...steps, ...newer, ...unfit, ...unpaired({ ...installed.versions, ...wanted })];
  return { changes, refusals, k3s: typeof order === 'string' ? order : 'last' };
}

function changesBetween(from: Versions, to: Versions): readonly VersionChange[] {
  return upgraded.flatMap((name) => {
    const [before, after] = [from[name], to[name]];
    if (before === undefined || after === undefined || compareVersions(before, after) === 0) return [];
    return [{ name, from: before, to: after }];
  });
}

const upgraded = componentNames.filter((name): name is Upgraded => name !== 'sample-vm');

/** Why a single step is not allowed, with the way that is; undefined when it is allowed. */
export function refusalOf({ name, from, to }: VersionChange): Refusal | undefined {
  const { title, oneMinor, fromLatestPatch, noWayBack, latest } = skewRules[name];
  const refuse = (why: string, path?: readonly string[]): Refusal => ({
    name,
    reason: `${title} ${from} cannot become ${to}: ${why}`,
    ...(path === undefined ? {} : { path }),
  });
  if (compareVersions(from, to) > 0) return refuse(noWayBack);
  if (!isSameMajor(from, to)) return refuse('that is another major version, for which nobody has said how');
  const minors = minorsBetween(from, to);
  if (oneMinor && minors > 1) return refuse('it goes up one minor version at a time', pathOf(name, from, to));
  const patch = latest[lineOf(from)];
  if (fromLatestPatch && minors === 1 && patch !== undefined && compareVersions(from, patch) < 0)
    return refuse(`it leaves ${lineOf(from)} only from its latest patch, ${patch}`, pathOf(name, from, to));
  return undefined;
}

/** The way in steps that are each allowed; undefined when a line between is not known. */
function pathOf(name: Upgraded, from: string, to: string): readonly string[] | undefined {
  const { latest, fromLatestPatch } = skewRules[name];
  const path = [from];
  const own = latest[lineOf(from)];
  if (fromLatestPatch && own !== undefined && compareVersions(from, own) < 0) path.push(own);
  for (let step = 1; step < minorsBetween(from, to); step++) {
    const next = latest[lineAfter(from, step)];
    if (next === undefined) return undefined;
    path.push(next);
  }
  return [...path, to];
}

function lineAfter(version: string, minors: number): string {
  const [major, minor] = lineOf(version).split('.');
  return `${major}.${Number(minor) + minors}`;
}

/** One node may be ahead of the others, but not of what is wanted. */
function newerNodes({ nodes = {} }: Installed, { k3s }: Versions, changes: readonly VersionChange[]) {
  if (k3s === undefined) return [];
  const told = changes.some(({ name, from }) => name === 'k3s' && compareVersions(from, k3s) > 0);
  return Object.entries(nodes).flatMap(([node, version]): readonly Refusal[] => {
    if (told || compareVersions(version, k3s) <= 0) return [];
    return [{ name: 'k3s', reason: `k3s ${version} on ${node} cannot become ${k3s}: ${skewRules.k3s.noWayBack}` }];
  });
}

/**
 * Components first, as long as what comes can live on the Kubernetes that is; else Kubernetes first, as long as what is
 * can live on the Kubernetes that comes. Where neither goes, what is in the way.
 */
function k3sOrder({ versions, kubernetes }: Installed, wanted: Versions): 'first' | 'last' | readonly Refusal[] {
  const after = { ...versions, ...wanted };
  const goal = (versions.k3s === undefined ? undefined : wanted.k3s) ?? kubernetes;
  if (goal === undefined || kubernetes === undefined) return 'last';
  const unfitAfter = unfit(
    after,
    goal,
    compareVersions(goal, kubernetes) === 0 ? 'the cluster has' : 'the cluster is to have',
  );
  if (unfitAfter.length > 0) return unfitAfter;
  const early = unfit(after, kubernetes, 'the cluster has');
  if (early.length === 0) return 'last';
  return unfit(versions, goal, 'the cluster is to have').length === 0 ? 'first' : early;
}

function unfit(versions: Versions, kubernetes: string, whose: string): readonly Refusal[] {
  const line = lineOf(kubernetes);
  return upgraded.flatMap((name) => {
    const { title, kubernetes: ranges }: SkewRule = skewRules[name];
    const version = versions[name];
    const range = version === undefined ? undefined : ranges?.[lineOf(version)];
    if (range === undefined || (compareVersions(range[0], line) <= 0 && compareVersions(line, range[1]) <= 0))
      return [];
    const reason = `${title} ${version} is made for Kubernetes ${range[0]} to ${range[1]}, and ${whose} ${line}`;
    return [{ name, reason }];
  });
}

function unpaired({ kubevirt, cdi }: Versions): readonly Refusal[] {
  if (kubevirt === undefined || cdi === undefined) return [];
  const partner = pairs[lineOf(kubevirt)];
  if (partner === undefined || partner === lineOf(cdi)) return [];
  return [
    { name: 'cdi', reason: `CDI ${cdi} does not go with KubeVirt ${kubevirt}: that one is paired with ${partner}` },
  ];
}
