import type { KubeObject } from '#kube/object';
import type { Machine } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { type K3sConfig, k3sConfig, runsK3s } from '../k3s/k3s-config.ts';
import { mayPass } from '../kube-api.ts';
import { writeK3sFiles } from './k3s-files.ts';
import { nodeObject } from './node-object.ts';
import { type NodeReport, nodeReport } from './node-report.ts';

/** A kubelet that runs: which machine, which node, how k3s was told to run. */
export interface Kubelet {
  readonly machine: Machine;
  readonly config: K3sConfig;
  readonly node: string;
  /** Whether its containers may still run from before: same boot of the machine. */
  readonly sameBoot: boolean;
}

const LOOK_SECONDS = 3;
const HEARTBEAT_SECONDS = 300;
/** A real node controller gives a kubelet up that it has not heard of for 50 s. */
const SIGN_OF_LIFE_SECONDS = 10;
/** How long the API goes on showing what was so before the power went, as seen on real machines. */
const STALE_SECONDS = 20;

/** Registers a machine's node when k3s runs on it and keeps its status true; says when its kubelet can run pods. */
export async function nodeAgent(stage: Stage, machine: Machine, onUp: (kubelet: Kubelet) => void): Promise<never> {
  const { clock, signal, realControllers } = stage.bench;
  const heartbeat = realControllers ? SIGN_OF_LIFE_SECONDS : HEARTBEAT_SECONDS;
  let report: NodeReport | undefined;
  let reported = 0;
  const look = async () => {
    if (report === undefined) {
      report = runsK3s(machine) ? await startUp(stage, machine, onUp) : undefined;
      reported = clock.now();
    } else if (!runsK3s(machine)) {
      const last = report;
      report = undefined;
      await last.lost();
    } else if (await report.look(clock.now() - reported >= heartbeat * 1000)) {
      reported = clock.now();
    }
  };
  for (;;) {
    await look().catch((error: unknown) => {
      if (!mayPass(error)) throw error;
    });
    await clock.sleep(LOOK_SECONDS * 1000, signal);
  }
}

async function startUp(stage: Stage, machine: Machine, onUp: (kubelet: Kubelet) => void): Promise<NodeReport> {
  await stage.pause(3);
  const config = k3sConfig(machine);
  const { node, fresh } = await register(stage, machine, config);
  const sameBoot = node['status']?.nodeInfo?.bootID === machine.bootId;
  // A node of an earlier boot looks healthy until its kubelet is up again and writes.
  if (!fresh && !sameBoot) await stage.pause(STALE_SECONDS);
  const report = nodeReport(stage, machine, config);
  await report.starting();
  await stage.pause(4);
  writeK3sFiles(machine, config);
  await stage.pause(3);
  await report.look(true);
  onUp({ machine, config, node: config.nodeName, sameBoot });
  return report;
}

async function register(
  stage: Stage,
  machine: Machine,
  config: K3sConfig,
): Promise<{ node: KubeObject; fresh: boolean }> {
  const known = await stage.api.get(`/api/v1/nodes/${config.nodeName}`);
  if (known !== undefined) return { node: known, fresh: false };
  return { node: await stage.api.ensure(nodeObject(machine, config)), fresh: true };
}
