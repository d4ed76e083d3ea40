import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ControlPlane } from './control-plane.ts';
import { playWithKwok } from './kwok.ts';
import { relay } from './relay.ts';
import { BedStage } from './stage.ts';

/**
 * The bed that `scripts/testbed up` leaves running, inside of its namespaces. It ends when its standard input does:
 * that is held by the process that leads to it from outside.
 * Words: the folder for its socket and kubeconfig, the port outside, and `site` or `bare`.
 */
const [folder = '', port = '', kind = 'site'] = process.argv.slice(2);
process.stdin.on('end', () => process.exit()).resume();

const plane = kind === 'bare' ? await bare() : await site();
await mkdir(folder, { recursive: true });
await relay({ path: join(folder, 'api.sock') }, { host: '127.0.0.1', port: Number(new URL(plane.server).port) });
for (const user of ['admin', 'novasphere-installer'] as const) {
  const file = join(folder, user === 'admin' ? 'kubeconfig' : `${user}.kubeconfig`);
  await writeFile(file, plane.kubeconfigText(user, `https://127.0.0.1:${port}`), { mode: 0o600 });
}
console.log('ready');

/** A control plane whose nodes are played by kwok. */
async function bare(): Promise<ControlPlane> {
  const plane = await ControlPlane.start();
  await playWithKwok(plane, ['node-a', 'node-b', 'node-c']);
  return plane;
}

/** A site of profiles/lab-vm.yaml as it is when k3s has just been installed. */
async function site(): Promise<ControlPlane> {
  const stage = await BedStage.open({ haste: Number(process.env['NOVASPHERE_HASTE'] ?? '0.02') });
  const { faults } = await stage.play({ only: ['preflight', 'host', 'k3s'] });
  if (faults[0] !== undefined) throw faults[0];
  stage.site.crashed.addEventListener('abort', () => {
    console.error(stage.site.crash);
    process.exit(1);
  });
  return stage.site.plane;
}
