import { FlagError, type Given, readFlags, type Values } from './flag-values.ts';
import { type LogLevel, logLevels } from './log-level.ts';

/** An address to listen on; without a host, on all of the machine's or the pod's. */
export interface Address {
  readonly host?: string;
  readonly port: number;
}

/** How the operator is run: by flags, else by the environment, else by default. */
export interface Settings {
  /** Undefined: nowhere. */
  readonly metricsAddress?: Address;
  readonly healthAddress?: Address;
  readonly leaderElect: boolean;
  /** Empty: all. */
  readonly watchNamespaces: readonly string[];
  readonly concurrency: number;
  readonly nmstate: {
    readonly enabled: boolean;
    /** `eth1`, or `eth1:br-lan` for one bridge alone. */
    readonly allowedUplinks: readonly string[];
    readonly allowNodeNic: boolean;
    readonly deletionPolicy: 'retain' | 'remove';
  };
  /** Requests a second to the API server, and at once. */
  readonly apiQps: number;
  readonly apiBurst: number;
  readonly logLevel: LogLevel;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Settings from the words of the command line and the environment; throws a FlagError. */
export function settingsOf(words: readonly string[], environment: NodeJS.ProcessEnv): Settings {
  const values = readFlags(words, environment);
  const { kubeconfig, context } = values;
  return {
    ...at('metricsAddress', values['metrics-bind-address']),
    ...at('healthAddress', values['health-probe-bind-address']),
    leaderElect: yes(values['leader-elect']),
    watchNamespaces: list(values['watch-namespaces'], /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'names of namespaces'),
    concurrency: count(values['max-concurrent-reconciles'], 64),
    nmstate: nmstate(values),
    apiQps: count(values['kube-api-qps'], 100_000),
    apiBurst: count(values['kube-api-burst'], 100_000),
    logLevel: oneOf(values['log-level'], logLevels),
    ...(kubeconfig.text === '' ? {} : { kubeconfig: kubeconfig.text }),
    ...(context.text === '' ? {} : { context: context.text }),
  };
}

/** What an operator does that nobody told anything. */
export const defaultSettings: Settings = settingsOf([], {});

function nmstate(values: Values): Settings['nmstate'] {
  const uplink = /^[a-zA-Z0-9_.-]{1,15}(:[a-zA-Z0-9_.-]{1,15})?$/;
  const enabled = yes(values['enable-nmstate']);
  const allowedUplinks = list(values['nmstate-allowed-uplinks'], uplink, 'interfaces like eth1 or eth1:br-lan');
  return {
    enabled,
    allowedUplinks,
    allowNodeNic: yes(values['nmstate-allow-node-nic']),
    deletionPolicy: oneOf(values['nncp-deletion-policy'], ['retain', 'remove']),
  };
}

function at<Name extends string>(name: Name, given: Given): { readonly [_ in Name]?: Address } {
  if (given.text === '0') return {};
  const found = /^(\[[0-9a-fA-F:.]+\]|[^:\s]*):(\d{1,5})$/.exec(given.text);
  const port = Number(found?.[2]);
  if (!(port >= 1 && port <= 65_535)) throw wrong(given, 'be an address like :8080 or 127.0.0.1:8080, or 0');
  const host = found?.[1]?.replace(/^\[|\]$/g, '') ?? '';
  return { [name]: host === '' ? { port } : { host, port } } as { readonly [_ in Name]?: Address };
}

function yes(given: Given): boolean {
  return oneOf(given, ['true', 'false']) === 'true';
}

function count(given: Given, most: number): number {
  const number = /^\d{1,6}$/.test(given.text) ? Number(given.text) : 0;
  if (number < 1 || number > most) throw wrong(given, `be a whole number from 1 to ${most}`);
  return number;
}

function oneOf<Word extends string>(given: Given, words: readonly Word[]): Word {
  const found = words.find((word) => word === given.text);
  if (found === undefined) throw wrong(given, `be one of ${words.join(', ')}`);
  return found;
}

function list(given: Given, pattern: RegExp, what: string): readonly string[] {
  const words = given.text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (!words.every((word) => pattern.test(word))) throw wrong(given, `hold ${what}, with commas between them`);
  return [...new Set(words)];
}

function wrong({ source, text }: Given, must: string): FlagError {
  return new FlagError(`${source} must ${must}; it is “${text}”`);
}
