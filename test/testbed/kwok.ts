import { binaries } from './binaries.ts';
import type { ControlPlane } from './control-plane.ts';

/** The annotation by which kwok's stages know a node of theirs. */
const fake = { 'kwok.x-k8s.io/node': 'fake' };

/** Nodes that kwok plays: every pod on them is Running and Ready at once, whatever is in it. */
export async function playWithKwok(plane: ControlPlane, nodes: readonly string[]): Promise<void> {
  const { stages } = await binaries();
  const kubeconfig = await plane.kubeconfig('kwok');
  const configs = stages.flatMap((file) => ['--config', file]);
  plane.startProgram('kwok', [`--kubeconfig=${kubeconfig}`, '--manage-all-nodes=true', ...configs]);
  const transport = plane.transport('kwok');
  for (const name of nodes) {
    const labels = { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': name };
    const roles = { 'node-role.kubernetes.io/control-plane': 'true' };
    const metadata = { name, labels: { ...labels, ...roles }, annotations: fake };
    const body = { apiVersion: 'v1', kind: 'Node', metadata, status: { capacity, allocatable: capacity } };
    const { status } = await transport.request({ method: 'POST', path: '/api/v1/nodes', body });
    if (status !== 201) throw new Error(`node ${name} was refused: HTTP ${status}`);
  }
}

const capacity = { cpu: '32', memory: '128Gi', pods: '250', 'ephemeral-storage': '1Ti' };
