import { expect, test } from 'vitest';
import { complaint, troubleIn } from './skopeo-trouble.ts';

/** What skopeo writes, as it was seen or as its sources have it. */
const fatal = (message: string) => `time="2026-11-21T18:48:03Z" level=fatal msg=${JSON.stringify(message)}\n`;

test.for([
  ['denied', 'reading manifest v1 in h/a: unauthorized: authentication required'],
  ['denied', 'reading manifest v1 in h/a: StatusCode: 403, '],
  [
    'denied',
    'reading manifest latest in docker.io/no/such: errors:\ndenied: requested access to the resource is denied',
  ],
  ['denied', 'reading blob sha256:0: Error fetching blob: invalid status code from registry 403 (Forbidden)'],
  ['absent', 'reading manifest v1.429.0 in h/a: manifest unknown: manifest unknown'],
  ['absent', 'reading blob sha256:0: Error fetching blob: invalid status code from registry 404 (Not Found)'],
  ['absent', 'reading manifest v1 in h/a: name unknown: repository not known to registry'],
  ['throttled', 'reading manifest v1 in h/a: toomanyrequests: You have reached your pull rate limit.'],
  ['throttled', 'reading blob sha256:0: too many requests to registry'],
  ['passing', 'reading manifest v1 in h/a: received unexpected HTTP status: 503 Service Unavailable'],
  ['passing', 'reading blob sha256:0: Error fetching blob: invalid status code from registry 502 (Bad Gateway)'],
  ['passing', 'writing blob: happened during read: unexpected EOF'],
  [
    'passing',
    'writing blob: storing blob to file "/var/tmp/x": happened during read: read tcp: connection reset by peer',
  ],
  ['passing', 'pinging container registry h: Get "https://h/v2/": net/http: TLS handshake timeout'],
  ['passing', 'pinging container registry h: Get "https://h/v2/": dial tcp 127.0.0.1:1: connect: connection refused'],
  ['passing', 'pinging container registry h: Get "https://h/v2/": dial tcp: i/o timeout'],
  ['no-host', 'pinging container registry h: Get "https://h/v2/": dial tcp: lookup h on 9.9.9.9:53: no such host'],
  [
    'clock',
    'Get "https://h/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: now',
  ],
  ['untrusted', 'Get "https://h/v2/": x509: certificate signed by unknown authority'],
  ['plain-http', 'Get "https://h/v2/": http: server gave HTTP response to HTTPS client'],
  ['proxy-denied', 'pinging container registry h: Get "https://h/v2/": Proxy Authentication Required'],
  ['changed', 'writing blob: happened during read: Digest did not match, expected sha256:0, got sha256:1'],
  ['changed', 'Download config.json digest sha256:0 does not match expected sha256:1'],
  ['full', 'writing blob: write /s/oci-put-blob1: no space left on device'],
  ['policy', 'Error loading trust policy: open /etc/containers/policy.json: no such file or directory'],
  ['other', 'Invalid destination name oci:/x: mkdir /x: permission denied: y'],
] as const)('takes for %s what skopeo says with “%s”', ([trouble, message]) => {
  expect(troubleIn(fatal(message))).toBe(trouble);
});

test('tells what skopeo said without time, level and the name that it begins with', () => {
  expect(complaint(`Copying blob\n${fatal('Error parsing image name "docker://h/a:v1": StatusCode: 403, ')}`)).toBe(
    'StatusCode: 403, ',
  );
});

test('tells neither who asked a proxy nor what a signed link is signed with', () => {
  const message =
    'Get "https://store.example/x?X-Amz-Signature=abc&y=1": proxyconnect http://me:secret@p:3128: refused';
  expect(complaint(fatal(message))).toBe('Get "https://store.example/x?…": proxyconnect http://p:3128: refused');
});

test('tells words that are no log line as they are', () => {
  expect(complaint('skopeo did not end within 120000 ms')).toBe('skopeo did not end within 120000 ms');
});
