import type { Json } from '#kube/json';
import type { Request, Response } from '#kube/transport';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';

const core = 'kubevirt.io/v1';
const verbs = ['start', 'stop', 'restart'];

/** virt-api's own API: discovery, its health, and what `virtctl start`, `stop` and `restart` send. */
export async function subresource(stage: Stage, { method, path }: Request): Promise<Response> {
  const [, version, rest = ''] = /^\/apis\/subresources\.kubevirt\.io\/([^/]+)(\/.*)?$/.exec(path) ?? [];
  if (method === 'GET' && rest === '') return { status: 200, body: discovery(version ?? 'v1') };
  if (method === 'GET' && rest === '/healthz') return { status: 200, body: { apiserver: { connectivity: 'ok' } } };
  const [, namespace, name, verb = ''] = /^\/namespaces\/([^/]+)\/virtualmachines\/([^/]+)\/([^/]+)$/.exec(rest) ?? [];
  if (method === 'PUT' && name !== undefined && verbs.includes(verb))
    return change(stage, { namespace: namespace ?? '', name, verb });
  throw new Error(`virt-api's double does not know ${method} ${path}: teach it in kubevirt/subresources.ts`);
}

function discovery(version: string): Json {
  const resources = verbs.map((verb) => ({
    name: `virtualmachines/${verb}`,
    singularName: '',
    namespaced: true,
    kind: '',
    verbs: ['update'],
  }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `subresources.kubevirt.io/${version}`, resources };
}

interface Order {
  readonly namespace: string;
  readonly name: string;
  readonly verb: string;
}

async function change(stage: Stage, { namespace, name, verb }: Order): Promise<Response> {
  const path = `${kindPath(core, 'VirtualMachine', namespace)}/${name}`;
  const machine: Json = await stage.api.get(path);
  if (machine === undefined) return refusal(404, `virtualmachine.kubevirt.io "${name}" not found`);
  const manual = machine.spec.runStrategy === 'Manual';
  if (verb === 'restart') await stage.api.remove(`${kindPath(core, 'VirtualMachineInstance', namespace)}/${name}`);
  else if (manual)
    await stage.api.patchStatus(path, { stateChangeRequests: [{ action: verb === 'start' ? 'Start' : 'Stop' }] });
  else await stage.api.patch(path, { spec: { running: null, runStrategy: verb === 'start' ? 'Always' : 'Halted' } });
  return { status: 202, body: null };
}

function refusal(code: number, message: string): Response {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message, metadata: {} } };
}
