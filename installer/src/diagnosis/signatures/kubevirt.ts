import type { Signature } from './signature.ts';

const scheduled = 'condition PodScheduled of a virt-launcher';

export const kubevirtSignatures: readonly Signature[] = [
  {
    id: 59,
    title: 'libvirt on the host',
    seen: 'log of the init container of virt-handler',
    pattern: /cannot execute binary \/usr\/libexec\/qemu-kvm: Permission denied/,
    cause: 'the AppArmor profile of libvirt on the host forbids QEMU',
    remedies: ['apt-get purge libvirt-daemon-system          on the machine'],
  },
  {
    id: 60,
    title: 'No virtualisation device',
    seen: scheduled,
    pattern: /Insufficient devices\.kubevirt\.io\/(kvm|tun|vhost-net)/,
    cause: 'the node offers no virtualisation device: virt-handler is not healthy, or the device is missing',
    remedies: [
      'ls -l /dev/kvm /dev/net/tun /dev/vhost-net          on the machine',
      'set components.kubevirt.emulation: auto in the profile, then run  novasphere apply PROFILE --only kubevirt',
    ],
    blames: 'virt-handler',
  },
  {
    id: 61,
    title: 'virt-handler out of inotify instances',
    seen: 'log of virt-handler',
    pattern: /Error starting \S+ device plugin.*too many open files/,
    cause: 'the machine has run out of inotify instances, so virt-handler cannot offer its devices',
    remedies: [
      'novasphere apply PROFILE --only host          sets fs.inotify.max_user_instances',
      'kubectl -n kubevirt rollout restart daemonset virt-handler          afterwards',
    ],
  },
  {
    id: 62,
    title: 'No node for virtual machines',
    seen: scheduled,
    pattern: /didn't match Pod's node affinity\/selector/,
    cause:
      'no node is declared fit for this machine: the heartbeat of virt-handler is lost, or the CPU model or machine type is not there',
    remedies: [
      'kubectl get nodes -L kubevirt.io/schedulable          whether virt-handler vouches for them',
      'kubectl -n kubevirt logs -l kubevirt.io=virt-handler --tail 30',
    ],
    blames: 'virt-handler',
  },
  {
    id: 63,
    title: 'No control plane node for KubeVirt',
    seen: 'condition PodScheduled of pods in the namespace kubevirt',
    cause:
      'KubeVirt wants its own pods on a node with the label node-role.kubernetes.io/control-plane, and no node that takes them has it',
    remedies: [
      'kubectl get nodes --show-labels          whether one is labelled, and not tainted',
      'kubectl label node NODE node-role.kubernetes.io/control-plane=true',
    ],
  },
  {
    id: 64,
    title: 'Second KubeVirt',
    seen: 'condition Synchronized of KubeVirt',
    pattern: /ExistingDeployment/,
    cause: 'there is another KubeVirt in the cluster, and only one may be',
    remedies: [
      'kubectl get kubevirt --all-namespaces',
      'kubectl -n {namespace} delete kubevirt {name}          the one that does not work',
    ],
  },
  {
    id: 66,
    title: 'KubeVirt without its operator',
    seen: 'KubeVirt that is being deleted while no virt-operator runs',
    cause: 'the operator was removed before the KubeVirt that only it can take down',
    remedies: [
      'kubectl apply --server-side -f kubevirt-operator.yaml          brings it back, and it finishes the removal',
      'kubectl delete apiservice v1.subresources.kubevirt.io          where it shall not come back, and then the next line',
      'kubectl -n {namespace} patch kubevirt {name} --type merge -p \'{"metadata":{"finalizers":null}}\'',
    ],
  },
  {
    id: 68,
    title: 'virt-operator older than KubeVirt',
    seen: 'condition of KubeVirt, log of virt-operator',
    pattern: /kubevirt-operator.*(is attempting to grant RBAC permissions not currently held|cannot \w+ resource)/,
    cause:
      'spec.imageTag asks for a KubeVirt that is newer than its operator, which has no right to give it what it needs',
    remedies: [
      'novasphere apply PROFILE --only kubevirt          brings the operator of the same release, without imageTag',
    ],
  },
  {
    id: 69,
    title: 'Machine cannot move',
    seen: 'condition LiveMigratable of a VirtualMachineInstance whose migration fails',
    pattern: /DisksNotLiveMigratable|InterfaceNotLiveMigratable|cannot migrate VMI/,
    cause:
      'the machine cannot be moved while it runs: its disk can be used on one node only, or its network is a bridge on the pod network',
    remedies: [
      'use a disk of the class longhorn-vm (ReadWriteMany, Block) and masquerade on the pod network',
      'virtctl -n {namespace} stop {name}          where it may be off for a while',
    ],
  },
  {
    id: 81,
    title: 'Image of a feature gate missing',
    seen: 'state of a container of virt-template-* or virt-exportproxy',
    cause:
      'a feature gate that KubeVirt 1.9 turns on by itself brings an image that the bundle does not hold, and KubeVirt is Deployed only when all run',
    remedies: [
      'novasphere apply PROFILE --only kubevirt          disables the feature gate Template',
      'k3s ctr images list -q | grep {name}          what {node} has of it',
    ],
  },
  {
    id: 82,
    title: 'Image volumes not supported',
    seen: 'event FailedCreate of a VirtualMachineInstance',
    pattern:
      /virt-launcher[^ ]* is invalid: spec\.volumes\[\d+\].*must specify a volume type|image volume.*(not supported|unsupported)/i,
    cause: 'KubeVirt makes its container disks image volumes, which this Kubernetes does not know before 1.35',
    remedies: [
      'novasphere apply PROFILE --only kubevirt          disables the feature gate ImageVolume',
      'kubectl version          k3s 1.35 or newer has them',
    ],
  },
  {
    id: 84,
    title: 'Feature gate unknown',
    seen: 'spec of KubeVirt',
    cause: 'KubeVirt ignores a feature gate whose name it does not know, without a word',
    remedies: ['kubectl -n {namespace} edit kubevirt {name}          names are case-sensitive'],
  },
  {
    id: 80,
    title: 'Drain held by Longhorn',
    seen: 'cordoned Node and the PodDisruptionBudget of its instance-manager',
    cause: 'the last replica of a volume is on the node, and Longhorn does not let it go while the node is drained',
    remedies: [
      'kubectl -n longhorn-system get volumes.longhorn.io          which volumes are attached there; stop what uses them',
      'kubectl -n longhorn-system patch settings.longhorn.io node-drain-policy --type merge -p \'{"value":"allow-if-replica-is-stopped"}\'',
      'kubectl uncordon {node}          where there is no other node to go to',
    ],
  },
];

/** What KubeVirt says of a machine in one word, in the words of whoever wants it to run. */
export const machineStates: Readonly<Record<string, string>> = {
  ErrorUnschedulable: 'no node takes it',
  ErrImagePull: 'the image of its disk cannot be pulled',
  ImagePullBackOff: 'the image of its disk cannot be pulled',
  ErrorPvcNotFound: 'a volume that it names does not exist',
  ErrorDataVolumeNotFound: 'a DataVolume that it names does not exist',
  DataVolumeError: 'a disk of it could not be made',
  WaitingForVolumeBinding: 'a volume of it is not bound yet',
  CrashLoopBackOff: 'it ends again and again right after its start',
};
