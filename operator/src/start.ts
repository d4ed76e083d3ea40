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

/** How long what is under way may take to end; the node gives a pod 30 s. */
const drain = 25_000;

/**
 * The operator from its start until its signal aborts: caches are kept warm from the beginning, and reconciled only
 * while it leads. Rejects when the lead is lost: the process ends then, so that two never write at a time.
 */
export async function startOperator(options: OperatorOptions): Promise<void> {
  const { transport, time, namespace, identity } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const client = new KubeClient({ transport, fieldManager: 'novasphere-operator', sleep: time.sleep.bind(time) });
  const reflectors = reflect(client, options);
  const running = Promise.all(Object.values(reflectors).map((one) => one.run(signal)));
  const election = { transport, time, namespace, name: 'wukong-operator', identity, signal };
  try {
    const end = await elect({ ...election, lead: (lead) => work(client, reflectors, options, lead) });
    if (end === 'lost') throw new Error('the lead was lost to another replica, or could not be renewed in time');
  } finally {
    over.abort(new Error('the operator ends'));
  }
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
  const aborted = abortOf(signal);
  // What is told to stop still finishes what it is at; what has lost the lead does not get another word in.
  const fence = new AbortController();
  const pass = { client, now, wukong, lookup, signal: fence.signal };
  const queue = new WorkQueue({
    time,
    signal,
    concurrency: 4,
    reconcile: (key) => reconcile(key, pass),
    failed: (key, error) => log('reconcile failed', { controller, key, error: messageOf(error) }),
  });
  log('leading', { controller, identity: options.identity });
  // A half-filled cache would make what is there look as if it were missing.
  await Promise.race([aborted, Promise.all(Object.values(reflectors).map((one) => one.synced))]);
  const stops = Object.values(reflectors).map((reflector) => {
    const changed = (object: KubeObject) => {
      const key = keyOf(object);
      if (key !== undefined) queue.add(key);
    };
    return reflector.onChange({ added: changed, updated: changed, deleted: changed });
  });
  for (const one of reflectors.Wukong.all()) queue.add(`${one.metadata.namespace}/${one.metadata.name}`);
  await aborted;
  for (const stop of stops) stop();
  if (options.signal.aborted) await Promise.race([queue.idle(), time.sleep(drain, fence.signal).catch(() => {})]);
  fence.abort(new Error('the lead has ended'));
  log('no longer leading', { controller, identity: options.identity });
}

const controller = 'wukong';

function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The Wukong that an object is, or is a child of; the instance of a machine is known by the machine's name. */
function keyOf({ kind, metadata }: KubeObject): string | undefined {
  if (kind === 'Wukong') return `${metadata.namespace}/${metadata.name}`;
  const name = metadata.labels?.['vm.novasphere.dev/wukong'];
  return name === undefined ? undefined : `${metadata.namespace}/${name}`;
}
