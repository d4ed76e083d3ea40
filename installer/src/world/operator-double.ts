import type { Json } from '#kube/json';
import { startOperator } from '#operator/start';
import type { Bench, Double } from '#simulation/bench';

const namespace = 'novasphere-system';
const path = `/api/v1/namespaces/${namespace}/pods`;
const query = { labelSelector: 'app.kubernetes.io/name=wukong-operator' };

/** Runs the operator's real code for as long as a pod of its Deployment is Ready, as the node would run its image. */
export const operatorDouble: Double = async (bench) => {
  const running = new Map<string, AbortController>();
  while (!bench.signal.aborted) {
    try {
      await follow(bench, running);
    } catch {
      // A broken watch is followed again; what runs goes on.
    }
    await bench.clock.sleep(1000, bench.signal).catch(() => {});
  }
  for (const life of running.values()) life.abort(new Error('the node is gone'));
};

async function follow(bench: Bench, running: Map<string, AbortController>): Promise<void> {
  for await (const { type, object } of bench.transport.watch(path, query, bench.signal)) {
    if (type === 'ERROR') return;
    if (type === 'BOOKMARK') continue;
    const name: string = object.metadata.name;
    if (type === 'DELETED' || !isReady(object)) stop(name, running);
    else if (!running.has(name)) start(name, bench, running);
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
  const log = (message: string, about?: object) =>
    logs.append(`${namespace}/${name}/operator`, `${JSON.stringify({ msg: message, ...about })}\n`);
  for (let count = 1; !signal.aborted; count++) {
    while (!signal.aborted && troubles.has('operator-idle')) await clock.sleep(1000, signal).catch(() => {});
    try {
      await startOperator({ transport, time: clock, namespace, identity: `${name}_${count}`, signal, log });
    } catch (error) {
      if (!signal.aborted) log('the operator ends', { error: String(error) });
    }
    await clock.sleep(10_000, signal).catch(() => {});
  }
}

function stop(name: string, running: Map<string, AbortController>): void {
  running.get(name)?.abort(new Error('the pod stopped'));
  running.delete(name);
}
