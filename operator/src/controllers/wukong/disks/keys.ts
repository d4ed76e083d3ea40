import { claimName, type Wukong } from '../../../api/wukong.ts';
import { fillingOf } from './filling.ts';

/** The claims behind the disks of a Wukong, in their order. */
export function diskClaims(wukong: Wukong): readonly string[] {
  return wukong.spec.disks.map((disk) => {
    const filling = fillingOf(wukong, disk);
    return filling.kind === 'existing' ? filling.claim : claimName(wukong, disk);
  });
}

/** Every claim that a Wukong depends on, those included that its disks are copies of: whose news it has to see. */
export function claimsUsedBy(wukong: Wukong): readonly string[] {
  const copied = wukong.spec.disks.flatMap((disk) => disk.source?.pvc?.name ?? []);
  return [...new Set([...diskClaims(wukong), ...copied])];
}
