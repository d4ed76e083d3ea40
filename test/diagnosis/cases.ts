import type { Case } from './case.ts';
import { cascadeCases } from './cases/cascades.ts';
import { certManagerCases } from './cases/cert-manager.ts';
import { hostCases } from './cases/host.ts';
import { kubevirtCases } from './cases/kubevirt.ts';
import { longhornCases } from './cases/longhorn.ts';
import { longhornDiskCases } from './cases/longhorn-disks.ts';
import { machineCases } from './cases/machines.ts';
import { multusCases } from './cases/multus.ts';
import { nmstateCases } from './cases/nmstate.ts';
import { storageCases } from './cases/storage.ts';

/** Every failure that is built through the API and explained. */
export const cases: readonly Case[] = [
  ...cascadeCases,
  ...hostCases,
  ...multusCases,
  ...longhornCases,
  ...longhornDiskCases,
  ...nmstateCases,
  ...certManagerCases,
  ...kubevirtCases,
  ...machineCases,
  ...storageCases,
];
