import { Fault } from '#engine/fault';
import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import { enabledComponents } from '../../k3s/k3s-site.ts';

const shown = 10;

interface Lacking {
  readonly reference: string;
  readonly who: string;
}

/** The bundle proves that it holds every image that this profile asks for. Throws BUNDLE-UNPROVEN when it proves nothing. */
export async function provenFor(site: Site, bundle: Bundle): Promise<readonly Fault[]> {
  const held = new Set((await bundle.images()).map(({ reference }) => reference));
  const lacking = enabledComponents(site).flatMap((component) =>
    site.catalog.components[component].images
      .filter(({ reference }) => !held.has(reference))
      .map(({ reference, reason }): Lacking => ({ reference, who: reason ? `${component}: ${reason}` : component })),
  );
  const [first] = lacking;
  return first === undefined ? [] : [incomplete(bundle.place, first, lacking)];
}

function incomplete(place: string, { reference }: Lacking, all: readonly Lacking[]): Fault {
  const more = all.length - shown;
  return new Fault({
    code: 'BUNDLE-INCOMPLETE',
    message:
      all.length === 1
        ? `the bundle lacks the image ${reference}`
        : `the bundle lacks ${all.length} images that this profile needs`,
    where: [`bundle ${place}`],
    evidence: [
      ...all.slice(0, shown).map((one) => `${one.reference} is asked for by ${one.who}`),
      ...(more > 0 ? [`and ${more} more`] : []),
    ],
    remedy: [
      `novasphere bundle prove ${place}          tells every image, and who asks for it`,
      'novasphere bundle fetch DIR          makes a whole one, on a machine with the internet',
    ],
  });
}
