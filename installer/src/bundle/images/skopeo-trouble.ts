import { tellsFullDisk } from '#engine/disk-full';

/** What skopeo stumbled over, as far as it matters for what to do next. */
export type Trouble =
  | 'absent'
  | 'changed'
  | 'clock'
  | 'denied'
  | 'full'
  | 'no-host'
  | 'passing'
  | 'plain-http'
  | 'policy'
  | 'proxy-denied'
  | 'throttled'
  | 'untrusted'
  | 'other';

/**
 * Words of skopeo, of its library and of Go's network code, seen in versions 1.9 to 1.18; the first that fits wins.
 * (github.com/containers/image: docker/errors.go, docker/docker_client.go, docker/body_reader.go, copy/digesting_reader.go)
 */
const signs: readonly (readonly [RegExp, Trouble])[] = [
  [new RegExp(`toomanyrequests|too many requests|${status('429')}`, 'i'), 'throttled'],
  [/proxy authentication required/i, 'proxy-denied'],
  [/digest did not match|does not match (?:provided|expected)/i, 'changed'],
  [/unauthorized|authentication required|access to the resource is denied|(?<!permission )denied: /i, 'denied'],
  [new RegExp(status('40[13]'), 'i'), 'denied'],
  [new RegExp(`(?:manifest|name|blob)[ _]unknown|${status('404')}`, 'i'), 'absent'],
  [
    new RegExp(`${status(String.raw`5\d\d`)}|tls handshake timeout|\\beof\\b|timeout|timed out|did not end`, 'i'),
    'passing',
  ],
  [/certificate has expired or is not yet valid/i, 'clock'],
  [/x509: |tls: |certificate/i, 'untrusted'],
  [/server gave http response to https client/i, 'plain-http'],
  [/no such host/i, 'no-host'],
  [/policy\.json|rejected by policy|source image rejected/i, 'policy'],
  [/connection re(?:set|fused)|unreachable|no route to host|broken pipe|stream error|server misbehaving/i, 'passing'],
];

/** A number alone could be a part of a tag. */
function status(code: string): string {
  return String.raw`(?:StatusCode: |from registry |status:? |status code:? )${code}\b`;
}

export function troubleIn(stderr: string): Trouble {
  if (tellsFullDisk(stderr)) return 'full';
  const said = complaint(stderr);
  return signs.find(([sign]) => sign.test(said))?.[1] ?? 'other';
}

/**
 * The last thing that skopeo said, without its time and level, the name of the image that it begins with, and whatever
 * in a URL may be a secret: who asks, and the signature of a link to a store behind a registry.
 */
export function complaint(stderr: string): string {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  const [, quoted] = /\bmsg=("(?:[^"\\]|\\.)*")/.exec(last) ?? [];
  return withoutSecrets(quoted === undefined ? last : unquoted(quoted)).replace(
    /^Error parsing image name "[^"]*": /,
    '',
  );
}

function unquoted(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}

function withoutSecrets(text: string): string {
  return text.replaceAll(/(https?:\/\/)[^\s/@"]*@/g, '$1').replaceAll(/(https?:\/\/[^\s?"]*)\?[^\s"]*/g, '$1?…');
}
