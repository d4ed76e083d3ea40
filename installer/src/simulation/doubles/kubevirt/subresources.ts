import type { Json } from '#kube/json';
import type { Request, Response } from '#kube/transport';
import type { Stage } from '../double.ts';
import { mayPass, Refusal } from '../kube-api.ts';
import { pathOf } from '../kube-path.ts';
import { pausing } from './pausing.ts';
import { refusal } from './refusal.ts';
import { instancePath, machinePath } from './snapshot-terms.ts';
import { runStrategy } from './vm-run-strategy.ts';

const verbs: Readonly<Record<string, readonly string[]>> = {
  virtualmachines: ['start', 'stop', 'restart'],
  virtualmachineinstances: ['pause', 'unpause'],
};

/** virt-api's own API: discovery, its health, and what virtctl sends to machines and to their instances. */
export async function subresource(stage: Stage, { method, path }: Request): Promise<Response> {
  const [, version, rest = ''] = /^\/apis\/subresources\.kubevirt\.io\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (method === 'GET' && rest === '') return { status: 200, body: discovery(version ?? 'v1') };
  if (method === 'GET' && rest === '/healthz') return { status: 200, body: { apiserver: { connectivity: 'ok' } } };
  const [, namespace = '', kind = '', name = '', verb = ''] =
    /^\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(rest) ?? [];
  if (method !== 'PUT' || !(verbs[kind] ?? []).includes(verb))
    throw new Error(`virt-api's double does not know ${method} ${path}: teach it in kubevirt/subresources.ts`);
  if (kind === 'virtualmachineinstances') return pausing(stage, namespace, name, verb);
  return change(stage, { namespace, name, verb }).catch(answered);
}

function discovery(version: string): Json {
  const resources = Object.entries(verbs).flatMap(([kind, known]) =>
    known.map((verb) => ({ name: `${kind}/${verb}`, singularName: '', namespaced: true, kind: '', verbs: ['update'] })),
  );
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `subresources.kubevirt.io/${version}`, resources };
}

interface Order {
  readonly namespace: string;
  readonly name: string;
  readonly verb: string;
}

async function change(stage: Stage, order: Order): Promise<Response> {
  const { namespace, name, verb } = order;
  const path = machinePath(namespace, name);
  const machine: Json = await stage.api.get(path);
  if (machine === undefined) return refusal(404, `virtualmachine.kubevirt.io "${name}" not found`);
  const instance: Json = await stage.api.get(instancePath(namespace, name));
  const obstacle = obstacleTo(verb, machine, instance);
  if (obstacle !== undefined)
    return refusal(409, `Operation cannot be fulfilled on virtualmachine.kubevirt.io "${name}": ${obstacle}`);
  const manual = runStrategy(machine) === 'Manual';
  if (verb === 'restart') await stage.api.remove(pathOf(instance));
  else if (manual)
    await stage.api.patchStatus(path, { stateChangeRequests: [{ action: verb === 'start' ? 'Start' : 'Stop' }] });
  else await stage.api.patch(path, { spec: { running: null, runStrategy: verb === 'start' ? 'Always' : 'Halted' } });
  return { status: 202, body: null };
}

const ended = ['Succeeded', 'Failed'];

/** Why an order does not fit the state of a machine. */
function obstacleTo(verb: string, machine: Json, instance: Json): string | undefined {
  const runs = instance !== undefined && !ended.includes(instance.status?.phase);
  if (verb === 'start' && runs) return 'VM is already running';
  if (verb === 'start' && machine.status?.stateChangeRequests !== undefined) return 'VM is already being started';
  if (verb !== 'start' && !runs) return 'VM is not running';
  if (verb === 'restart' && runStrategy(machine) === 'Halted') return 'Halted does not support manual restart requests';
  return undefined;
}

/** What the webhook of the machine itself refuses: that its disks are being kept, or put back. */
function answered(error: unknown): Response {
  if (error instanceof Refusal && mayPass(error)) return refusal(409, error.message);
  throw error;
}
