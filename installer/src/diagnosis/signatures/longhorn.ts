import type { Signature } from './signature.ts';

const manager = 'log of longhorn-manager';

/** What the programs of Longhorn complain of. */
export const longhornSignatures: readonly Signature[] = [
  {
    id: 30,
    title: 'open-iscsi missing',
    seen: `${manager}, condition of nodes.longhorn.io`,
    pattern: /please make sure you have iscsiadm\/open-iscsi installed|Missing packages: \[/,
    cause: 'iscsiadm is not installed on the machine, or iscsid does not run',
    remedies: [
      'novasphere apply PROFILE --only host          installs open-iscsi again',
      'systemctl status iscsid          on {node}',
    ],
  },
  {
    id: 31,
    title: 'Longhorn webhook unreachable',
    seen: manager,
    pattern: /admission webhook service is not accessible on cluster/,
    cause:
      'longhorn-manager cannot reach its own webhook through its Service: cluster DNS or hairpin traffic is broken',
    remedies: [
      'kubectl -n kube-system logs deployment/coredns --tail 20          whether names resolve',
      'sysctl net.bridge.bridge-nf-call-iptables          must be 1, or a pod does not reach itself through its Service',
      'kubectl -n longhorn-system get networkpolicies          who may reach port 9502',
    ],
    blames: 'coredns',
  },
  {
    id: 32,
    title: 'Longhorn driver waits',
    seen: 'init container of longhorn-driver-deployer that runs on',
    cause: 'it waits until a longhorn-manager answers: look there, not here',
    remedies: ['kubectl -n longhorn-system logs -l app=longhorn-manager --tail 20'],
    blames: 'longhorn-manager',
  },
  {
    id: 33,
    title: 'Longhorn backend unreachable',
    seen: 'log of longhorn-csi-plugin and longhorn-driver-deployer',
    pattern:
      /http:\/\/longhorn-backend:9500\/v1.*(no such host|i\/o timeout|server misbehaving|connection refused|Client\.Timeout)/,
    cause: 'it cannot reach longhorn-backend by name: names do not resolve in the cluster, or no manager runs',
    remedies: [
      'kubectl -n kube-system logs deployment/coredns --tail 20          whether names resolve',
      'kubectl -n longhorn-system get endpointslices -l kubernetes.io/service-name=longhorn-backend',
    ],
    blames: 'coredns',
  },
  {
    id: 34,
    title: 'Kubelet directory not found',
    seen: 'log of longhorn-driver-deployer',
    pattern: /failed to get kubelet root dir, no related proc for root-dir detection/,
    cause: 'Longhorn does not find out where the kubelet of this machine keeps its data',
    remedies: [
      'kubectl -n longhorn-system set env deployment/longhorn-driver-deployer KUBELET_ROOT_DIR=/var/lib/kubelet',
      'novasphere apply PROFILE --only longhorn          sets it for good',
    ],
  },
  {
    id: 35,
    title: 'Mounts not shared',
    seen: 'log of longhorn-driver-deployer, condition of nodes.longhorn.io',
    pattern: /MountPropagation is not set|NoMountPropagationSupport|mount propagation is not supported/i,
    cause: 'the root mount of the machine is private, so a volume mounted by Longhorn is not seen by pods',
    remedies: [
      'mount --make-rshared /          on {node}',
      'novasphere apply PROFILE --only host          makes it so at every start',
    ],
  },
  {
    id: 43,
    title: 'Longhorn minor version skipped',
    seen: `${manager}, event FailedUpgradePreCheck`,
    pattern: /failed to upgrade since upgrading from \S+ to \S+ for minor version is not supported/,
    cause: 'Longhorn can only be upgraded from one minor version to the next',
    remedies: [
      'apply the release before, then each one in between, until this one',
      'kubectl -n longhorn-system get settings.longhorn.io current-longhorn-version          where it stands',
    ],
  },
  {
    id: 45,
    title: 'Longhorn protects its data',
    seen: 'log of the Job longhorn-uninstall',
    pattern: /deleting-confirmation-flag is set to [`"']?false/,
    cause: 'Longhorn refuses to be removed until somebody confirms that all volumes may go',
    remedies: [
      'kubectl get pv          what would be lost',
      'kubectl -n longhorn-system patch settings.longhorn.io deleting-confirmation-flag --type merge -p \'{"value":"true"}\'',
    ],
  },
  {
    id: 46,
    title: 'Longhorn half removed',
    seen: 'webhook configuration whose Service is gone, any text that quotes it',
    pattern: /failed calling webhook "[^"]*longhorn\.io".*service "longhorn-admission-webhook" not found/,
    cause: 'Longhorn was removed, but its webhook configurations were not: they refuse every change of its objects',
    remedies: [
      'kubectl delete validatingwebhookconfiguration longhorn-webhook-validator',
      'kubectl delete mutatingwebhookconfiguration longhorn-webhook-mutator',
      'novasphere apply PROFILE --only longhorn          or install it again',
    ],
  },
  {
    id: 47,
    title: 'Engine image not deployed',
    seen: 'event ProvisioningFailed of a PersistentVolumeClaim',
    pattern: /current engine image that doesn't support disable revision counter/,
    cause: 'the engine image of this Longhorn is not on every node yet, so new volumes are refused',
    remedies: ['kubectl -n longhorn-system get engineimages.longhorn.io,pods -o wide          which node lacks it'],
  },
];
