import type { Json } from '#kube/json';
import type { Transport } from '#kube/transport';
import { logOver } from '#operator/runtime/log-over';
import { startOperator } from '#operator/start';
import type { Bench, Double } from '#simulation/bench';

const namespace = 'novasphere-system';
const path = `/api/v1/namespaces/${namespace}/pods`;
const query = { labelSelector: 'app.kubernetes.io/name=wukong-operator' };

export const operatorDouble: Double = operatorDoubleAs();

/**
 * Runs the operator's real code for as long as a pod of its Deployment is Ready, as the node would run its image.
 * `transport`: that of its service account. Default: the one of the bench.
 */
export function operatorDoubleAs(transport?: Transport): Double {
  return (bench) => runPods(bench, { ...bench, transport: transport ?? bench.transport });
}

async function runPods(bench: Bench, own: Bench): Promise<void> {
  const running = new Map<string, AbortController>();
  while (!bench.signal.aborted) {
    try {
      await follow(bench, own, running);
    } catch {
      // A broken watch is followed again; what runs goes on.
    }
    await bench.clock.sleep(1000, bench.signal).catch(() => {});
  }
  for (const life of running.values()) life.abort(new Error('the node is gone'));
}

async function follow(bench: Bench, own: Bench, running: Map<string, AbortController>): Promise<void> {
  for await (const { type, object } of bench.transport.watch(path, query, bench.signal)) {
    if (type === 'ERROR') return;
    if (type === 'BOOKMARK') continue;
    const name: string = object.metadata.name;
    if (type === 'DELETED' || !isReady(object)) stop(name, running);
    else if (!running.has(name)) start(name, own, running);
  }
}

function isReady(pod: Json): boolean {
  return (pod.status?.conditions ?? []).some((one: Json) => one.type === 'Ready' && one.status === 'True');
}

function start(name: string, bench: Bench, running: Map<string, AbortController>): void {
  const life = new AbortController();
  running.set(name, life);
  void runContainer(name, bench, AbortSignal.any([bench.signal, life.signal]));
}

/** As the kubelet does: a container that ends by itself is started again, as a process of its own. */
async function runContainer(name: string, bench: Bench, signal: AbortSignal): Promise<void> {
  const { transport, clock, logs, troubles } = bench;
  // Without the library that writes the operator's log: a rehearsal loads no more than it must.
  const log = logOver((level, msg, about) => {
    if (level === 'debug') return;
    logs.append(`${namespace}/${name}/operator`, `${JSON.stringify({ msg, ...about }, readable)}\n`);
  });
  for (let count = 1; !signal.aborted; count++) {
    while (!signal.aborted && troubles.has('operator-idle')) await clock.sleep(1000, signal).catch(() => {});
    try {
      await startOperator({ transport, time: clock, namespace, identity: `${name}_${count}`, signal, log });
    } catch (error) {
      if (!signal.aborted) log.fatal('the operator ends', error);
    }
    await clock.sleep(10_000, signal).catch(() => {});
  }
}

/** An error has no fields that JSON shows. */
function readable(_: string, value: unknown): unknown {
  return value instanceof Error ? String(value) : value;
}

function stop(name: string, running: Map<string, AbortController>): void {
  running.get(name)?.abort(new Error('the pod stopped'));
  running.delete(name);
}
