import { Fault, type FaultAbout } from '#engine/fault';
import { repositoryOf } from './registry-access.ts';
import { complaint, type Trouble } from './skopeo-trouble.ts';

/** What was asked for when something went wrong. */
export interface Asked {
  /** As the user knows it: `docker.io/longhornio/longhorn-manager:v1.12.1`. */
  readonly image: string;
  /** Where it was really asked for: the same, or at a mirror. */
  readonly place: string;
  /** How often. */
  readonly tries: number;
}

type Words = Pick<FaultAbout, 'code' | 'message' | 'remedy'> & { readonly cause?: string };

/** What skopeo said last, as a Fault that names the image. */
export function skopeoFault(trouble: Exclude<Trouble, 'full'>, stderr: string, asked: Asked): Fault {
  const said = complaint(stderr);
  const evidence = said === '' ? [] : [said];
  return new Fault({ ...wordsFor[trouble](asked), where: [`image ${asked.image}`], evidence });
}

const hostOf = ({ place }: Asked) => place.slice(0, place.indexOf('/'));
const look = ({ place }: Asked) => `skopeo inspect --raw docker://${place}          asks once more, by hand`;
const again = 'the same command again goes on where this one stopped';
const registryOf = ({ image }: Pick<Asked, 'image'>) => image.slice(0, image.indexOf('/'));
/** Where the registry of the image is said to be: with the path of a mirror. */
const registryAt = ({ image, place }: Asked) =>
  repositoryOf(place).slice(0, registryOf({ image }).length - repositoryOf(image).length);
const mirror = ({ image }: Asked) => {
  const registry = registryOf({ image });
  return `--mirror ${registry}=https://mirror.example/${registry}          asks a registry that has a copy`;
};

const wordsFor: Readonly<Record<Exclude<Trouble, 'full'>, (asked: Asked) => Words>> = {
  absent: (asked) => ({
    code: 'FETCH-FAILED',
    message: `${hostOf(asked)} has no ${asked.image}`,
    cause: asked.place.includes('@') ? 'what the lock file pins is gone' : 'there is no such tag, or not any more',
    remedy: [
      `skopeo list-tags docker://${repositoryOf(asked.place)}          what there is`,
      `novasphere bundle resolve --renew ${asked.image}          pins what the tag names now`,
    ],
  }),
  changed: (asked) => ({
    code: 'FETCH-CHANGED',
    message: `${hostOf(asked)} sends something else than ${asked.image}`,
    cause: 'what came has another digest; nothing of it was kept',
    remedy: [
      'novasphere bundle resolve --check          tells whether upstream has changed it',
      'try another network or mirror: something on the way may have replaced it',
    ],
  }),
  clock: (asked) => ({
    code: 'FETCH-FAILED',
    message: `the certificate of ${hostOf(asked)} is not valid at the time that this machine has`,
    cause: `so ${asked.image} was not fetched`,
    remedy: ['date          is that the time?', 'timedatectl set-ntp true          sets it from the network'],
  }),
  denied: (asked) => ({
    code: 'FETCH-DENIED',
    message: `${hostOf(asked)} does not give ${asked.image} to this user`,
    cause: 'it wants to know who asks, or has no such image',
    remedy: [
      `skopeo login ${hostOf(asked)}`,
      'export REGISTRY_AUTH_FILE=FILE          where a login lies in a file already',
    ],
  }),
  'no-host': (asked) => ({
    code: 'FETCH-FAILED',
    message: `nobody knows the host ${hostOf(asked)}, which ${asked.image} comes from`,
    remedy: [`getent hosts ${hostOf(asked).replace(/:\d+$/, '')}          asks once more`, mirror(asked)],
  }),
  passing: (asked) => ({
    code: 'FETCH-FAILED',
    message: `${hostOf(asked)} did not send ${asked.image} to its end`,
    cause: asked.tries === 1 ? '1 try failed' : `${asked.tries} tries failed`,
    remedy: [again, look(asked), mirror(asked)],
  }),
  'plain-http': (asked) => ({
    code: 'FETCH-FAILED',
    message: `${hostOf(asked)} speaks no TLS, and so does not give ${asked.image} in a way that can be trusted`,
    remedy: [`--mirror ${registryOf(asked)}=http://${registryAt(asked)}          where that is meant`],
  }),
  policy: (asked) => ({
    code: 'FETCH-FAILED',
    message: `the policy of this machine does not let skopeo fetch ${asked.image}`,
    remedy: [
      'cat /etc/containers/policy.json          what is let in',
      'apt-get install -y golang-github-containers-common          brings the usual one where there is none',
    ],
  }),
  'proxy-denied': (asked) => ({
    code: 'FETCH-DENIED',
    message: `the proxy on the way to ${hostOf(asked)} wants to know who asks for ${asked.image}`,
    remedy: ['export HTTPS_PROXY=http://USER:PASSWORD@PROXY:PORT          characters such as @ are written as %40'],
  }),
  throttled: (asked) => ({
    code: 'FETCH-FAILED',
    message: `${hostOf(asked)} was asked too often, and does not give ${asked.image} for now`,
    remedy: [`skopeo login ${hostOf(asked)}          whoever is known may ask more often`, mirror(asked), again],
  }),
  untrusted: (asked) => ({
    code: 'FETCH-FAILED',
    message: `the certificate of ${hostOf(asked)} is of nobody whom this machine trusts`,
    cause: `so ${asked.image} was not fetched`,
    remedy: [
      `install -D ca.crt /etc/containers/certs.d/${hostOf(asked)}/ca.crt          where the site has an authority of its own`,
      'apt-get install -y ca-certificates          where the usual ones are missing',
      'date          is that the time?',
    ],
  }),
  other: (asked) => ({
    code: 'FETCH-FAILED',
    message: `skopeo could not fetch ${asked.image}`,
    remedy: [look(asked)],
  }),
};
