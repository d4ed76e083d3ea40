import type { Signature } from './signature.ts';

/** What a machine and its k3s do to a cluster, as far as the API shows it. */
export const hostSignatures: readonly Signature[] = [
  {
    id: 3,
    title: 'Node password rejected',
    seen: 'event of a Node',
    pattern: /node password secret validation failed|Node password rejected/i,
    cause: 'the machine was installed anew, or another one has its name: its password is not the one of before',
    remedies: [
      'kubectl -n kube-system delete secret {node}.node-password.k3s',
      'systemctl restart k3s k3s-agent          on {node}: it registers anew',
    ],
  },
  {
    id: 5,
    title: 'Pause image missing',
    seen: 'event FailedCreatePodSandBox of a Pod',
    pattern: /failed to (get sandbox image|pull( and unpack)? image) "[^"]*pause[^"]*"/,
    cause:
      'the pause image, without which no pod starts, is not on the machine: its archive was not imported, or the image was removed since',
    remedies: [
      'k3s ctr images list -q | grep pause          what {node} has of it',
      'ls -l /var/lib/rancher/k3s/agent/images          is the archive there that brings it, and whole?',
      "systemctl restart 'k3s*'          imports every archive again",
    ],
  },
  {
    id: 6,
    title: 'Registry refuses an image',
    seen: 'state of a container and event Failed of a Pod',
    pattern: /insufficient_scope|authorization failed|pull access denied|\b401 Unauthorized\b|\b403 Forbidden\b/,
    cause: 'no mirror had it, so the registry of its name was asked, and that wants a login',
    remedies: [
      'set cluster.registries of the profile, then run  novasphere apply PROFILE --only k3s',
      'grep -i {name} /var/lib/rancher/k3s/agent/containerd/containerd.log          which endpoint refused, on {node}',
    ],
  },
  {
    id: 7,
    title: 'Disk full',
    seen: 'condition DiskPressure and events ImageGCFailed, FreeDiskSpaceFailed of a Node',
    pattern: /DiskPressure|failed to garbage collect required amount of images/i,
    cause: 'the disk of the machine is full: the kubelet evicts pods and removes images that nothing can bring back',
    remedies: [
      'df -h /var/lib/rancher /var/lib/longhorn          on {node}',
      'journalctl --vacuum-size=200M          frees what old logs take, on {node}',
      "systemctl restart 'k3s*'          imports the images again once there is room",
    ],
  },
  {
    id: 8,
    title: 'CoreDNS without upstream',
    seen: 'log of CoreDNS',
    pattern: /plugin\/errors: .* read udp [^ ]+->[^ ]+:53: i\/o timeout|plugin\/loop: Loop .* detected/,
    cause:
      'CoreDNS asks a resolver that does not answer: k3s takes 8.8.8.8 where /etc/resolv.conf of the machine names only itself',
    remedies: [
      'set host.dns.servers of the profile, then run  novasphere apply PROFILE --only host --only k3s',
      'grep resolv-conf /etc/rancher/k3s/config.yaml          on {node}: which file the kubelet gives to pods',
    ],
  },
  {
    id: 9,
    title: 'Flannel without an address',
    seen: 'condition Ready of a Node',
    pattern: /cni plugin not initialized|NetworkPluginNotReady|no default routes found/,
    cause: 'flannel has not written the configuration of the pod network',
    remedies: [
      'ip route show default          without a default route flannel finds no address for the node',
      'novasphere apply PROFILE --only host --only k3s          writes network and node-ip again',
    ],
  },
  {
    id: 14,
    title: 'Clock wrong',
    seen: 'message of an APIService, webhook error in a condition or event, log of a container',
    pattern: /certificate has expired or is not yet valid/,
    cause: 'the clock of the machine was wrong when certificates were made, or is wrong now',
    remedies: [
      'timedatectl          shows the clock and whether it is synchronized',
      'k3s certificate rotate && systemctl restart k3s          makes them anew, once the clock is right',
    ],
  },
  {
    id: 15,
    title: 'Out of inotify instances',
    seen: 'log of a container',
    pattern: /too many open files|failed to creat\w+ (a )?fsnotify watcher/,
    cause: 'the machine has run out of inotify instances',
    remedies: ['novasphere apply PROFILE --only host          sets fs.inotify.max_user_instances'],
  },
];

const journal = 'journal of k3s on the machine';

/** Why k3s itself does not start: the API never shows it, the journal of the machine does. */
export const journalSignatures: readonly Signature[] = [
  {
    id: 1,
    title: 'cgroup v1',
    seen: journal,
    pattern: /kubelet is configured to not run on a host using cgroup v1/,
    cause: 'the machine has started with cgroup v1, which the kubelet refuses since Kubernetes 1.35',
    remedies: ['novasphere apply PROFILE --only host          boots with systemd.unified_cgroup_hierarchy=1'],
  },
  {
    id: 2,
    title: 'Memory controller off',
    seen: journal,
    pattern: /[Ff]ailed to find memory cgroup/,
    cause: 'the kernel was started without its memory controller',
    remedies: ['add cgroup_enable=memory to the kernel command line, and restart the machine'],
  },
  {
    id: 4,
    title: 'Another token',
    seen: journal,
    pattern: /bootstrap data already found and encrypted with different token/,
    cause: 'k3s was started with another token than the one that its database was made with',
    remedies: ['cat /var/lib/rancher/k3s/server/token          the first one, which belongs into config.yaml'],
  },
  {
    id: 11,
    title: 'CPU manager state of before',
    seen: journal,
    pattern: /could not restore state from checkpoint: configured policy/,
    cause: 'the policy of the CPU manager was changed, and the kubelet still has the state of the old one',
    remedies: ['rm /var/lib/kubelet/cpu_manager_state && systemctl restart k3s          after a drain'],
  },
  {
    id: 12,
    title: 'Kernel settings differ',
    seen: journal,
    pattern: /invalid kernel flag: (vm|kernel)\//,
    cause: 'the kubelet is told to keep kernel settings as they are, and they are not what it needs',
    remedies: ['novasphere apply PROFILE --only host          sets them'],
  },
  {
    id: 16,
    title: 'Servers differ',
    seen: journal,
    pattern: /critical configuration value mismatch/,
    cause: 'this server was configured otherwise than the first one in something that all servers must share',
    remedies: [
      'diff /etc/rancher/k3s/config.yaml with that of the first server          then run the same command again',
    ],
  },
];

/** The kubelet's own words of a node that is not Ready. */
export const nodeSignatures: readonly Signature[] = [
  {
    id: 0,
    title: 'containerd does not answer',
    seen: 'condition Ready of a Node',
    pattern: /PLEG is not healthy/,
    cause: 'the kubelet gets no answer from containerd: the disk is far too slow, or containerd hangs',
    remedies: ['systemctl restart k3s          ends and starts both; pods go on running meanwhile'],
  },
  {
    id: 0,
    title: 'k3s silent',
    seen: 'condition Ready of a Node',
    pattern: /Kubelet stopped posting node status/,
    cause: 'k3s does not run on that machine, or does not reach the API server',
    remedies: [
      'systemctl status k3s          on that machine',
      "journalctl --unit k3s --grep 'cgroup|checkpoint|kernel flag|different token' --lines 5          the usual reasons, on {node}",
      'systemctl restart k3s          on that machine, once the reason is gone',
    ],
  },
];

/** What a program says when the cluster around it is broken, and not itself. */
export const clusterSignatures: readonly Signature[] = [
  {
    id: 0,
    title: 'Names do not resolve',
    seen: 'log of a container',
    pattern:
      /lookup \S+\.svc\S*( on \S+)?: (i\/o timeout|no such host|server misbehaving)|lookup \S+ on 10\.[\d.]+:53: .*(i\/o timeout|connection refused)/,
    cause: 'it asks for a name of the cluster and gets no answer',
    remedies: [
      'kubectl -n kube-system logs deployment/coredns --tail 20          whether names resolve',
      'kubectl -n kube-system get endpointslices -l kubernetes.io/service-name=kube-dns          whether CoreDNS is known',
    ],
    blames: 'coredns',
  },
];
