import { Fault, type FaultAbout } from '#engine/fault';
import { quote } from '#engine/quote';
import { redact } from '#engine/redact';
import type { KubeconfigFacts } from './kubeconfig-file.ts';

/** What people read when a cluster cannot be spoken to. */
export const contactScreens = {
  withoutCredentials,
  silent,
  unknownUser: (facts: KubeconfigFacts, said: string) =>
    fault('CLUSTER-DENIED', facts, {
      message: `the cluster at ${facts.server} does not know the user ${facts.user} of the kubeconfig`,
      cause: said === '' ? undefined : `it answers: ${said}`,
      remedy: [
        `${kubectl(facts)} auth whoami`,
        'get a new kubeconfig: its token or certificate is of another cluster, or was taken back',
      ],
    }),
  closed: (facts: KubeconfigFacts, said: string) =>
    fault('CLUSTER-DENIED', facts, {
      message: `the user ${facts.user} of the kubeconfig may not even ask the cluster for its version`,
      cause: `it answers: ${said}`,
      remedy: [`${kubectl(facts)} auth whoami`, 'use the kubeconfig of an administrator of the cluster'],
    }),
  unwell: (facts: KubeconfigFacts, status: number, said: string) =>
    fault('CLUSTER-SERVER-ERROR', facts, {
      message: `the cluster at ${facts.server} answers HTTP ${status} when it is asked for its version`,
      cause: said === '' ? undefined : said,
      remedy: [`${kubectl(facts)} get --raw '/readyz?verbose'`, 'run the same command again once it is well'],
    }),
  notKubernetes: (facts: KubeconfigFacts, status: number, said: string) =>
    fault('CLUSTER-UNSUPPORTED', facts, {
      message: `what answers at ${facts.server} is no Kubernetes API server`,
      evidence: [`GET /version answers HTTP ${status}${said === '' ? '' : `: ${redact(said)}`}`],
      remedy: [
        `curl -k ${quote([`${facts.server.replace(/\/$/, '')}/version`])}          tells a version where it is one`,
        `kubectl config set-cluster NAME --server https://ADDRESS:6443 --kubeconfig ${quote([facts.path])}`,
      ],
    }),
} as const;

type About = Omit<FaultAbout, 'code' | 'where'>;

function fault(code: FaultAbout['code'], { path, context }: KubeconfigFacts, about: About): Fault {
  return new Fault({ code, where: [`file ${path}`, `context ${context}`], ...about });
}

function kubectl({ path }: KubeconfigFacts): string {
  return `kubectl --kubeconfig ${quote([path])}`;
}

/** The program of the kubeconfig that gives tokens is missing or has failed; or a file that it names is gone. */
function withoutCredentials(facts: KubeconfigFacts, error: Error): Fault {
  const { user, program } = facts;
  if (program === undefined)
    return fault('KUBECONFIG-INVALID', facts, {
      message: `the credentials of the user ${user} in the kubeconfig cannot be read`,
      cause: redact(error.message),
      remedy: [`${kubectl(facts)} auth whoami`],
    });
  const { command, hint } = program;
  if ('code' in error && error.code === 'ENOENT')
    return fault('KUBECONFIG-INVALID', facts, {
      message: `the kubeconfig takes a token of the user ${user} from the program ${command}, and there is none`,
      evidence: hint === undefined ? [] : hint.split('\n').slice(0, 5),
      remedy: [
        `command -v ${quote([command])}`,
        `install ${command}, or use a kubeconfig with a certificate or a token`,
      ],
    });
  const lines = redact(error.message)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return fault('KUBECONFIG-INVALID', facts, {
    message: `the program ${command}, from which the kubeconfig takes a token of the user ${user}, failed`,
    cause: error instanceof SyntaxError ? 'it printed no JSON' : undefined,
    evidence: lines.slice(-5),
    remedy: [`${kubectl(facts)} auth whoami`, `log in again with what ${command} belongs to`],
  });
}

/** No answer at all: why, in words, and what is to be done about exactly that. */
function silent(facts: KubeconfigFacts, error: Error): Fault {
  const { server } = facts;
  const code = codeOf(error);
  const why = reasons.find(([pattern]) => pattern.test(code))?.[1];
  return fault('CLUSTER-UNREACHABLE', facts, {
    message: `the cluster does not answer at ${server}`,
    cause: why === undefined ? error.message : new Error(why, { cause: error.message }),
    remedy: withLast([...ofLoopback(facts, code), ...remedies(facts, code)], `${kubectl(facts)} get --raw /readyz`),
  });
}

function withLast([first, ...rest]: readonly string[], last: string): readonly [string, ...string[]] {
  return first === undefined ? [last] : [first, ...rest, last];
}

function codeOf(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return code === 'Error' && error.cause instanceof Error ? codeOf(error.cause) : code;
}

const untrusted = /SELF_SIGNED|UNABLE_TO|DEPTH_ZERO/;

const reasons: readonly (readonly [RegExp, string])[] = [
  [/ECONNREFUSED/, 'nobody listens at that address'],
  [/ENOTFOUND|EAI_AGAIN/, 'that name does not resolve'],
  [
    /TIMEOUT|TimeoutError|ETIMEDOUT/,
    'nothing comes back from that address: a firewall, a VPN that is not up, or a machine that is off',
  ],
  [/EHOSTUNREACH|ENETUNREACH/, 'there is no way to that address from here'],
  [untrusted, 'its certificate is not signed by the authority that the kubeconfig names'],
  [/ALTNAME/, 'its certificate is for other names and addresses than this one'],
  [/CERT_HAS_EXPIRED/, 'its certificate has run out, or the clock of this machine is wrong'],
  [/EPROTO|ERR_SSL|ERR_TLS/, 'it does not speak TLS as a Kubernetes API server does'],
  [/ECONNRESET|UND_ERR_SOCKET/, 'it breaks the connection off'],
];

function remedies({ server, path }: KubeconfigFacts, code: string): readonly string[] {
  if (untrusted.test(code)) return ['get the kubeconfig again: the cluster was set up anew, or it is another one'];
  if (/ALTNAME/.test(code))
    return [`add the address to cluster.k3s.tlsSans of the profile, or use one of the names of the certificate`];
  if (/CERT_HAS_EXPIRED/.test(code))
    return ['date --utc', 'systemctl restart k3s          on a node: renews certificates'];
  const { hostname, port } = new URL(server);
  if (/ENOTFOUND|EAI_AGAIN/.test(code)) return [`getent hosts ${quote([hostname])}`];
  return /ECONN|TIMEOUT|Timeout|UNREACH/.test(code)
    ? [`nc -vz ${quote([hostname])} ${port || (server.startsWith('https') ? 443 : 80)}`]
    : [`grep server ${quote([path])}`];
}

/** The commonest mistake of all: k3s writes 127.0.0.1 into its kubeconfig, and somebody has copied it from a node. */
function ofLoopback({ server, path }: KubeconfigFacts, code: string): readonly string[] {
  const isHere = /^(127\.|localhost$|\[::1\]$)/.test(new URL(server).hostname);
  if (!isHere || !/ECONNREFUSED/.test(code)) return [];
  return [
    `sed -i 's/127.0.0.1/ADDRESS-OF-THE-NODE/' ${quote([path])}          where the file was copied from a node: there 127.0.0.1 is the node`,
  ];
}
