import { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { Reflector } from '#kube/reflector';
import type { Transport } from '#kube/transport';
import { apiVersion, type Wukong } from './api/wukong.ts';
import type { Lookup } from './controllers/wukong/observe.ts';
import { reconcile } from './controllers/wukong/reconcile.ts';
import { elect } from './runtime/elector.ts';
import type { Time } from './runtime/time.ts';
import { WorkQueue } from './runtime/work-queue.ts';

export interface OperatorOptions {
  readonly transport: Transport;
  readonly time: Time;
  /** Where the Lease lives. */
  readonly namespace: string;
  readonly identity: string;
  readonly signal: AbortSignal;
  log(message: string, about?: Readonly<Record<string, unknown>>): void;
}

const watched = {
  Wukong: { apiVersion, kind: 'Wukong' },
  VirtualMachine: { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine' },
  VirtualMachineInstance: { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance' },
  DataVolume: { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume' },
  PersistentVolumeClaim: { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
} as const;
type Kind = keyof typeof watched;

/**
 * The operator from its start until its signal aborts: caches are kept warm from the beginning, and reconciled only
 * while it leads. Rejects when the lead is lost: the process ends then, so that two never write at a time.
 */
export async function startOperator(options: OperatorOptions): Promise<void> {
  const { transport, time, signal, namespace, identity } = options;
  const client = new KubeClient({ transport, fieldManager: 'novasphere-operator', sleep: time.sleep });
  const reflectors = reflect(client, options);
  const running = Promise.all(Object.values(reflectors).map((one) => one.run(signal)));
  const election = { transport, time, namespace, name: 'wukong-operator', identity, signal };
  const end = await elect({ ...election, lead: (lead) => work(client, reflectors, options, lead) });
  if (end === 'lost') throw new Error('the lead was lost to another replica, or could not be renewed in time');
  await running;
}

type Reflectors = Readonly<Record<Kind, Reflector>>;

function reflect(client: KubeClient, { transport, time }: OperatorOptions): Reflectors {
  const { discovery } = client;
  const made = Object.entries(watched).map(([kind, query]) => [
    kind,
    new Reflector({ transport, discovery, query, clock: time }),
  ]);
  return Object.fromEntries(made) as Reflectors;
}

/** Reconciles while this process leads. */
async function work(
  client: KubeClient,
  reflectors: Reflectors,
  options: OperatorOptions,
  signal: AbortSignal,
): Promise<void> {
  const { time, log } = options;
  const lookup =
    (namespace: string): Lookup =>
    (kind, name) =>
      reflectors[kind].get(namespace, name);
  const wukong = (namespace: string, name: string) => reflectors.Wukong.get(namespace, name) as Wukong | undefined;
  const now = () => new Date(time.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const queue = new WorkQueue({
    time,
    signal,
    concurrency: 4,
    reconcile: (key) => reconcile(key, { client, now, wukong, lookup }),
    failed: (key, error) =>
      log('reconcile failed', { key, error: error instanceof Error ? error.message : String(error) }),
  });
  log('leading', { identity: options.identity });
  const stops = Object.values(reflectors).map((reflector) => {
    const changed = (object: KubeObject) => {
      const key = keyOf(object);
      if (key !== undefined) queue.add(key);
    };
    return reflector.onChange({ added: changed, updated: changed, deleted: changed });
  });
  for (const one of reflectors.Wukong.all()) queue.add(`${one.metadata.namespace}/${one.metadata.name}`);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  for (const stop of stops) stop();
}

/** The Wukong that an object is, or is a child of; the instance of a machine is known by the machine's name. */
function keyOf({ kind, metadata }: KubeObject): string | undefined {
  if (kind === 'Wukong') return `${metadata.namespace}/${metadata.name}`;
  const name = metadata.labels?.['vm.novasphere.dev/wukong'];
  return name === undefined ? undefined : `${metadata.namespace}/${name}`;
}
