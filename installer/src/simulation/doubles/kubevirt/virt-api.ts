import type { Json } from '#kube/json';
import type { AdmissionAnswer, AdmissionRequest } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { serveWebhook } from '../webhook-service.ts';
import { admitRestore, admitSnapshot, busyMistake } from './snapshot-admission.ts';
import { subresource } from './subresources.ts';
import { admitVirtualMachine, mutateVirtualMachine } from './vm-admission.ts';
import { admitInstance } from './vmi-admission.ts';

const UNINSTALL =
  'Rejecting the uninstall request, since there are still %s present. Either delete all KubeVirt related workloads or change the uninstall strategy before uninstalling KubeVirt.';

/** What virt-api and virt-operator answer when somebody writes a VM, a VMI or the KubeVirt object. */
export function virtApi(stage: Stage): void {
  serveWebhook(stage, {
    namespace: 'kubevirt',
    deployment: 'virt-operator',
    service: 'kubevirt-operator-webhook',
    seconds: 1,
    admit: (request) => admitKubevirt(stage, request),
  });
  serveWebhook(stage, {
    namespace: 'kubevirt',
    deployment: 'virt-api',
    service: 'virt-api',
    subject: 'kubevirt',
    seconds: 2,
    admit: (request) => admit(stage, request),
    paths: {
      '/virtualmachines-mutate': async ({ object }) => mutateVirtualMachine(object, () => stage.bench.random()),
      '/virtualmachineinstances-mutate': async () => ({ allowed: true }),
    },
    apis: ['subresources.kubevirt.io/v1', 'subresources.kubevirt.io/v1alpha3'],
    serve: (request) => subresource(stage, request),
  });
}

async function admit(stage: Stage, request: AdmissionRequest): Promise<AdmissionAnswer> {
  const kind = request.object?.kind ?? request.oldObject?.kind;
  if (request.operation === 'DELETE') return { allowed: true };
  if (kind === 'VirtualMachineSnapshot') return admitSnapshot(stage, request);
  if (kind === 'VirtualMachineRestore') return admitRestore(stage, request);
  if (kind === 'VirtualMachine') {
    const busy = busyMistake(request);
    return busy === undefined ? admitVirtualMachine(request.object) : { allowed: false, message: busy };
  }
  if (kind === 'VirtualMachineInstance') return admitInstance(request.object);
  return { allowed: true };
}

async function admitKubevirt(stage: Stage, request: AdmissionRequest): Promise<AdmissionAnswer> {
  if (request.operation !== 'DELETE') return { allowed: true };
  const kubevirt: Json = request.oldObject ?? request.object;
  if (kubevirt?.spec?.uninstallStrategy !== 'BlockUninstallIfWorkloadsExist') return { allowed: true };
  const workloads = [
    ['VirtualMachineInstance', 'Virtual Machine Instances'],
    ['VirtualMachine', 'Virtual Machines'],
    ['VirtualMachineInstanceReplicaSet', 'Virtual Machine Instance Replica Sets'],
  ] as const;
  for (const [kind, words] of workloads) {
    const { items } = await stage.api.list(kindPath('kubevirt.io/v1', kind)).catch(() => ({ items: [] }));
    if (items.length > 0) return { allowed: false, message: UNINSTALL.replace('%s', words) };
  }
  return { allowed: true };
}
