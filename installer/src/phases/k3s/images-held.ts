import type { BundleImage } from '#ports/bundle';
import type { HostSight } from '#ports/host';

/** The images in containerd: reference → digest of what it names. Nothing where no containerd answers. */
export async function imagesHeld(host: HostSight): Promise<ReadonlyMap<string, string | undefined>> {
  const { stdout } = await host.ask(['k3s', 'ctr', 'images', 'list']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return new Map(rows.map(([reference = '', , digest]) => [reference, digest]));
}

type Held = 'there' | 'absent' | 'another';

/** Whether containerd holds an image as the bundle's proof tells it; an archive of `docker save` tells no digest. */
export function holds(
  there: ReadonlyMap<string, string | undefined>,
  { reference, digest }: Pick<BundleImage, 'reference' | 'digest'>,
): Held {
  if (!there.has(reference)) return 'absent';
  return digest === undefined || there.get(reference) === digest ? 'there' : 'another';
}
