import type { Json } from '#kube/json';
import { conditionIn, type WukongBed } from '../../testbed/wukong-bed.ts';

/** Tests of their own on a bed that is there once they run. */
export type Suite = (bed: () => WukongBed) => void;

export const image = 'quay.io/kubevirt/cirros-container-disk-demo:v1.8.4';
export const small = { cpu: 1, memory: '64Mi' };
export const data = { name: 'data', size: '64Mi' };
export const root = { name: 'root', size: '1Gi', boot: true, image };
export const nads = ['k8s.cni.cncf.io/v1', 'NetworkAttachmentDefinition'] as const;
export const instances = ['kubevirt.io/v1', 'VirtualMachineInstance'] as const;
export const machines = ['kubevirt.io/v1', 'VirtualMachine'] as const;
export const claims = ['v1', 'PersistentVolumeClaim'] as const;

/** Whether a condition is as these words begin: `False ImportFailed: the disk`. */
export const says = (type: string, words: string) => (one: Json) => conditionIn(one, type).startsWith(words);

/** Switched off and on again, as KubeVirt’s RestartRequired asks for. */
export async function restart(bed: WukongBed, name: string): Promise<void> {
  await bed.edit(name, { power: 'Off' });
  await bed.until(name, ({ status }) => status.phase === 'Stopped');
  await bed.edit(name, { power: 'On' });
  await bed.running(name);
}

/** Waits until something is so, which the API server does not tell by itself. */
export async function eventually(what: string, isSo: () => Promise<boolean>, patience = 60_000): Promise<void> {
  const end = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`it has not come to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
