import { redact } from '#engine/redact';
import { Setback } from './setback.ts';

interface Connection {
  readonly url: URL;
  /** `proxy.example:3128`, where the way may lead through one. */
  readonly proxy: string | undefined;
}

type Told = Omit<ConstructorParameters<typeof Setback>[0], 'url'>;

/** What the network, TLS or a proxy said, as a sentence. The words of the error itself may hold secrets, so they are not used. */
export function connectionTrouble(error: unknown, connection: Connection): Setback {
  if (error instanceof Setback) return error;
  const codes = chain(error).map(({ code }) => code ?? '');
  const said = chain(error)
    .map(({ message }) => message)
    .join(' ');
  const { url } = connection;
  return new Setback({
    url,
    ...(proxyTold(said, connection) ?? told(codes, connection) ?? unknown(error, connection)),
  });
}

function chain(error: unknown): readonly NodeJS.ErrnoException[] {
  if (!(error instanceof Error)) return [];
  const more = error instanceof AggregateError ? error.errors.flatMap(chain) : [];
  return [error, ...more, ...chain(error.cause)];
}

/** undici has no codes for this. */
function proxyTold(said: string, { url, proxy }: Connection): Told | undefined {
  const [, status] =
    /Proxy response \((\d+)\)/.exec(said) ?? /Proxy Authentication Required \((407)\)/.exec(said) ?? [];
  if (status === undefined) return undefined;
  const who = `the proxy ${proxy}`;
  const variable = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  if (status === '407')
    return {
      code: 'FETCH-DENIED',
      said: `${who} wants a user and a password, or other ones (407)`,
      mayPass: false,
      remedy: [
        `export ${variable}=http://USER:PASSWORD@${proxy}          special characters as % and two digits: %40 for @`,
      ],
    };
  const isDenied = status === '403' || status === '401';
  return {
    ...(isDenied ? { code: 'FETCH-DENIED' } : {}),
    said: `${who} does not connect to ${url.host} (${status})`,
    mayPass: Number(status) >= 500,
    remedy: [`ask whoever runs the proxy to allow ${url.host}`],
  };
}

function told(codes: readonly string[], { url, proxy }: Connection): Told | undefined {
  const who = proxy === undefined ? url.host : `the proxy ${proxy}`;
  const host = who.replace(/^the proxy /, '').replace(/:\d+$/, '');
  const rows = [...certificateRows(url), ...networkRows(who, host, url)];
  return rows.find(([known]) => known.some((code) => codes.includes(code)))?.[1];
}

type Row = readonly [codes: readonly string[], told: Told];

const strangers = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];
const clock = ['timedatectl          is the clock of this machine right?', 'timedatectl set-ntp true'] as const;
const ownAuthority = [
  'export NODE_EXTRA_CA_CERTS=/path/to/ca.pem          where a proxy or mirror has an authority of its own',
] as const;

function certificateRows({ host, hostname, port }: URL): readonly Row[] {
  const early = `the certificate of ${host} is not valid yet`;
  const late = `the certificate of ${host} has expired`;
  const stranger = `${host} shows a certificate of an authority that this machine does not know`;
  const other = `the certificate is not one of ${host}`;
  const look = [`openssl s_client -connect ${hostname}:${port || 443}          shows whose it is`] as const;
  const [slow, fast] = ['the clock of this machine may be slow', 'the clock of this machine may be fast'];
  return [
    [['CERT_NOT_YET_VALID'], { said: early, why: slow, mayPass: false, remedy: clock }],
    [['CERT_HAS_EXPIRED'], { said: late, why: fast, mayPass: false, remedy: clock }],
    [['ERR_TLS_CERT_ALTNAME_INVALID'], { said: other, mayPass: false, remedy: look }],
    [strangers, { said: stranger, mayPass: false, remedy: ownAuthority }],
  ];
}

function networkRows(who: string, host: string, url: URL): readonly Row[] {
  const name: NonNullable<Told['remedy']> = [`getent hosts ${host}`, 'cat /etc/resolv.conf'];
  return [
    [['ENOTFOUND'], { said: `the name ${host} is not known`, mayPass: false, remedy: name }],
    [['EAI_AGAIN'], { said: `no name server tells the address of ${host}`, mayPass: true, remedy: name }],
    [['ECONNREFUSED'], { said: `${who} refuses connections`, mayPass: true }],
    [['EHOSTUNREACH', 'ENETUNREACH'], { said: `there is no way to ${who}`, mayPass: true, remedy: ['ip route'] }],
    [['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'], { said: `${who} does not answer`, mayPass: true }],
    [['UND_ERR_HEADERS_TIMEOUT'], { said: `${url.host} takes the request and does not answer it`, mayPass: true }],
    [['UND_ERR_BODY_TIMEOUT'], { said: `${url.host} stopped sending in the middle`, mayPass: true }],
    [
      ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE', 'UND_ERR_PRX_CONN', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
      { said: `the connection to ${who} was cut`, mayPass: true },
    ],
  ];
}

function unknown(error: unknown, { url }: Connection): Told {
  const [first] = chain(error);
  const what = redact(first?.message ?? String(error)).replaceAll(/\/\/[^/\s@]*@/g, '//');
  return { said: `the connection to ${url.host} failed`, why: what, mayPass: true };
}
