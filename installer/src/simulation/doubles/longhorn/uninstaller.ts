import type { KubeObject } from '#kube/object';
import { kindPath, pathOf } from '../kube-path.ts';
import { commandLine, type Process, type Program } from '../node/program.ts';
import { release } from './departure.ts';
import { HELD, longhornPath, NAMESPACE } from './names.ts';
import { settingOf } from './settings.ts';

const REFUSED =
  'Failed to run uninstall: cannot uninstall Longhorn because deleting-confirmation-flag is set to false. Please set it to true using Longhorn UI or kubectl -n longhorn-system edit settings.longhorn.io deleting-confirmation-flag';
/** After so long a deleted object is let go without its manager (controller/uninstall_controller.go, gracePeriod). */
const GRACE_SECONDS = 90;

/** `longhorn-manager uninstall`: objects first, as long as managers live; then managers and driver. */
export const uninstaller: Program = {
  name: 'longhorn-manager uninstall',
  fits: (container) => commandLine(container).startsWith('longhorn-manager uninstall'),
  async run(process) {
    const { stage } = process;
    await process.sleep(3);
    if ((await settingOf(stage, 'deleting-confirmation-flag')) !== 'true') {
      process.say(line(process, 'error', REFUSED));
      return { exitCode: 1 };
    }
    process.say(line(process, 'info', 'Uninstalling...'));
    await removeEach(process, ['Volume', 'Replica']);
    for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const) {
      const part = kind.startsWith('Validating') ? 'validator' : 'mutator';
      await stage.api.remove(`${kindPath('admissionregistration.k8s.io/v1', kind)}/longhorn-webhook-${part}`);
    }
    await removeEach(process, HELD);
    for (const [kind, name] of WORKLOADS) await stage.api.remove(`${kindPath('apps/v1', kind, NAMESPACE)}/${name}`);
    await stage.api.remove(`${kindPath('storage.k8s.io/v1', 'CSIDriver')}/driver.longhorn.io`);
    await process.sleep(4);
    process.say(line(process, 'info', 'Uninstallation completed'));
    return { exitCode: 0 };
  },
};

const WORKLOADS = [
  ['DaemonSet', 'longhorn-manager'],
  ['Deployment', 'longhorn-driver-deployer'],
  ...['attacher', 'provisioner', 'resizer', 'snapshotter'].map((one) => ['Deployment', `csi-${one}`] as const),
  ['DaemonSet', 'longhorn-csi-plugin'],
] as const;

/** Deletes every object of these kinds and waits; who still stands after the grace is let go by force. */
async function removeEach(process: Process, kinds: readonly string[]): Promise<void> {
  const { stage } = process;
  const began = stage.bench.clock.elapsed();
  for (;;) {
    const left = await objectsOf(process, kinds);
    if (left.length === 0) return;
    process.say(line(process, 'info', `${left.length} ${(left[0]?.kind ?? '').toLowerCase()}s remaining`));
    const isOver = stage.bench.clock.elapsed() - began > GRACE_SECONDS * 1000;
    for (const one of left) {
      if (one.metadata.deletionTimestamp === undefined) await stage.api.remove(pathOf(one));
      else if (isOver) await release(stage, one);
    }
    await process.sleep(2);
  }
}

async function objectsOf({ stage }: Process, kinds: readonly string[]): Promise<readonly KubeObject[]> {
  const lists = await Promise.all(
    kinds.map(async (kind) => {
      const list = await stage.api.list(longhornPath(kind));
      return list.items.map((item: KubeObject): KubeObject => ({ ...item, apiVersion: list.apiVersion, kind }));
    }),
  );
  return lists.flat();
}

function line({ stage }: Process, level: string, message: string): string {
  return `time="${stage.now()}" level=${level} msg=${JSON.stringify(message)}`;
}
