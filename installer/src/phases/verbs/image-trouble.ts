import { Fault } from '#engine/fault';
import type { Sight } from '#ports/world';
import type { Persistence } from './persistence.ts';

export interface ImageTrouble {
  readonly because: string;
  readonly hopeless?: Fault;
  readonly blame?: Fault;
}

interface Pull {
  readonly image: string;
  readonly message: string;
  readonly pod: string;
  readonly node: string;
}

/** Nothing brings an image to a site without internet but the bundle, and k3s has imported that by now. */
const patience = 60_000;
/** The kubelet waits up to five minutes between two tries: an image that has come since is found only then. */
const patienceWithImage = 6 * 60_000;
const denied = /insufficient_scope|authorization failed|unauthorized|\b401\b|\b403\b|denied/i;

/** Why an image is not there, and whether waiting helps: the machine knows which images it holds. */
export async function imageTrouble(pull: Pull, sight: Sight, lasting: Persistence): Promise<ImageTrouble> {
  const isThere = await holds(pull, sight);
  const span = isThere ? patienceWithImage : patience;
  const stayed = lasting.stayed(`image ${pull.node} ${pull.image}`, sight.now(), span);
  const fault = denied.test(pull.message) ? refusal(pull) : absence(pull);
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

function absence({ image, message, pod, node }: Pull): Fault {
  return new Fault({
    code: 'IMAGE-MISSING',
    message: `the image ${image} is not on ${node}, and it cannot be pulled`,
    cause: message,
    where: [`object ${pod}`],
    remedy: [
      `k3s ctr images list -q  on ${node} shows the images that are there`,
      'novasphere bundle verify  shows whether the bundle is whole; then run the same command again',
    ],
  });
}

function refusal({ image, message, pod, node }: Pull): Fault {
  return new Fault({
    code: 'IMAGE-DENIED',
    message: `the registry refuses to give ${image} to ${node}`,
    cause: message,
    where: [`object ${pod}`],
    remedy: [
      'check cluster.registries in the profile: a mirror that asks for a password needs configs.<registry>.auth',
      `tail <k3s data directory>/agent/containerd/containerd.log  on ${node} shows which endpoint refused`,
    ],
  });
}
