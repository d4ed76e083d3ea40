import type { Json } from '#kube/json';
import { objectName, ownerOf } from '../names.ts';
import { signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, plain, type Trouble } from '../trouble.ts';
import { clipped, eventsOf, innermost, isTrue } from '../words.ts';

const denied = /insufficient_scope|authorization failed|unauthorized|\b401\b|\b403\b|denied/i;
const unanswered = /\bdial\b|timeout|no such host|connection refused|unreachable/i;
const byGate = /virt-template-(apiserver|controller)|virt-exportproxy/;

/** An image that is not on the machine and does not come. */
export function pulling(pod: Json, status: Json, about: About, seen: Survey): Trouble {
  const image: string = status.image || imageIn(pod, status.name);
  const node: string = pod.spec.nodeName ?? 'the node';
  const said = toldBy(pod, status, seen);
  const owner = ownerOf(pod);
  const asks = owner === undefined ? '' : `${owner.kind} ${pod.metadata.namespace}/${owner.name} asks for it: `;
  const evidence = [`${asks}container ${status.name} of ${about.object}`, `the kubelet says: ${clipped(said)}`];
  const full = seen.of('Node').find((one) => one.metadata.name === node && isTrue(one, 'DiskPressure'));
  const base: About = {
    ...about,
    code: denied.test(said) ? 'IMAGE-DENIED' : 'IMAGE-MISSING',
    message: `the image ${image} is not on ${node}, and it cannot be pulled`,
    evidence,
    blames: full === undefined ? [] : [`${objectName(full)} disk`],
  };
  const place = { node, name: shortName(image), namespace: pod.metadata.namespace };
  if (byGate.test(image)) return known(base, signature(81), place, innermost(said));
  if (denied.test(said)) {
    const message = `the image ${image} is not on ${node}, and ${image.split('/')[0]} refuses to give it`;
    return known({ ...base, message }, signature(6), place, innermost(said));
  }
  return absent(base, image, node, said);
}

function absent(about: About, image: string, node: string, said: string): Trouble {
  const why = unanswered.test(said)
    ? ['no registry answers, and without one an image comes from the bundle alone']
    : [];
  return plain(about, {
    title: `Image ${image.replace(/^.*\//, '')} missing`,
    because: [...why, innermost(said)],
    remedies: [
      `k3s ctr images list -q | grep ${shortName(image)}          what ${node} has of it`,
      'ls -l /var/lib/rancher/k3s/agent/images          is the archive there that brings it, and whole?',
      "systemctl restart 'k3s*'          imports every archive again",
    ],
  });
}

/** The back-off says nothing of the reason; the event of the last try does. */
function toldBy(pod: Json, { state }: Json, seen: Survey): string {
  const message: string = state.waiting.message ?? state.waiting.reason;
  if (message.includes('failed to')) return message;
  const event = eventsOf(seen, pod).findLast((one) => one.reason === 'Failed' && one.message.includes('failed to'));
  return event?.message ?? message;
}

function imageIn({ spec }: Json, container: string): string {
  const all: readonly Json[] = [...(spec.initContainers ?? []), ...spec.containers];
  return all.find(({ name }) => name === container)?.image ?? '';
}

function shortName(image: string): string {
  return image.replace(/[:@][^/]*$/, '').replace(/^.*\//, '');
}
