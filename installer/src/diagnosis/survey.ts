import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { ClusterSight } from '#ports/cluster';
import { groups, type Kind, selectorOf, servedAs } from './kinds.ts';

/** What is seen of a cluster in one look: every list, and the logs that were asked for. Everything below is pure. */
export interface Survey {
  /** Milliseconds since 1970. */
  readonly now: number;
  of(kind: Kind): readonly Json[];
  /** The last lines of a container, those of its life before where it has only just been started again. */
  log(pod: Json, container: string): readonly string[];
  /** Lists that were refused, each with the reason. */
  readonly unread: readonly string[];
}

export interface LogQuery {
  readonly pod: Json;
  readonly container: string;
  readonly previous: boolean;
}

type Sight = { readonly cluster: ClusterSight; now(): number };

const refusals: ReadonlySet<string> = new Set(['CLUSTER-REFUSED', 'CLUSTER-DENIED']);

/** Lists all kinds at once; what is not served is not there, and what may not be listed is said. */
export async function survey({ cluster, now }: Sight): Promise<Survey> {
  const lists = new Map<Kind, readonly Json[]>();
  const unread: string[] = [];
  const read = async (apiVersion: string, kind: Kind) => {
    try {
      lists.set(kind, await cluster.list({ apiVersion, kind: servedAs(kind), ...selectorOf(kind) }));
    } catch (error) {
      if (!(error instanceof Fault) || !refusals.has(error.code)) throw error;
      unread.push(`${servedAs(kind)} of ${apiVersion}: ${error.record().because.at(-1) ?? error.message}`);
    }
  };
  const group = async ([apiVersion, kinds]: (typeof groups)[number]) => {
    const [first] = kinds;
    if (first === undefined || !(await cluster.serves(apiVersion, servedAs(first)))) return;
    await Promise.all(kinds.map((kind) => read(apiVersion, kind)));
  };
  await Promise.all(groups.map(group));
  return { now: now(), of: (kind) => lists.get(kind) ?? [], log: () => [], unread: unread.toSorted() };
}

/** The same look with the logs of these containers. */
export async function withLogs(seen: Survey, cluster: ClusterSight, wanted: readonly LogQuery[]): Promise<Survey> {
  const logs = new Map<string, readonly string[]>();
  const read = async ({ pod, container, previous }: LogQuery) => {
    const { namespace, name } = pod.metadata;
    const about = { namespace, name, container, tailLines: 30 };
    const text = await cluster.logs(previous ? { ...about, previous } : about).catch(unlessFault);
    const lines = (text ?? '').split('\n').filter((line) => line.trim() !== '');
    logs.set(keyOf(pod, container), lines);
  };
  await Promise.all(wanted.map(read));
  return { ...seen, log: (pod, container) => logs.get(keyOf(pod, container)) ?? [] };
}

/** A kubelet that does not answer keeps its logs; the rest is explained without them. */
function unlessFault(error: unknown): undefined {
  if (!(error instanceof Fault)) throw error;
}

function keyOf({ metadata }: Json, container: string): string {
  return `${metadata.namespace}/${metadata.name}/${container}`;
}
