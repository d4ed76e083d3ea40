import type { Trouble } from '../bench.ts';
import type { Mishap, Stage } from '../mishap.ts';

/** Whose webhook is silent, by the phase that the mishap strikes at. */
const webhookOwners = ['cert-manager', 'kubevirt', 'cdi'];
/** Which image each phase cannot do without. */
const neededImages: Readonly<Record<string, string>> = {
  k3s: 'virt-api',
  longhorn: 'longhorn-manager',
  multus: 'multus-cni',
  nmstate: 'kubernetes-nmstate-handler',
  kubevirt: 'virt-controller',
  cdi: 'cdi-apiserver',
  'cert-manager': 'cert-manager-webhook',
  operator: 'wukong-operator',
  verify: 'virt-launcher',
};
const imagePlaces = 'at each phase it is another image, one that the phase needs; before them it is virt-api';

/** What goes wrong in the cluster, and on the way to it. */
export const clusterMishaps: readonly Mishap[] = [
  {
    name: 'image-missing',
    summary: 'an image is in no archive of the bundle',
    at: 'k3s',
    places: imagePlaces,
    outcome: 'IMAGE-MISSING, exit code 1, with the image, the pod and who asks for it',
    strike: (stage, at) => lose(stage, neededImage(stage, at)),
    mend: returnImages,
  },
  {
    name: 'kubevirt-stuck',
    summary: 'one image of KubeVirt is gone, so it stays Deploying',
    at: 'kubevirt',
    outcome: 'IMAGE-MISSING, exit code 1, long before KubeVirt itself would complain',
    strike: (stage) => lose(stage, imageCalled(stage, 'virt-handler')),
    mend: returnImages,
  },
  {
    name: 'image-denied',
    summary: 'a registry refuses an image that is not on the node',
    at: 'cdi',
    places: imagePlaces,
    outcome: 'IMAGE-DENIED, exit code 1, with the words of the registry',
    strike(stage, at) {
      const image = neededImage(stage, at);
      lose(stage, image);
      stage.troubles.start('image-denied', image);
    },
    mend(stage) {
      for (const image of stage.images) stage.troubles.end('image-denied', image);
      returnImages(stage);
    },
  },
  {
    name: 'webhook-silent',
    summary: 'an admission webhook never answers',
    at: 'cert-manager',
    places: 'the webhook is that of cert-manager, kubevirt or cdi, whichever phase is named; else that of cert-manager',
    outcome: 'CLUSTER-WEBHOOK (of cdi COMPONENT-FAILED), exit code 1, with the state of the pods that should answer',
    strike: ({ troubles }, at) => troubles.start('webhook-silent', webhookOwner(at)),
    mend({ troubles }) {
      for (const owner of webhookOwners) troubles.end('webhook-silent', owner);
    },
  },
  {
    name: 'longhorn-webhook',
    summary: 'longhorn-manager waits for its own webhook for ever',
    at: 'longhorn',
    outcome: 'CLUSTER-WEBHOOK, exit code 1, with what can be ruled out and what is left',
    ...trouble('longhorn-webhook-waits'),
  },
  {
    name: 'disk-changed',
    summary: 'Longhorn finds another disk than the one it marked',
    at: 'longhorn',
    outcome: 'COMPONENT-FAILED, exit code 1, with how to give Longhorn the disk again',
    ...trouble('longhorn-disk-changed'),
  },
  {
    name: 'data-lost',
    summary: 'what is written to a volume is gone for the next reader',
    at: 'longhorn',
    outcome: 'STORAGE-FAILED, exit code 1, with what the next pod found instead',
    ...trouble('storage-forgets'),
  },
  {
    name: 'multus-broken',
    summary: 'with what Multus writes, every new pod fails',
    at: 'multus',
    outcome: 'NETWORK-BROKEN, exit code 1; Multus is taken back, and pods start again',
    ...trouble('multus-config-broken'),
  },
  {
    name: 'policy-refused',
    summary: 'NMState rolls back whatever it is asked to change',
    at: 'nmstate',
    outcome: 'COMPONENT-FAILED, exit code 1, with the words of the node that could not',
    ...trouble('policy-refused'),
  },
  {
    name: 'qemu-denied',
    summary: 'libvirt on the machine keeps KubeVirt from running QEMU',
    at: 'kubevirt',
    outcome: 'POD-FAILING, exit code 1, with the profile that has to go',
    ...trouble('qemu-denied'),
  },
  {
    name: 'device-denied',
    summary: 'pods may not open the block devices of their own volumes',
    at: 'cdi',
    outcome: 'POD-FAILING, exit code 1, with the setting of k3s that is missing',
    ...trouble('block-device-denied'),
  },
  {
    name: 'dns-dead',
    summary: 'cluster DNS answers nothing',
    at: 'k3s',
    outcome: 'DNS-DEAD, exit code 1',
    ...trouble('dns-dead'),
  },
  {
    name: 'node-not-ready',
    summary: 'the node stops being Ready',
    at: 'k3s',
    outcome: 'NODE-NOT-READY, exit code 4, with the condition of the node and what it means',
    ...trouble('node-not-ready'),
  },
  {
    name: 'guest-silent',
    summary: 'the sample VM never prints a login prompt',
    at: 'verify',
    outcome: 'GUEST-SILENT, exit code 4, with the last lines of its console',
    ...trouble('guest-silent'),
  },
  {
    name: 'api-500',
    summary: 'the API server answers 500 for three minutes',
    at: 'cdi',
    outcome: 'CLUSTER-SERVER-ERROR, exit code 1: requests are repeated for two minutes, and gates go on waiting',
    strike: ({ weather }) => weather.storm({ status: 500, seconds: 180 }),
    mend: ({ weather }) => weather.clear(),
  },
  {
    name: 'api-429',
    summary: 'the API server asks for patience (429) for a minute',
    at: 'cdi',
    outcome: 'none: the installer waits as long as it is asked to',
    strike: ({ weather }) => weather.storm({ status: 429, seconds: 60 }),
    mend: ({ weather }) => weather.clear(),
  },
  {
    name: 'watch-dropped',
    summary: 'every watch breaks again and again',
    at: 'kubevirt',
    outcome: 'none: what was watched is read again and watched anew',
    strike: ({ weather }) => weather.dropWatches({ every: 20, times: 30 }),
    mend: ({ weather }) => weather.clear(),
  },
];

function trouble(name: Trouble): Pick<Mishap, 'strike' | 'mend'> {
  return { strike: ({ troubles }) => troubles.start(name), mend: ({ troubles }) => troubles.end(name) };
}

function phaseOf(at: string): string {
  return at.split('/')[0] ?? at;
}

function webhookOwner(at: string): string {
  return webhookOwners.find((owner) => owner === phaseOf(at)) ?? 'cert-manager';
}

function neededImage(stage: Stage, at: string): string {
  return imageCalled(stage, neededImages[phaseOf(at)] ?? 'virt-api');
}

function imageCalled({ images }: Stage, name: string): string {
  const found = images.find((image) => image.includes(`/${name}:`));
  if (found === undefined) throw new Error(`the catalog has no image called ${name}`);
  return found;
}

function lose({ machines }: Stage, image: string): void {
  for (const machine of machines) machine.loseImage(image);
}

function returnImages({ machines }: Stage): void {
  for (const machine of machines) for (const image of machine.troubles.missingImages) machine.returnImage(image);
}
