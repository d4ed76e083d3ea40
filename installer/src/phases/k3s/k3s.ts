import type { PhaseFor } from '#plan/plan';
import { clusterVersionsFit } from '../upgrade/versions-step.ts';
import { cpuManagerStateStep } from './cpu-manager-state-step.ts';
import { enabledStep } from './enabled-step.ts';
import { configStep, environmentStep, kubeletStep, registriesStep, tokenStep, unitStep } from './files.ts';
import { apiStep, containerdStep, defaultAccountStep, nodeStep, systemPodsStep } from './gates.ts';
import { imageStoreStep } from './image-store-step.ts';
import { importStep } from './import-step.ts';
import { isFirstServer } from './k3s-site.ts';
import { binaryStep, imageArchivesStep, toolsStep } from './placed.ts';
import { dnsProof, hairpinProof } from './proofs.ts';
import { serviceStep } from './service-step.ts';

/** Kubernetes on every node: the first server founds the cluster, the others join it one after the other. */
export const k3s: PhaseFor = (site) => ({
  id: 'k3s',
  title: 'Kubernetes (k3s)',
  on: 'each host',
  // etcd takes in one new server at a time.
  atOnce: 1,
  needs: ['host'],
  steps: [
    binaryStep(site),
    ...(site.node.role === 'server' ? [toolsStep(site)] : []),
    tokenStep(site),
    configStep(site),
    registriesStep(site),
    kubeletStep(site),
    environmentStep(site),
    unitStep(site),
    imageArchivesStep(site),
    imageStoreStep(site),
    cpuManagerStateStep(site),
    serviceStep(site),
    apiStep(),
    nodeStep(site),
    importStep(site),
    enabledStep(site),
    containerdStep(site),
    ...(isFirstServer(site)
      ? [systemPodsStep(), defaultAccountStep(), dnsProof(site), hairpinProof(site), clusterVersionsFit(site)]
      : []),
  ],
});
