import type { KubeObject } from '#kube/object';
import { fingerprint, recordEvent } from '../event.ts';
import { pathOf } from '../kube-path.ts';
import { type Attachment, wire } from './cni.ts';
import { mountProblem } from './mount.ts';
import type { PodLife } from './pod-life.ts';
import { isSidecar } from './pod-status.ts';
import { keepRunning, runToEnd } from './run-container.ts';

const SANDBOX_RETRY_SECONDS = 20;
const LONGEST_MOUNT_WAIT = 20;
/** The sandbox image, as manifests/k3s/component.yaml names it. */
const PAUSE = 'docker.io/rancher/mirrored-pause:3.6';

/** Brings a pod up as a kubelet does: volumes, sandbox, init containers, containers. */
export async function runPod(life: PodLife): Promise<void> {
  await life.report();
  await mount(life);
  await sandbox(life);
  for (const view of life.view.inits) {
    if (isSidecar(view.spec)) life.stage.spawn(() => unlessEnded(life, keepRunning(life, view)));
    else if (!(await runToEnd(life, view))) return;
  }
  // One pause for all containers of the pod: they start together and are reported together.
  await life.sleep(1.5);
  await Promise.all(life.view.mains.map((view) => keepRunning(life, view)));
}

/** Swallows the end of a pod; anything else is a mistake. */
export async function unlessEnded(life: PodLife, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!life.signal.aborted) throw error;
  }
}

async function mount(life: PodLife): Promise<void> {
  const { stage, kubelet } = life;
  for (let wait = 1; ; wait = Math.min(wait * 2, LONGEST_MOUNT_WAIT)) {
    const problem = await mountProblem(stage, kubelet.machine, life.pod());
    if (problem === undefined) return;
    // A volume that is just being attached is not worth an event.
    if (wait > 2) await recordEvent(stage, { about: life.pod(), ...problem, by: 'kubelet' });
    await life.sleep(wait);
  }
}

async function sandbox(life: PodLife): Promise<void> {
  const { stage } = life;
  for (;;) {
    const problem = await trySandbox(life);
    if (problem === undefined) return;
    const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = ${problem}`;
    await recordEvent(stage, { about: life.pod(), reason: 'FailedCreatePodSandBox', message, by: 'kubelet' });
    await life.sleep(SANDBOX_RETRY_SECONDS);
  }
}

async function trySandbox(life: PodLife): Promise<string | undefined> {
  const { stage, kubelet, view } = life;
  const pod = life.pod();
  if (!kubelet.machine.images.has(PAUSE)) {
    return `failed to start sandbox "${sandboxId(pod)}": failed to get sandbox image "rancher/mirrored-pause:3.6": failed to pull image "rancher/mirrored-pause:3.6": failed to pull and unpack image "${PAUSE}": failed to resolve reference "${PAUSE}": failed to do request: Head "https://registry-1.docker.io/v2/rancher/mirrored-pause/manifests/3.6": dial tcp: lookup registry-1.docker.io: i/o timeout`;
  }
  if (pod['spec'].hostNetwork === true) {
    view.podIp = view.hostIp;
    return undefined;
  }
  const address = view.podIp ?? life.lease();
  const { machine, config } = kubelet;
  const network = await wire({ stage, machine, dataDir: config.dataDir, pod, address });
  if ('problem' in network) return `failed to setup network for sandbox "${sandboxId(pod)}": ${network.problem}`;
  view.podIp = address;
  if (network.multus) await tellNetworks(life, network.attachments);
  return undefined;
}

async function tellNetworks(life: PodLife, attachments: readonly Attachment[]): Promise<void> {
  const annotations = { 'k8s.v1.cni.cncf.io/network-status': JSON.stringify(attachments, undefined, 4) };
  await life.stage.api.patch(pathOf(life.pod()), { metadata: { annotations } });
}

function sandboxId(pod: KubeObject): string {
  return fingerprint(String(pod.metadata.uid)).repeat(8);
}
