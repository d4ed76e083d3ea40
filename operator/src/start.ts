import { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { Reflector } from '#kube/reflector';
import type { Transport } from '#kube/transport';
import { apiVersion, type Wukong } from './api/wukong.ts';
import { type Reconcile, reconcile } from './controllers/wukong/reconcile.ts';
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
  const trouble = troubleLog(options);
  const reflectors = reflect(client, options, trouble);
  const running = Promise.all(Object.values(reflectors).map((one) => one.run(signal)));
  const election = { transport, time, namespace, name: 'wukong-operator', identity, signal, trouble: trouble('lease') };
  try {
    const end = await elect({ ...election, lead: (lead) => work(client, reflectors, options, lead) });
    if (end === 'lost') throw new Error('the lead was lost to another replica, or could not be renewed in time');
  } finally {
    over.abort(new Error('the operator ends'));
  }
  await running;
}

type Reflectors = Readonly<Record<Kind, Reflector>>;

type TroubleLog = (about: string) => (error: unknown) => void;

/** Tells what keeps the server from being asked, each thing once until it is another: it may go on for hours. */
function troubleLog({ log }: OperatorOptions): TroubleLog {
  return (about) => {
    let last = '';
    return (error) => {
      const message = messageOf(error);
      if (message !== last) log('the API server could not be asked', { controller, about, error: message });
      last = message;
    };
  };
}

function reflect(client: KubeClient, { transport, time }: OperatorOptions, trouble: TroubleLog): Reflectors {
  const { discovery } = client;
  const made = Object.entries(watched).map(([kind, query]) => [
    kind,
    new Reflector({ transport, discovery, query, clock: time, onTrouble: trouble(kind) }),
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
  const { time, log, identity } = options;
  const aborted = abortOf(signal);
  // What is told to stop still finishes what it is at; what has lost the lead does not get another word in.
  const fence = new AbortController();
  const pass = passOver(client, reflectors, time, fence.signal);
  const queue = new WorkQueue({
    time,
    signal,
    concurrency: 4,
    reconcile: (key) => reconcile(key, pass),
    failed: (key, error) => log('reconcile failed', { controller, key, error: messageOf(error) }),
  });
  log('leading', { controller, identity });
  // A half-filled cache would make what is there look as if it were missing.
  await Promise.race([aborted, Promise.all(Object.values(reflectors).map((one) => one.synced))]);
  const unfollow = follow(reflectors, (key) => queue.add(key));
  await aborted;
  unfollow();
  if (options.signal.aborted) await Promise.race([queue.idle(), time.sleep(drain, fence.signal).catch(() => {})]);
  fence.abort(new Error('the lead has ended'));
  log('no longer leading', { controller, identity });
}

function passOver(client: KubeClient, reflectors: Reflectors, time: Time, signal: AbortSignal): Reconcile {
  return {
    client,
    signal,
    now: () => new Date(time.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    wukong: (namespace, name) => reflectors.Wukong.get(namespace, name) as Wukong | undefined,
    lookup: (namespace) => (kind, name) => reflectors[kind].get(namespace, name),
  };
}

/** Adds every Wukong, and then those that a change is about. Returns how to stop. */
function follow(reflectors: Reflectors, add: (key: string) => void): () => void {
  const changed = (...states: readonly KubeObject[]) => {
    for (const key of states.flatMap(keysOf)) add(key);
  };
  // What an object was tells whose it is where somebody has taken its owner or its labels away.
  const handlers = { added: changed, updated: changed, deleted: changed };
  const stops = Object.values(reflectors).map((reflector) => reflector.onChange(handlers));
  changed(...reflectors.Wukong.all());
  return () => {
    for (const stop of stops) stop();
  };
}

const controller = 'wukong';

function abortOf(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The Wukong that an object is, or is a child of; the children of children are known by their label. */
function keysOf({ kind, metadata }: KubeObject): readonly string[] {
  if (kind === 'Wukong') return [`${metadata.namespace}/${metadata.name}`];
  const owners = (metadata.ownerReferences ?? []).filter((one) => one.kind === 'Wukong').map((one) => one.name);
  const label = metadata.labels?.['vm.novasphere.dev/wukong'];
  const names = new Set(label === undefined ? owners : [...owners, label]);
  return [...names].map((name) => `${metadata.namespace}/${name}`);
}
