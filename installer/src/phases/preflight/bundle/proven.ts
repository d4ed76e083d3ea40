import { kubevirtImages } from '#bundle/closure/kubevirt-images';
import { Fault } from '#engine/fault';
import { shortened } from '#engine/shortened';
import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { KubeObject } from '#ports/cluster';
import { enabledComponents } from '../../k3s/k3s-site.ts';
import { gatesOf } from '../../kubevirt/feature-gates.ts';
import { kubevirtOperator } from '../../kubevirt/kubevirt-objects.ts';

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
  if (first !== undefined) return [incomplete(bundle.place, first, lacking)];
  const [gate] = (await askedByGates(site, bundle)).filter(({ reference }) => !held.has(reference));
  return gate === undefined ? [] : [beyond(bundle.place, gate)];
}

/** What KubeVirt starts because of gates that the profile adds: no bundle is made for every gate that there is. */
async function askedByGates(site: Site, bundle: Bundle): Promise<readonly Lacking[]> {
  const { enabled, featureGates } = site.profile.components.kubevirt;
  if (!enabled || featureGates.length === 0) return [];
  const resource: KubeObject = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    metadata: { name: 'kubevirt', namespace: 'kubevirt' },
    spec: { configuration: { developerConfiguration: gatesOf(featureGates) } },
  };
  const objects = [...(await kubevirtOperator(site, bundle)), resource];
  const { asks } = kubevirtImages(objects.map((object) => ({ from: 'the profile', object })));
  return asks.map(({ reference, asker }) => ({ reference, who: asker.who }));
}

function beyond(place: string, { reference, who }: Lacking): Fault {
  return new Fault({
    code: 'BUNDLE-INCOMPLETE',
    message: `a feature gate of the profile needs the image ${reference}, and the bundle lacks it`,
    cause: 'KubeVirt, or the machine that uses it, would wait for it for ever',
    where: [`bundle ${place}`],
    evidence: [`${reference} is asked for by ${who}`],
    remedy: [
      'take the gate out of components.kubevirt.featureGates',
      'or name the image in manifests/kubevirt/component.yaml, with a reason, and make a bundle anew',
    ],
  });
}

function incomplete(place: string, { reference }: Lacking, all: readonly Lacking[]): Fault {
  return new Fault({
    code: 'BUNDLE-INCOMPLETE',
    message:
      all.length === 1
        ? `the bundle lacks the image ${reference}`
        : `the bundle lacks ${all.length} images that this profile needs`,
    where: [`bundle ${place}`],
    evidence: shortened(
      all.map((one) => `${one.reference} is asked for by ${one.who}`),
      shown,
    ),
    remedy: [
      `novasphere bundle prove ${place}          tells every image, and who asks for it`,
      'novasphere bundle fetch DIR          makes a whole one, on a machine with the internet',
    ],
  });
}
