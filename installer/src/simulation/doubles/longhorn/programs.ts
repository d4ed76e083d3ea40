import { compareVersions, minorsBetween, versionOf } from '#catalog/version';
import { kindPath, pathOf } from '../kube-path.ts';
import { clusterDns } from '../node/dns.ts';
import { commandLine, type Outcome, type Process, type Program } from '../node/program.ts';
import { isReady } from '../owned-pods.ts';
import { NAMESPACE, tagOf } from './names.ts';
import { installedVersion } from './settings.ts';
import { uninstaller } from './uninstaller.ts';

/** How long the manager waits for its own webhook (longhorn-manager, app/daemon.go). */
const WEBHOOK_WAIT_SECONDS = 120;
const NO_ISCSI =
  'Error starting manager: failed to check environment, please make sure you have iscsiadm/open-iscsi installed on the host: failed to execute: /usr/bin/nsenter [nsenter --mount=/host/proc/1/ns/mnt --net=/host/proc/1/ns/net iscsiadm --version], output , stderr nsenter: failed to execute iscsiadm: No such file or directory: exit status 127';
const NO_WEBHOOK =
  'Error starting webhooks: admission webhook service is not accessible on cluster after 2m0s sec: timed out waiting for endpoint https://longhorn-admission-webhook.longhorn-system.svc:9502/v1/healthz to be available';

/** longhorn-manager's start: looks at its host, opens its webhook, and reaches it through the cluster's own network. */
const managerProgram: Program = {
  name: 'longhorn-manager',
  fits: (container) => /^longhorn-manager .*\bdaemon\b/.test(commandLine(container)),
  async run(process) {
    const { machine, stage } = process;
    await process.sleep(3);
    if (!machine.hasPackage('open-iscsi') || !machine.hasModule('iscsi_tcp')) return fatal(process, NO_ISCSI);
    const refused = upgradeRefused(await installedVersion(process.stage), tagOf(process.container.image));
    if (refused !== undefined) return fatal(process, `Error starting manager: ${refused}`);
    const labels = {
      'longhorn.io/admission-webhook': 'longhorn-admission-webhook',
      'longhorn.io/recovery-backend': 'longhorn-recovery-backend',
    };
    await stage.api.patch(pathOf(process.pod), { metadata: { labels } });
    if (stage.bench.troubles.has('longhorn-webhook-waits') || (await clusterDns(stage)) === undefined) {
      await process.sleep(WEBHOOK_WAIT_SECONDS);
      return fatal(process, NO_WEBHOOK);
    }
    await process.sleep(8);
    process.say(line(process, 'info', 'Listening on :9500'));
    return 'serving';
  },
};

/** Longhorn, "Upgrade Path Enforcement and Downgrade Prevention": one minor version up, never down. */
function upgradeRefused(from: string | undefined, to: string): string | undefined {
  if (from === undefined || versionOf(from) === undefined || versionOf(to) === undefined) return undefined;
  const over = `from ${from} to ${to}`;
  if (compareVersions(from, to) > 0) return `failed to upgrade since downgrading ${over} is not supported`;
  if (minorsBetween(from, to) <= 1) return undefined;
  return `failed to upgrade since upgrading ${over} for minor version is not supported`;
}

/** Waits until a manager answers on its service. */
const waitForManager: Program = {
  name: 'wait-longhorn-manager',
  fits: (container) => container.name === 'wait-longhorn-manager',
  async run(process) {
    const path = kindPath('v1', 'Pod', NAMESPACE);
    for (;;) {
      const managers = await process.stage.api.list(path, { labelSelector: 'app=longhorn-manager' });
      if (managers.items.some(isReady)) return { exitCode: 0 };
      process.say('waiting');
      await process.sleep(5);
    }
  },
};

export const longhornPrograms: readonly Program[] = [managerProgram, waitForManager, uninstaller];

function fatal(process: Process, message: string): Outcome {
  process.say(line(process, 'fatal', message));
  return { exitCode: 1 };
}

function line({ stage }: Process, level: string, message: string): string {
  return `time="${stage.now()}" level=${level} msg=${JSON.stringify(message)}`;
}
