/** What known lines of logs and events really mean: facts of the components, by the text that they print. */
export interface Signature {
  readonly pattern: RegExp;
  readonly means: string;
  readonly remedy: string;
}

const signatures: readonly Signature[] = [
  {
    pattern: /admission webhook service is not accessible on cluster/,
    means:
      'longhorn-manager cannot reach its own webhook through its Service: cluster DNS or hairpin traffic is broken',
    remedy: 'kubectl -n kube-system logs deployment/coredns --tail 20          whether names resolve',
  },
  {
    pattern: /please make sure you have iscsiadm\/open-iscsi installed/,
    means: 'iscsiadm is not installed on the machine, or iscsid does not run',
    remedy: 'novasphere apply PROFILE --only host          installs open-iscsi again',
  },
  {
    pattern: /failed to get context for the kubeconfig .*multus/,
    means: 'the Multus configuration names a kubeconfig that the machine does not have',
    remedy: 'remove 00-multus.conf from the CNI directory: pods then start without Multus',
  },
  {
    pattern: /failed to find the primary CNI plugin|could not find a plugin configuration/,
    means: 'Multus looks for the configuration of the pod network in another directory than k3s writes it to',
    remedy: 'remove 00-multus.conf from the CNI directory: pods then start without Multus',
  },
  {
    pattern: /failed to find plugin "[^"]+" in path/,
    means: 'a CNI plugin is not in the directory that containerd looks in',
    remedy: 'ls /var/lib/rancher/k3s/data/cni          which plugins are there, where k3s keeps its data',
  },
  {
    pattern: /org\.freedesktop\.NetworkManager was not provided/,
    means: 'NetworkManager does not run on the machine',
    remedy: 'systemctl enable --now NetworkManager',
  },
  {
    pattern: /cannot execute binary \/usr\/libexec\/qemu-kvm: Permission denied/,
    means: 'the AppArmor profile of libvirt on the host forbids QEMU',
    remedy: 'apt-get purge libvirt-daemon-system          on the machine',
  },
  {
    pattern: /too many open files|failed to creat\w+ (a )?fsnotify watcher/,
    means: 'the machine has run out of inotify instances',
    remedy: 'novasphere apply PROFILE --only host          sets fs.inotify.max_user_instances',
  },
  {
    pattern: /cannot open \/dev\/cdi-block-volume: Permission denied/,
    means: 'containerd does not give devices to the user of a pod',
    remedy: 'novasphere apply PROFILE --only k3s          sets nonroot-devices',
  },
  {
    pattern: /certificate has expired or is not yet valid/,
    means: 'the clock of the machine was wrong when certificates were made, or is wrong now',
    remedy: 'timedatectl          shows the clock and whether it is synchronized',
  },
  {
    pattern: /PLEG is not healthy/,
    means: 'the kubelet gets no answer from containerd: the disk is far too slow, or containerd hangs',
    remedy: 'systemctl restart k3s          ends and starts both; pods go on running meanwhile',
  },
  {
    pattern: /cni plugin not initialized|NetworkPluginNotReady/,
    means: 'flannel has not written the configuration of the pod network',
    remedy: 'ip route show default          without a default route flannel finds no address for the node',
  },
  {
    pattern: /Kubelet stopped posting node status/,
    means: 'k3s does not run on that machine, or does not reach the API server',
    remedy: 'systemctl status k3s          on that machine',
  },
  {
    pattern: /Insufficient devices\.kubevirt\.io\/(kvm|tun|vhost-net)/,
    means: 'the node offers no virtualisation device: virt-handler is not healthy, or the device is missing',
    remedy: 'ls -l /dev/kvm /dev/net/tun /dev/vhost-net          on the machine',
  },
];

/** The meaning of a text, when it is one of the known ones. */
export function meaningOf(text: string): Signature | undefined {
  return signatures.find(({ pattern }) => pattern.test(text));
}
