import { Fault } from '#engine/fault';

/** Where things are really asked for, when a site has copies of its own. */
export interface Mirrors {
  mirroredUrl(url: string): string;
  /** `plainHttp`: the registry speaks no TLS. */
  mirroredImage(reference: string): MirroredImage;
}

interface MirroredImage {
  /** `127.0.0.1:5000/docker.io/longhornio/longhorn-manager:v1.12.1` */
  readonly reference: string;
  readonly plainHttp: boolean;
}

interface Rule {
  readonly kind: 'url' | 'registry';
  /** Without a slash at its end. */
  readonly from: string;
  readonly to: string;
  readonly plainHttp: boolean;
}

const scheme = /^https?:\/\//;
// A registry of a full reference is a host name with a dot or a port; below it may be a path.
const registry = /^(?:localhost|[\w-]+(?:\.[\w-]+)+|\[[0-9a-f:]+\])(?::\d+)?(?:\/[\w.-]+)*$/;

/** Reads `--mirror FROM=TO` options: prefixes of URLs, and registries with or without a path. The longest wins. */
export function readMirrors(options: readonly string[]): Mirrors {
  const rules = options.map(ruleOf).toSorted((a, b) => b.from.length - a.from.length);
  for (const [index, { from, to }] of rules.entries())
    if (rules[index + 1]?.from === from && rules[index + 1]?.to !== to) throw unusable(from, 'leads to two places');
  return {
    mirroredUrl(url) {
      const rule = rules.find(({ kind, from }) => kind === 'url' && isUnder(url, from, /^[/?#]/));
      return rule === undefined ? url : rule.to + url.slice(rule.from.length);
    },
    mirroredImage(reference) {
      const rule = rules.find(({ kind, from }) => kind === 'registry' && isImageUnder(reference, from));
      if (rule === undefined) return { reference, plainHttp: false };
      return { reference: rule.to + reference.slice(rule.from.length), plainHttp: rule.plainHttp };
    },
  };
}

function isUnder(text: string, prefix: string, border: RegExp): boolean {
  const rest = text.slice(prefix.length);
  return text.startsWith(prefix) && (rest === '' || border.test(rest));
}

/** A whole repository may be meant, before its tag or digest; a colon behind a mere host would begin its port. */
function isImageUnder(reference: string, from: string): boolean {
  return isUnder(reference, from, from.includes('/') ? /^[/:@]/ : /^\//);
}

function ruleOf(option: string): Rule {
  const [, from = '', to = ''] = /^(.+?)\/*=(.+?)\/*$/.exec(option) ?? [];
  if (from === '') throw unusable(option, 'is not FROM=TO');
  return scheme.test(from) ? urlRule(from, to) : registryRule(from, to);
}

function urlRule(from: string, to: string): Rule {
  if (!URL.canParse(from)) throw unusable(from, 'is no URL');
  if (!scheme.test(to) || !URL.canParse(to)) throw unusable(from, 'leads to something that is no http or https URL');
  if (!hasReadablePassword(to)) throw unusable(from, 'brings a password with a lone %: write %25');
  return { kind: 'url', from, to, plainHttp: false };
}

function hasReadablePassword(url: string): boolean {
  const { username, password } = new URL(url);
  try {
    return decodeURIComponent(username + password) !== undefined;
  } catch {
    return false;
  }
}

function registryRule(from: string, to: string): Rule {
  if (!registry.test(from)) throw unusable(from, 'begins with neither a URL nor a registry');
  const place = to.replace(scheme, '');
  if (place.includes('@')) throw unusable(from, 'brings a password: log in with “skopeo login” instead');
  if (!registry.test(place)) throw unusable(from, 'leads to something that is no registry');
  return { kind: 'registry', from, to: place, plainHttp: to.startsWith('http://') };
}

/** Never tells more than where a mirror is for: where it leads to may hold a password. */
function unusable(from: string, why: string): Fault {
  return new Fault({
    code: 'USAGE',
    message: `--mirror ${from.replace(/=.*/s, '=…').replace(/\/\/[^/@]*@/, '//')} ${why}`,
    remedy: [
      '--mirror https://github.com/=http://mirror.example/github/          for files',
      '--mirror docker.io=https://mirror.example/docker.io          for images; http:// where it has no TLS',
    ],
  });
}
