import { Fault, type FaultAbout } from '#engine/fault';
import { quote } from '#engine/quote';

type About = Omit<FaultAbout, 'code' | 'where'>;

/** What people read when a kubeconfig cannot be used. */
export const kubeconfigScreens = {
  unreadable,
  notYaml: (path: string, { message }: Error) =>
    fault(path, {
      message: `the kubeconfig ${path} is not YAML`,
      cause: message.split('\n')[0],
      remedy: [`kubectl --kubeconfig ${quote([path])} config view`, 'get the file again from where it was made'],
    }),
  notOne: (path: string) =>
    fault(path, {
      message: `${path} is not a kubeconfig: it names no cluster`,
      remedy: ['name the file that kubectl uses for this cluster: --kubeconfig FILE'],
    }),
  noContext: (path: string, names: readonly string[]) =>
    fault(path, {
      message: `the kubeconfig ${path} does not say which of its contexts is meant: it has no current-context`,
      evidence: listed('contexts', names),
      remedy: [useContext(path, names), ...shownBy(path)],
    }),
  unknownContext: (path: string, name: string, names: readonly string[]) =>
    fault(path, {
      message: `the current context ${name} of the kubeconfig ${path} does not exist`,
      evidence: listed('contexts', names),
      remedy: [useContext(path, names), ...shownBy(path)],
    }),
  lacks: (path: string, context: string, what: 'cluster' | 'user', name: string, names: readonly string[]) =>
    fault(path, {
      message:
        name === ''
          ? `the context ${context} of the kubeconfig ${path} names no ${what}`
          : `the context ${context} of the kubeconfig ${path} names the ${what} ${name}, which it does not hold`,
      evidence: listed(`${what}s`, names),
      remedy: [`kubectl config set-context ${quote([context])} --${what} NAME --kubeconfig ${quote([path])}`],
    }),
  noServer: (path: string, cluster: string) =>
    fault(path, {
      message: `the kubeconfig ${path} does not say where the cluster ${cluster} is: its server is no URL`,
      remedy: [
        `kubectl config set-cluster ${quote([cluster])} --server https://ADDRESS:6443 --kubeconfig ${quote([path])}`,
      ],
    }),
  withoutTls: (path: string, cluster: string, server: string) =>
    fault(path, {
      message: `the kubeconfig ${path} names the server ${server}, which is not protected by TLS`,
      cause: 'whoever listens on the way could read the token',
      remedy: [
        `kubectl config set-cluster ${quote([cluster])} --server ${quote([server.replace(/^http:/, 'https:')])} --kubeconfig ${quote([path])}`,
        `kubectl config set-cluster ${quote([cluster])} --insecure-skip-tls-verify=true --kubeconfig ${quote([path])}          where it is meant`,
      ],
    }),
  notCertificate: (path: string, user: string, { message }: Error) =>
    fault(path, {
      message: `the client certificate of the user ${user} in the kubeconfig ${path} is none`,
      cause: message,
      remedy: ['get the file again from where it was made'],
    }),
  expired: (path: string, user: string, end: Date) =>
    fault(path, {
      message: `the client certificate of the user ${user} in the kubeconfig ${path} ran out on ${end.toISOString().slice(0, 10)}`,
      cause: 'the API server takes an expired certificate for nobody at all',
      remedy: [
        'get a new kubeconfig; on a node of k3s it is /etc/rancher/k3s/k3s.yaml',
        'systemctl restart k3s          on a node: renews certificates that end within 120 days, and writes the file again',
      ],
    }),
} as const;

const fromNode =
  'scp root@NODE:/etc/rancher/k3s/k3s.yaml FILE          where k3s wrote it; then put the address of the node into its server';

function fault(path: string, about: About): Fault {
  return new Fault({ code: 'KUBECONFIG-INVALID', where: [`file ${path}`], ...about });
}

function unreadable(path: string, { code, message }: NodeJS.ErrnoException, namedBy?: string): Fault {
  const what = namedBy === undefined ? `the kubeconfig ${path}` : `${path}, which the kubeconfig ${namedBy} names,`;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return fault(path, {
      message: `${what} is not there`,
      remedy: [`ls -l ${quote([path])}`, ...(namedBy === undefined ? [fromNode] : [])],
    });
  if (code === 'EISDIR')
    return fault(path, { message: `${what} is a directory`, remedy: [`ls -l ${quote([path])}`, fromNode] });
  if (code === 'EACCES' || code === 'EPERM')
    return fault(path, {
      message: `${what} may not be read by this user`,
      remedy: ['run the same command again with sudo', `ls -l ${quote([path])}`],
    });
  return fault(path, { message: `${what} cannot be read`, cause: message, remedy: [`ls -ld ${quote([path])}`] });
}

function listed(what: string, names: readonly string[]): readonly string[] {
  return [`${what} in it: ${names.length === 0 ? 'none' : names.join(', ')}`];
}

function useContext(path: string, [first = 'NAME']: readonly string[]): string {
  return `kubectl config use-context ${quote([first])} --kubeconfig ${quote([path])}`;
}

function shownBy(path: string): readonly string[] {
  return [`kubectl --kubeconfig ${quote([path])} config get-contexts`];
}
