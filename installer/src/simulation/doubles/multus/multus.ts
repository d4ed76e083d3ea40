import type { Json } from '#kube/json';
import { configurations } from '../node/cni.ts';
import { commandLine, flag, hostPath, type Outcome, type Process, type Program } from '../node/program.ts';

const CONFIG = '00-multus.conf';
const KUBECONFIG = 'multus.d/multus.kubeconfig';
/** Where the entrypoint thinks the host keeps its CNI files unless told otherwise (cmd/thin_entrypoint). */
const DEFAULT_KUBECONFIG = '/etc/cni/net.d/multus.d/multus.kubeconfig';

/** Copies the CNI plugin to where the manifest says that the node looks for it. */
const installer: Program = {
  name: 'install_multus',
  fits: (container) => commandLine(container).startsWith('/install_multus'),
  async run(process) {
    const folder = mounted(process, '/host/opt/cni/bin');
    await process.sleep(1);
    process.machine.write(`${folder}/multus`, '#!multus\n');
    return { exitCode: 0 };
  },
};

/** Writes Multus's own CNI configuration before flannel's, and takes it away at its end when told so. */
const entrypoint: Program = {
  name: 'thin_entrypoint',
  fits: (container) => commandLine(container).startsWith('/thin_entrypoint'),
  async run(process): Promise<Outcome> {
    const folder = mounted(process, '/host/etc/cni/net.d');
    await process.sleep(2);
    if (process.stage.bench.troubles.has('multus-out-of-memory')) return { exitCode: 137, reason: 'OOMKilled' };
    const primary = configurations(process.machine, folder).find(
      (name) => name !== CONFIG && !name.startsWith('00-multus'),
    );
    if (primary === undefined) {
      process.say(
        'failed to create multus config: failed to find the primary CNI plugin: could not find a plugin configuration in /host/etc/cni/net.d',
      );
      return { exitCode: 1 };
    }
    const { machine } = process;
    machine.write(`${folder}/${KUBECONFIG}`, kubeconfig(process));
    machine.write(
      `${folder}/${CONFIG}`,
      `${JSON.stringify(configuration(process, machine.read(`${folder}/${primary}`)))}\n`,
    );
    process.say('multus config file is created: /host/etc/cni/net.d/00-multus.conf');
    return 'serving';
  },
  async stop(process) {
    if (flag(process.container, 'cleanup-config-on-exit') !== 'true') return;
    const folder = mounted(process, '/host/etc/cni/net.d');
    process.machine.remove(`${folder}/${CONFIG}`);
    process.machine.remove(`${folder}/${KUBECONFIG}`);
  },
};

/** `sh -c 'rm -rf …'` of the pod with which a reset takes the files of Multus off a node. */
const cleaner: Program = {
  name: 'cleaner',
  fits: (_container, pod) => pod.metadata.labels?.['novasphere.dev/cleaner'] === 'multus',
  async run(process) {
    await process.sleep(1);
    const words = commandLine(process.container).split(' ');
    for (const path of words.filter((one) => one.startsWith('/host/'))) {
      const [, , folder = '', ...rest] = path.split('/');
      const file = `${mounted(process, `/host/${folder}`)}/${rest.join('/')}`;
      for (const one of process.machine.list(file)) process.machine.remove(`${file}/${one}`);
      process.machine.remove(file);
    }
    return { exitCode: 0 };
  },
};

export const multusPrograms: readonly Program[] = [cleaner, installer, entrypoint];

/** The host's folder behind a path in the container. */
function mounted({ pod, container }: Process, mountPath: string): string {
  const mount = (container.volumeMounts ?? []).find((one: Json) => one.mountPath.replace(/\/$/, '') === mountPath);
  const path = hostPath(pod, mount?.name);
  if (path === undefined) throw new Error(`the Multus pod mounts nothing from the host at ${mountPath}`);
  return path.replace(/\/$/, '');
}

function configuration({ container, stage }: Process, primary: string | undefined): Json {
  const delegate = JSON.parse(primary ?? '{}');
  const broken = stage.bench.troubles.has('multus-config-broken');
  return {
    cniVersion: delegate.cniVersion ?? '0.3.1',
    name: 'multus-cni-network',
    type: 'multus',
    kubeconfig: broken ? DEFAULT_KUBECONFIG : (flag(container, 'multus-kubeconfig-file-host') ?? DEFAULT_KUBECONFIG),
    delegates: [delegate],
  };
}

function kubeconfig({ pod }: Process): string {
  return `# Kubeconfig file for Multus CNI plugin.
apiVersion: v1
kind: Config
clusters:
- name: local
  cluster: {server: "https://10.43.0.1:443"}
users:
- name: multus
  user: {token: "of ${pod.metadata.namespace}/${pod['spec'].serviceAccountName}"}
contexts:
- name: multus-context
  context: {cluster: local, user: multus}
current-context: multus-context
`;
}
