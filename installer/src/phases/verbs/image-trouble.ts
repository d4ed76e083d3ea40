import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { Sight } from '#ports/world';
import { k3sDataDirectory } from './k3s-data-directory.ts';
import type { Persistence } from './persistence.ts';

export interface ImageTrouble {
  readonly because: string;
  readonly hopeless?: Fault;
  readonly blame?: Fault;
}

export interface Pull {
  readonly image: string;
  /** What the kubelet says of it. */
  readonly message: string;
  readonly pod: string;
  readonly container: string;
  /** The workload behind the pod. */
  readonly owner: string | undefined;
  readonly node: string;
}

/** Nothing brings an image to a site without internet but the bundle, and k3s has imported that by now. */
const patience = 60_000;
/** The kubelet waits up to five minutes between two tries: an image that has come since is found only then. */
const patienceWithImage = 6 * 60_000;
const unanswered = /\bdial\b|timeout|no such host|connection refused|unreachable/i;
const denied = /insufficient_scope|authorization failed|unauthorized|\b401\b|\b403\b|denied/i;

/** Why an image is not there, and whether waiting helps: the machine knows which images it holds. */
export async function imageTrouble(pull: Pull, sight: Sight, lasting: Persistence): Promise<ImageTrouble> {
  const isAfar = sight.host.outOfReach === true;
  const isThere = isAfar ? await isListed(pull, sight) : await holds(pull, sight);
  // A cluster that pulls its images by itself tries again, and a registry that was busy may answer then.
  const span = isThere || isAfar ? patienceWithImage : patience;
  const stayed = lasting.stayed(`image ${pull.node} ${pull.image}`, sight.now(), span);
  const directory = isAfar ? undefined : await k3sDataDirectory(sight.host);
  const fault = denied.test(pull.message) ? refusal(pull, directory) : absence(pull, directory);
  if (stayed) return { because: fault.message, hopeless: fault };
  if (!isThere) return { because: `${pull.pod} waits: ${fault.message}`, blame: fault };
  return {
    because: `${pull.pod} waits: the image is on ${pull.node} by now, and the kubelet tries again within 5 min`,
    blame: fault,
  };
}

async function holds({ image, node }: Pull, sight: Sight): Promise<boolean> {
  if (sight.host.name !== node) return false;
  const { exitCode, stdout } = await sight.host.ask(['k3s', 'ctr', 'images', 'list', '-q']);
  return exitCode === 0 && stdout.split('\n').includes(image);
}

/** Where nobody can ask the machine: what its kubelet tells of its images, the largest fifty. */
async function isListed({ image, node }: Pull, { cluster }: Sight): Promise<boolean> {
  const found: Json = await cluster.get({ apiVersion: 'v1', kind: 'Node', name: node });
  return (found?.status?.images ?? []).some(({ names = [] }: Json) => names.includes(image));
}

function absence(pull: Pull, directory: string | undefined): Fault {
  const { image, node } = pull;
  const about = {
    code: 'IMAGE-MISSING',
    message: `the image ${image} is not on ${node}, and it cannot be pulled`,
    where: [`object ${pull.pod}`],
    evidence: told(pull),
  } as const;
  const why = rootOf(pull.message);
  if (directory === undefined)
    return new Fault({
      ...about,
      cause: whyAbsent(why, `${registryOf(image)} does not answer ${node}`),
      remedy: [
        `crictl pull ${image}          on ${node}: what its runtime says`,
        `let ${node} reach ${registryOf(image)} or a mirror of it, or load the image there: ctr -n k8s.io images import FILE`,
        'then run the same command again',
      ],
    });
  return new Fault({
    ...about,
    cause: whyAbsent(why, 'no registry answers, and without one an image comes from the bundle alone'),
    remedy: [
      `k3s ctr images list -q | grep ${shortName(image)}          what ${node} has of it`,
      `ls -l ${directory}/agent/images          is the archive there that brings it, and whole?`,
      "systemctl restart 'k3s*'          imports every archive again; then run the same command again",
    ],
  });
}

function refusal(pull: Pull, directory: string | undefined): Fault {
  const { image, node } = pull;
  return new Fault({
    code: 'IMAGE-DENIED',
    message: `the image ${image} is not on ${node}, and ${registryOf(image)} refuses to give it`,
    cause: rootOf(pull.message),
    where: [`object ${pull.pod}`],
    evidence: told(pull),
    remedy: [
      `set cluster.registries.configs."${registryOf(image)}".auth in the profile, where that registry asks for a login`,
      directory === undefined
        ? `crictl pull ${image}          on ${node}: what its runtime says`
        : `grep ${shortName(image)} ${directory}/agent/containerd/containerd.log          which endpoint refused, on ${node}`,
    ],
  });
}

function told({ owner, pod, container, message }: Pull): readonly string[] {
  const asks = owner === undefined ? '' : `${owner} asks for it: `;
  return [`${asks}container ${container} of ${pod}`, `the kubelet says: ${message}`];
}

function whyAbsent(said: string, meant: string): Error | string {
  return unanswered.test(said) ? new Error(meant, { cause: said }) : said;
}

/** The end of containerd's chain of "failed to", which is where it says why. */
function rootOf(message: string): string {
  return message.slice(message.lastIndexOf('": ') + 1).replace(/^: /, '') || message;
}

function registryOf(image: string): string {
  return image.slice(0, image.indexOf('/'));
}

function shortName(image: string): string {
  return image.replace(/[:@][^/]*$/, '').replace(/^.*\//, '');
}
