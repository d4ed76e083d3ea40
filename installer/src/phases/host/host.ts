import type { PhaseFor, Site } from '#plan/plan';
import { bootStep } from './boot/boot-step.ts';
import { resumedStep } from './boot/resumed-step.ts';
import { commandLineStep } from './command-line.ts';
import { filesystemStep } from './data-disk/filesystem-step.ts';
import { mountStep } from './data-disk/mount-step.ts';
import { hugepagesStep } from './hugepages.ts';
import { iscsiStep } from './iscsi.ts';
import { keyboardStep } from './keyboard.ts';
import { kvmStep } from './kvm.ts';
import { modulesStep } from './modules.ts';
import { multipathStep } from './multipath.ts';
import { netplanStep } from './netplan.ts';
import { networkManagerStep } from './network-manager.ts';
import { nicNamesStep } from './nic-names.ts';
import { packagesStep } from './packages.ts';
import { proxyStep } from './proxy.ts';
import { resolverStep } from './resolver.ts';
import { swapStep } from './swap.ts';
import { sysctlStep } from './sysctl.ts';
import { timeSyncStep } from './time-sync.ts';
import { timezoneStep } from './timezone.ts';
import { updatesStep } from './updates.ts';
import { usersStep } from './users.ts';

/** Makes the operating system fit for a virtualisation node. What only a restart can change comes last, in one restart. */
export const host: PhaseFor = (site) => ({
  id: 'host',
  title: 'Prepare the host',
  on: 'each host',
  // It may restart the machine, and a cluster has to keep its majority.
  atOnce: 1,
  needs: ['preflight'],
  steps: [
    ...software(),
    ...kernel(site),
    ...settings(site),
    ...disk(site),
    ...network(site),
    bootStep(site),
    resumedStep(),
  ],
});

const software = () => [packagesStep(), iscsiStep(), updatesStep(), multipathStep()];

const kernel = (site: Site) => [
  modulesStep(site),
  kvmStep(),
  sysctlStep(site),
  hugepagesStep(site),
  commandLineStep(site),
  swapStep(),
];

const settings = (site: Site) => [
  timezoneStep(site),
  keyboardStep(site),
  timeSyncStep(site),
  resolverStep(site),
  proxyStep(site),
  usersStep(site),
];

const disk = (site: Site) => [filesystemStep(site), mountStep(site)];

const network = (site: Site) => [nicNamesStep(site), netplanStep(site), networkManagerStep()];
