import { join } from 'node:path';
import { openBundle } from '#adapters/directory-bundle';
import { KubeCluster } from '#adapters/kube-cluster';
import { outOfReachHost } from '#adapters/out-of-reach-host';
import { systemClock } from '#adapters/system-clock';
import { type ComponentName, componentNames } from '#catalog/catalog';
import { loadCatalog } from '#catalog/load-catalog';
import { run } from '#engine/run';
import type { Phase } from '#engine/step';
import { loadAccess } from '#kube/kubeconfig';
import { undiciTransport } from '#kube/undici-transport';
import { manifestsOf } from '#phases/verbs/manifest';
import { objectsApplied } from '#phases/verbs/objects-applied';

/** Applies every manifest of the components as they are, through the engine and without gates; for scripts/bench. */
const [kubeconfig = '', directory = ''] = process.argv.slice(2);
const root = join(import.meta.dirname, '..');
const catalog = await loadCatalog(root);
const bundle = await openBundle(directory);
const clock = systemClock();
const cluster = new KubeCluster(undiciTransport(loadAccess(kubeconfig)), clock);

function phaseOf(name: ComponentName): Phase {
  const objects = () => manifestsOf(bundle, catalog.components[name]);
  const step = objectsApplied({ id: `${name}/all`, title: `Apply ${name}`, component: name, objects });
  return { id: name, title: name, on: 'cluster', needs: [], steps: [step] };
}

const wanted = componentNames.filter((name) => !['k3s', 'operator', 'sample-vm'].includes(name));
const host = outOfReachHost('bench');
const silent = { show: () => undefined, close: async () => undefined };
const { outcome, changed, faults } = await run(
  wanted.map((name) => ({ phase: phaseOf(name), host: 'bench' })),
  { host: () => host, cluster, bundle, clock },
  {
    mode: 'apply',
    head: {
      event: 'run-began',
      version: 1,
      run: 'bench',
      command: 'bench',
      mode: 'apply',
      profile: { name: 'bench', digest: '', path: '' },
      plan: { digest: '', phases: [] },
      versions: {},
    },
    concurrency: 1,
    consents: new Set(),
    intents: new Set(),
    journal: { append: () => undefined },
    view: silent,
    signal: new AbortController().signal,
  },
);
if (outcome !== 'done') throw faults[0];
console.log(changed);
process.exit();
