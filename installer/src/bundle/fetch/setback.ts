import { Fault } from '#engine/fault';
import { quote } from '#engine/quote';
import { formatSpan } from '#engine/span';

interface About {
  readonly code?: 'FETCH-FAILED' | 'FETCH-DENIED';
  /** Who did what: `github.com answers 503 (Service Unavailable)`. */
  readonly said: string;
  /** What was asked when it happened, behind all redirects. */
  readonly url: URL;
  readonly why?: string;
  /** Whether it may be otherwise in a while. */
  readonly mayPass: boolean;
  /** Milliseconds that the server asks to wait. */
  readonly after?: number;
  /** Absent where nothing helps but looking. */
  readonly remedy?: readonly [string, ...string[]];
}

/** Why one attempt did not bring the file. */
export class Setback extends Error {
  readonly about: About;

  constructor(about: About) {
    super(about.said);
    this.about = about;
  }
}

interface Failure {
  readonly name: string;
  /** What was asked first. */
  readonly url: string;
  readonly tries: number;
  /** Milliseconds that all tries took together. */
  readonly spent: number;
}

/** The last setback as what a person is told. */
export function setbackFault({ about }: Setback, { name, url, tries, spent }: Failure): Fault {
  const asked = tellable(new URL(url));
  const led = tellable(about.url);
  return new Fault({
    code: about.code ?? 'FETCH-FAILED',
    message: `cannot download ${name}: ${about.said}`,
    cause: about.why,
    where: [`URL ${asked}`],
    evidence: [
      ...(led === asked ? [] : [`it led to ${led}`]),
      ...(tries === 1 ? [] : [`tried ${tries} times in ${formatSpan(spent)}`]),
    ],
    remedy: about.remedy ?? looking(about, new URL(url)),
  });
}

/** What was asked first is what a person can ask as well: behind a redirect there is a place that is signed for once. */
function looking({ code }: About, url: URL): readonly [string, ...string[]] {
  const byHand = `curl -fL -o /dev/null ${quote([tellable(url)])}          by hand, to see all that it says`;
  if (code !== 'FETCH-DENIED') return [byHand];
  return [byHand, `--mirror ${url.origin}/=https://mirror.example/          asks a server that lets you in instead`];
}

/** A URL without what may be secret in it: user, password, and the query, which signs links to storage. */
export function tellable(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
