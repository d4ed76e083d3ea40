import type { Signature } from './signature.ts';

const handler = 'log of nmstate-handler';

/** NMState and cert-manager. */
export const networkSignatures: readonly Signature[] = [
  {
    id: 48,
    title: 'NetworkManager down',
    seen: handler,
    pattern: /org\.freedesktop\.NetworkManager was not provided/,
    cause: 'NetworkManager does not run on the machine',
    remedies: [
      'systemctl enable --now NetworkManager',
      'novasphere apply PROFILE --only host          hands the network over to it',
    ],
  },
  {
    id: 49,
    title: 'Interface unmanaged',
    seen: 'NodeNetworkState of the node that a policy fails on',
    cause: 'NetworkManager does not manage an interface that the policy wants to change',
    remedies: [
      'nmcli device set {name} managed yes          on {node}, until its next start',
      'novasphere apply PROFILE --only host          hands the network over for good',
    ],
  },
  {
    id: 50,
    title: 'Kernel too old for nmstate',
    seen: handler,
    pattern: /NETLINK_GET_STRICT_CHK/,
    cause: 'the kernel of the machine is older than what nmstate needs',
    remedies: ['uname -r          on {node}; the machine wants a newer kernel'],
  },
  {
    id: 53,
    title: 'NetworkManager too old',
    seen: handler,
    pattern: /Unsupported NetworkManager version/,
    cause: 'NetworkManager of the machine is older than what nmstate needs; Ubuntu 24.04 brings one that fits',
    remedies: ['NetworkManager --version          on {node}; install the machine from the ISO of this release'],
  },
  {
    id: 51,
    title: 'Network policy rolled back',
    seen: 'condition Failing of a NodeNetworkConfigurationEnactment',
    pattern: /VerificationError|FailedToConfigure|rolling back|failed to run probe/i,
    cause: 'the machine could not be brought to the state of the policy, so its network was put back as it was',
    remedies: [
      'kubectl get nncp {name} -o yaml          correct what the message names, and apply it again',
      'kubectl get nns {node} -o yaml          what the interfaces of the machine are like now',
    ],
  },
  {
    id: 52,
    title: 'Network policy cut the node off',
    seen: 'Node that is not Ready while an enactment is in progress on it',
    cause: 'the policy has moved the interface by which the machine is reached, without its address and routes',
    remedies: [
      'wait 8 min: nmstate puts the network back by itself when nobody answers',
      'kubectl edit nncp {name}          give the bridge the address and the routes of its port',
    ],
  },
  {
    id: 56,
    title: 'Webhook certificate not injected',
    seen: 'webhook configuration without caBundle, any text that quotes the webhook',
    pattern: /failed calling webhook .*x509: certificate signed by unknown authority/,
    cause: 'cainjector has not written the CA into the webhook configuration yet',
    remedies: [
      'kubectl -n cert-manager logs deployment/cert-manager-cainjector --tail 20',
      'kubectl -n cert-manager rollout restart deployment cert-manager-cainjector',
    ],
    blames: 'cainjector',
  },
  {
    id: 55,
    title: 'API server cannot reach pods',
    seen: 'any text that quotes a webhook',
    pattern: /failed calling webhook .*(i\/o timeout|context deadline exceeded|no route to host)/,
    cause: 'the API server does not reach the network of pods: flannel, a firewall, or a server without an agent',
    remedies: [
      'ip -d link show flannel.1          whether the network of pods is up on the server',
      'nft list ruleset | grep 8472          UDP 8472 must be open between the nodes',
      'kubectl -n {namespace} get pods -o wide          where the webhook runs',
    ],
  },
  {
    id: 54,
    title: 'Webhook refuses connections',
    seen: 'any text that quotes a webhook',
    pattern: /failed calling webhook .*connect: connection refused/,
    cause: 'nothing listens behind the Service of the webhook',
    remedies: [
      'kubectl -n {namespace} get pods,endpointslices          whether its pod is ready, and its address known',
      'kubectl -n {namespace} rollout restart deployment {name}          starts it anew',
    ],
  },
  {
    id: 57,
    title: 'Webhook half installed',
    seen: 'webhook configuration whose Service is gone or has no endpoints',
    pattern: /failed calling webhook .*(service "[^"]+" not found|no endpoints available for service)/,
    cause:
      'there is a webhook configuration, but nothing that answers it: an installation ended half way, or a removal did',
    remedies: [
      'kubectl -n {namespace} get deployments,services          what is there of it',
      'novasphere apply PROFILE          puts back what is missing',
    ],
  },
  {
    id: 58,
    title: 'Namespace held by Challenges',
    seen: 'condition of a Namespace that is Terminating',
    pattern: /acme\.cert-manager\.io/,
    cause: 'cert-manager was removed before its Orders and Challenges, which only it can let go',
    remedies: [
      'novasphere apply PROFILE --only cert-manager          it then lets them go by itself',
      'kubectl -n {namespace} get challenges,orders -o name | xargs -I{} kubectl -n {namespace} patch {} --type merge -p \'{"metadata":{"finalizers":null}}\'',
    ],
  },
];
