import { hostPackages } from '#catalog/host-packages';
import type { Step } from '#engine/step';
import { packagesInstalled } from '../verbs/host-packages.ts';
import { stepOf } from '../verbs/host-part.ts';

/** longhorn.io, deploy/install (the first four) · NMState needs NetworkManager · chrony keeps the time. */

export function packagesStep(): Step {
  return stepOf({ id: 'host/packages', title: 'Install packages from the bundle' }, packagesInstalled(hostPackages));
}
