import type { Json } from '#kube/json';
import type { Stage } from '../double.ts';
import { pathOf } from '../kube-path.ts';
import type { Shelf } from '../shelf.ts';
import { type VolumeNews, volumeStatus } from './data-volume-status.ts';

/** What cdi-deployment looks at. */
export interface CdiShelves {
  readonly cdis: Shelf;
  readonly deployments: Shelf;
  readonly classes: Shelf;
  readonly profiles: Shelf;
  readonly claims: Shelf;
  readonly pods: Shelf;
}

/** cdi-deployment at work on DataVolumes. */
export interface Filler {
  readonly stage: Stage;
  readonly shelves: CdiShelves;
}

/** Writes the news into the DataVolume, when they are news. */
export async function tell({ stage }: Filler, volume: Json, news: VolumeNews): Promise<undefined> {
  const status = volumeStatus(volume, news, stage.now());
  if (JSON.stringify({ ...volume.status, ...status }) === JSON.stringify(volume.status)) return;
  await stage.api.patchStatus(pathOf(volume), status);
}
