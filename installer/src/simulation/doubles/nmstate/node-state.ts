import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Machine } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { isReady } from '../owned-pods.ts';
import type { Shelf } from '../shelf.ts';
import { applied, interfacesOf } from './interfaces.ts';

const REFRESH_SECONDS = 60;
/** Stand-ins of the right shape: the simulated machine knows no package versions. Ubuntu 24.04 carries NetworkManager 1.46. */
const VERSIONS = {
  handlerNmstateVersion: '2.2.0',
  handlerNetworkManagerVersion: '1.46.0',
  hostNetworkManagerVersion: '1.46.0',
};
const STATES = kindPath('nmstate.io/v1beta1', 'NodeNetworkState');

/** What the handlers report of their nodes. */
export interface NodeStates {
  /** Nodes whose handler runs. */
  nodes(): string[];
  interfacesOf(node: string): Promise<readonly Json[]>;
  /** Reports a node, after these interfaces were desired of it. */
  report(node: string, desired?: readonly Json[]): Promise<void>;
  /** Calls back whenever a handler has come up. */
  onUp(tell: () => void): void;
}

export function nodeStates(stage: Stage): NodeStates {
  const listeners: (() => void)[] = [];
  const told = oneByOne((node: string, desired: readonly Json[]) => report(stage, node, desired));
  const refresh = stage.queue(async (node) => {
    if (!nodesOf(handlers).includes(node)) return undefined;
    await told(node, []);
    return REFRESH_SECONDS;
  });
  const handlers = stage.follow({
    path: kindPath('v1', 'Pod'),
    query: { labelSelector: 'component=kubernetes-nmstate-handler' },
    on: ({ type, object, before }) => {
      const up = type !== 'DELETED' && isReady(object) && (before === undefined || !isReady(before));
      if (!up) return;
      refresh.addAfter(object['spec'].nodeName, 4);
      for (const tell of listeners) tell();
    },
  });
  return {
    nodes: () => nodesOf(handlers),
    interfacesOf: async (node) =>
      (await stage.api.get(`${STATES}/${node}`))?.['status']?.currentState?.interfaces ?? [],
    report: (node, desired = []) => told(node, desired),
    onUp: (tell) => void listeners.push(tell),
  };
}

/** What is reported stands on what was reported before. */
function oneByOne<Words extends readonly unknown[]>(work: (...words: Words) => Promise<void>) {
  let last = Promise.resolve();
  return (...words: Words): Promise<void> => {
    const done = last.then(() => work(...words));
    last = done.catch(() => undefined);
    return done;
  };
}

function nodesOf(handlers: Shelf): string[] {
  return handlers
    .all()
    .filter(isReady)
    .map((pod) => pod['spec'].nodeName);
}

async function report(stage: Stage, node: string, desired: readonly Json[]): Promise<void> {
  const machine = await machineOf(stage, node);
  if (machine === undefined) return;
  const state = await stage.api.ensure(await emptyState(stage, node));
  const found = interfacesOf(machine);
  const before: Json[] = state['status']?.currentState?.interfaces ?? [];
  const made = before.filter((one) => !found.some((other) => other.name === one.name));
  const interfaces = applied([...found, ...made], desired);
  const dns = { search: [], server: nameservers(machine) };
  await stage.api.patchStatus(pathOf(state), {
    currentState: {
      interfaces,
      routes: { config: [], running: [] },
      'dns-resolver': { config: dns, running: dns },
    },
    ...VERSIONS,
    lastSuccessfulUpdateTime: stage.now(),
  });
}

async function machineOf(stage: Stage, name: string): Promise<Machine | undefined> {
  const node = await stage.api.get(`/api/v1/nodes/${name}`);
  const id: string | undefined = node?.['status']?.nodeInfo?.bootID;
  return stage.bench.machines.find((one) => one.bootId === id);
}

async function emptyState(stage: Stage, name: string): Promise<KubeObject> {
  const node = await stage.api.get(`/api/v1/nodes/${name}`);
  const owner = { apiVersion: 'v1', kind: 'Node', name, uid: node?.metadata.uid ?? '' };
  return { apiVersion: 'nmstate.io/v1beta1', kind: 'NodeNetworkState', metadata: { name, ownerReferences: [owner] } };
}

function nameservers(machine: Machine): string[] {
  const text = machine.read('/run/systemd/resolve/resolv.conf') ?? machine.read('/etc/resolv.conf') ?? '';
  return [...text.matchAll(/^nameserver\s+(\S+)/gm)].map(([, address]) => address ?? '');
}
