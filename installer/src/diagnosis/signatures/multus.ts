import type { Signature } from './signature.ts';

const without = 'remove 00-multus.conf from the CNI directory: pods then start without Multus';
const again = 'novasphere apply PROFILE --only multus          writes it anew, with the paths of k3s';
const sandbox = 'event FailedCreatePodSandBox of a Pod';

export const multusSignatures: readonly Signature[] = [
  {
    id: 23,
    title: 'Multus daemon down',
    seen: sandbox,
    pattern: /CmdAdd \(shim\): failed to send CNI request|dial unix [^ ]*multus\.sock/,
    cause: 'the Multus daemon of the machine does not answer: it was ended, or is out of memory',
    remedies: [
      'kubectl -n kube-system logs -l app=multus --previous --tail 20          why it ended the last time',
      'novasphere apply PROFILE --only multus          installs the thin plugin, which needs no daemon',
    ],
    blames: 'multus',
  },
  {
    id: 18,
    title: 'Multus without its kubeconfig',
    seen: sandbox,
    pattern: /failed to get context for the kubeconfig .*multus/,
    cause: 'the Multus configuration names a kubeconfig that the machine does not have',
    remedies: [without, again],
  },
  {
    id: 17,
    title: 'Multus looks in the wrong directory',
    seen: 'log of Multus, event FailedCreatePodSandBox of a Pod',
    pattern: /failed to find the primary CNI plugin|could not find a plugin configuration/,
    cause: 'Multus looks for the configuration of the pod network in another directory than k3s writes it to',
    remedies: [without, again],
  },
  {
    id: 19,
    title: 'Multus given a path of the machine',
    seen: 'log of Multus',
    pattern: /cni-conf-dir is not found: stat \/host/,
    cause: 'the configuration of the Multus daemon names a path of the machine where one inside of the pod is meant',
    remedies: ['kubectl -n kube-system get configmap multus-daemon-config -o yaml          its cniConfigDir', again],
  },
  {
    id: 20,
    title: 'Multus without its configuration',
    seen: 'log of Multus',
    pattern: /daemon-config\.json: no such file/,
    cause: 'the DaemonSet of Multus does not mount the ConfigMap multus-daemon-config',
    remedies: [again, 'kubectl -n kube-system get configmap multus-daemon-config          whether it is there at all'],
  },
  {
    id: 21,
    title: 'Multus plugin gone',
    seen: sandbox,
    pattern: /failed to find plugin "multus(-shim)?" in path/,
    cause:
      'the Multus plugin is not in the directory that containerd looks in: an upgrade of k3s has moved that directory',
    remedies: [
      'ls /var/lib/rancher/k3s/data/cni          on {node}: whether multus is there',
      'kubectl -n kube-system rollout restart daemonset kube-multus-ds          copies it again',
    ],
    blames: 'multus',
  },
  {
    id: 22,
    title: 'CNI plugin missing',
    seen: sandbox,
    pattern: /failed to find plugin "[^"]+" in path/,
    cause: 'a CNI plugin is not in the directory that containerd looks in',
    remedies: [
      'ls /var/lib/rancher/k3s/data/cni          which plugins are there, where k3s keeps its data',
      'novasphere apply PROFILE --only k3s --only multus          brings the plugins of the bundle',
    ],
  },
  {
    id: 24,
    title: 'Multus out of memory',
    seen: 'last state of the container of Multus',
    cause: 'the kernel ends Multus at its memory limit, which is too low for many pods that start at once',
    remedies: [
      'kubectl -n kube-system set resources daemonset/kube-multus-ds -c kube-multus --limits=memory=256Mi',
      'novasphere apply PROFILE --only multus          writes the limit of this release',
    ],
  },
  {
    id: 25,
    title: 'Multus plugin busy',
    seen: 'log of the init container of Multus',
    pattern: /cannot create regular file '[^']*multus[^']*': Text file busy/,
    cause: 'an old manifest of Multus copies over a plugin that is running',
    remedies: [
      again,
      'kubectl -n kube-system rollout restart daemonset kube-multus-ds          once no pod is starting',
    ],
  },
  {
    id: 26,
    title: 'Stale pod sandbox',
    seen: sandbox,
    pattern: /Multus: \[.*\]: error waiting for pod: pod "[^"]+" not found/,
    cause: 'after a restart the machine still tries to start a pod that has been replaced long ago',
    remedies: [
      'kubectl -n {namespace} delete pod {pod} --grace-period 0 --force',
      'systemctl restart k3s          on {node}, when it comes back',
    ],
  },
  {
    id: 27,
    title: 'Multus without rights',
    seen: 'log of Multus',
    pattern: /\/rancher\/k3s\/agent[^ ]*: permission denied/,
    cause: 'Multus does not run as root, and the directory of k3s is for root alone',
    remedies: [again, 'kubectl -n kube-system get daemonset kube-multus-ds -o yaml          its securityContext'],
  },
  {
    id: 28,
    title: 'Bridge on macvlan',
    seen: 'VirtualMachineInstance and its NetworkAttachmentDefinition',
    cause:
      'KubeVirt connects a machine by a bridge, and macvlan lets only its own address through: no traffic ever comes',
    remedies: [
      'kubectl -n {namespace} edit network-attachment-definition {name}          "type": "bridge" on a Linux bridge of the node',
    ],
  },
  {
    id: 29,
    title: 'Networks annotation set by hand',
    seen: 'VirtualMachineInstance that does not start',
    cause:
      'the annotation k8s.v1.cni.cncf.io/networks was set by hand, and KubeVirt writes the same one from spec.networks',
    remedies: [
      'kubectl -n {namespace} edit virtualmachine {name}          remove it from spec.template.metadata.annotations',
      'virtctl -n {namespace} restart {name}',
    ],
  },
  {
    id: 83,
    title: 'SR-IOV without a device',
    seen: sandbox,
    pattern: /VF pci addr is required/,
    cause:
      'the pod asked for no virtual function, so SR-IOV has no device to move into it: KubeVirt leaves asking to an injector that is not installed',
    remedies: [
      'novasphere apply PROFILE --only kubevirt          disables the feature gate ExternalNetResourceInjection',
      'kubectl -n {namespace} get network-attachment-definitions -o yaml          their annotation k8s.v1.cni.cncf.io/resourceName',
    ],
  },
];
