import { Fault } from '#engine/fault';
import { shortened } from '#engine/shortened';
import type { Step } from '#engine/step';
import type { BundleImage } from '#ports/bundle';
import type { Sight } from '#ports/world';
import { type Brought, broughtTo } from '../k3s/import-record.ts';
import { type Condition, met, unmet } from '../verbs/condition.ts';
import { blocked, finding } from '../verbs/finding.ts';
import { trialNamespace } from '../verbs/trial-namespace.ts';
import { type Use, usesOf } from './images-used.ts';
import { sampleNamespace } from './sample-objects.ts';

/** Whose pods are ours. What users start elsewhere is their own, and may come from wherever they like. */
const namespaces = [
  'longhorn-system',
  'nmstate',
  'kubevirt',
  'cdi',
  'cert-manager',
  trialNamespace,
  sampleNamespace,
] as const;
const shown = 5;

/**
 * The bundle's proof was made by reading; here it is held against what has really run. Where a machine has the internet,
 * or somebody has loaded an image by hand, a platform comes up from a bundle that lacks one, and the next machine, which
 * has neither, does not.
 */
export function imagesStep(): Step {
  return {
    id: 'verify/images',
    title: "Compare the images of all pods with the bundle's proof",
    async probe(sight) {
      const proof = await proofIn(sight);
      if (typeof proof === 'string') return finding([], [proof]);
      // Of a cluster that somebody else has set up kube-system is his.
      const ours = sight.host.outOfReach === true ? namespaces : ['kube-system', ...namespaces];
      const fault = await foreignIn(ours, proof, sight);
      return fault === undefined ? finding([]) : blocked(fault);
    },
    apply: async () => {},
  };
}

/** The images of the bundle; or why there is nothing to compare with. */
async function proofIn({ bundle, host }: Sight): Promise<readonly BundleImage[] | string> {
  try {
    return await bundle.images();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code === 'BUNDLE-UNREADABLE') return 'no bundle is at hand: the images of the pods were not compared';
    if (error.code === 'BUNDLE-UNPROVEN' && host.outOfReach === true)
      return 'the bundle brings no images: this cluster pulls its own, and nothing was compared';
    throw error;
  }
}

/** The same of the sample VM, while its pods are there: they are gone when the step comes. */
export const sampleIsOfTheBundle: Condition = async (sight) => {
  const proof = await proofIn(sight);
  const fault = typeof proof === 'string' ? undefined : await foreignIn([sampleNamespace], proof, sight);
  return fault === undefined ? met() : unmet(fault.message, { hopeless: fault });
};

async function foreignIn(
  places: readonly string[],
  proof: readonly BundleImage[],
  { cluster, host }: Sight,
): Promise<Fault | undefined> {
  const isAfar = host.outOfReach === true;
  const lists = places.map((namespace) => cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }));
  const uses = (await Promise.all(lists)).flat().flatMap(usesOf);
  // What an upgrade leaves running, such as the engine of a volume, the bundle before has brought.
  const known = isAfar ? proof : [...proof, ...(await broughtTo(host))];
  const foreign = uses.filter((use) => !(isAfar ? isLike(use, known) : isProven(use, known)));
  const [first] = foreign;
  return first === undefined ? undefined : unproven(first, foreign);
}

/** By name, and by digest where both tell one. */
function isProven({ reference, digest }: Use, known: readonly Brought[]): boolean {
  if (digest !== undefined && known.some((one) => one.digest === digest)) return true;
  return known.some((one) => one.reference === reference && (digest === undefined || one.digest === undefined));
}

/** A cluster that pulls by itself tells digests that no bundle holds, and may still run what a release before this named. */
function isLike({ reference }: Use, known: readonly Brought[]): boolean {
  return known.some((one) => repositoryOf(one.reference) === repositoryOf(reference));
}

function repositoryOf(reference: string): string {
  return reference.replace(/:[^/:]*$/, '');
}

function unproven(first: Use, all: readonly Use[]): Fault {
  const images = new Set(all.map(({ reference }) => reference));
  return new Fault({
    code: 'BUNDLE-INCOMPLETE',
    message:
      images.size === 1
        ? `the image ${first.reference} is used, and is not in the bundle`
        : `${images.size} images are used that are not in the bundle`,
    cause: 'what runs was pulled from a registry or loaded by hand: without that the platform does not come up',
    where: [`object Pod ${first.pod}`],
    evidence: shortened(all.map(told), shown),
    remedy: [
      'novasphere bundle prove DIR          tells every image of the bundle, and who asks for it',
      `kubectl -n ${first.pod.replace('/', ' get pod ')} -o yaml          who has started this pod, where it is none of the platform`,
    ],
  });
}

function told({ pod, container, reference, digest }: Use): string {
  return `container ${container} of Pod ${pod}: ${reference}${digest === undefined ? '' : ` (${digest.slice(0, 19)}…)`}`;
}
