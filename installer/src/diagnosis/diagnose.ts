import { Fault } from '#engine/fault';
import type { ClusterSight, ObjectRef } from '#ports/cluster';
import { askWebhooks } from './ask.ts';
import { examine, logsFor } from './examine.ts';
import { type Cascade, cascades } from './graph.ts';
import { componentsOf } from './names.ts';
import { type Survey, survey, withLogs } from './survey.ts';

/** One thing that is wrong by itself, and everything that is wrong because of it. */
export interface Root {
  /** `Multus out of memory → CoreDNS → Longhorn webhook → PVC default/data`. */
  readonly title: string;
  /** Its number among the known failures. */
  readonly signature?: number;
  /** It works, but not as somebody meant it. */
  readonly isAdvice: boolean;
  readonly fault: Fault;
  /** What is so because of it, by distance. */
  readonly consequences: readonly (readonly string[])[];
}

export interface Diagnosis {
  readonly looked: { readonly nodes: number; readonly pods: number; readonly components: readonly string[] };
  readonly roots: readonly Root[];
  /** What could not be looked at, and why. */
  readonly unread: readonly string[];
}

type Sight = { readonly cluster: ClusterSight; now(): number };

/** Looks at the whole cluster once and says what is wrong, and because of what. */
export async function diagnose(sight: Sight): Promise<Diagnosis> {
  const { seen, found } = await look(sight);
  const workloads = [...seen.of('Deployment'), ...seen.of('DaemonSet')];
  return {
    looked: { nodes: seen.of('Node').length, pods: seen.of('Pod').length, components: componentsOf(workloads) },
    roots: found.map(rootOf),
    unread: seen.unread,
  };
}

/** What else is behind the state of one object; undefined when that is not in trouble, or the trouble is its own and unknown. */
export async function causeOf(
  sight: Sight,
  { kind, namespace, name }: Omit<ObjectRef, 'apiVersion'>,
): Promise<Fault | undefined> {
  const key = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  const { found } = await look(sight);
  const cascade = found.find(({ keys }) => keys.has(key));
  if (cascade === undefined || (cascade.root.key === key && cascade.root.unexplained === true)) return undefined;
  return rootOf(cascade).fault;
}

async function look(sight: Sight): Promise<{ readonly seen: Survey; readonly found: readonly Cascade[] }> {
  const [seen, heard] = await Promise.all([survey(sight), askWebhooks(sight.cluster)]);
  if (examine(seen, heard).length === 0) return { seen, found: [] };
  const whole = await withLogs(seen, sight.cluster, logsFor(seen));
  return { seen, found: cascades(examine(whole, heard)) };
}

function rootOf({ root, levels }: Cascade): Root {
  const { code, message, because, object, evidence, remedies, signature, advice } = root;
  const cause = because.reduceRight<Error | undefined>((inner, text) => new Error(text, { cause: inner }), undefined);
  return {
    title: [root.title, ...shortened(levels)].join(' → '),
    ...(signature === undefined ? {} : { signature }),
    isAdvice: advice === true,
    fault: new Fault({
      code,
      message,
      where: [`object ${object}`],
      evidence: unrepeated(evidence, because),
      remedy: remedies,
      ...(cause === undefined ? {} : { cause }),
    }),
    consequences: levels,
  };
}

/** The evidence without what the chain of causes has quoted already. */
function unrepeated(evidence: readonly string[], because: readonly string[]): readonly string[] {
  return evidence.flatMap((line) => {
    const quoted = because.find((text) => line.endsWith(`: ${text}`));
    if (quoted === undefined) return [line];
    const rest = line.slice(0, -quoted.length - 2);
    return rest === 'its log' ? [] : [rest];
  });
}

/** More names than that do not fit on a line that is to be read. */
const most = 6;

function shortened(levels: Cascade['levels']): readonly string[] {
  const names = levels.flat();
  if (names.length <= most) return levels.map((some) => some.join(', '));
  const shown = levels.map((some, index) => some.slice(0, Math.max(0, most - levels.slice(0, index).flat().length)));
  const texts = shown.filter((some) => some.length > 0).map((some) => some.join(', '));
  return [...texts.slice(0, -1), `${texts.at(-1)}, ${names.length - most} more`];
}
