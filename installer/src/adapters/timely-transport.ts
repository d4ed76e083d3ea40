import { Fault } from '#engine/fault';
import { formatSpan } from '#engine/span';
import type { Transport } from '#kube/transport';
import type { Clock } from '#ports/clock';

const day = 24 * 3_600_000;
const year = 365 * day;
/** A clock that is steered into step moves less than that. */
const steered = 60_000;

/** A transport that knows a wrong clock when it sees one: a certificate that is not valid now says nothing to most people. */
export function timelyTransport(transport: Transport, clock: Pick<Clock, 'now' | 'elapsed'>): Transport {
  const offset = () => clock.now() - clock.elapsed();
  const began = { at: clock.now(), offset: offset() };
  const translated = (error: unknown) => {
    const verdict = verdictOn(error);
    if (verdict === undefined) return error;
    return clockFault({ verdict, now: clock.now(), began: began.at, moved: offset() - began.offset });
  };
  return {
    request: (request) =>
      transport.request(request).catch((error: unknown) => {
        throw translated(error);
      }),
    async *watch(...asked) {
      try {
        yield* transport.watch(...asked);
      } catch (error) {
        throw translated(error);
      }
    },
  };
}

type Verdict = 'early' | 'late';

/** What OpenSSL thinks of a certificate, by the codes that Node gives it. */
function verdictOn(error: unknown): Verdict | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'CERT_NOT_YET_VALID') return 'early';
  return error.code === 'CERT_HAS_EXPIRED' ? 'late' : undefined;
}

interface Seen {
  readonly verdict: Verdict;
  readonly now: number;
  readonly began: number;
  /** How far the clock was set while this run was under way, in milliseconds. */
  readonly moved: number;
}

function clockFault({ verdict, now, began, moved }: Seen): Fault {
  const isNews = Math.abs(moved) > steered;
  const direction = moved < 0 ? 'back' : 'forward';
  const state = verdict === 'early' ? 'is not valid yet' : 'is not valid any more';
  return new Fault({
    code: 'PREFLIGHT-CLOCK',
    message: isNews
      ? `the clock of this machine was set ${direction} by ${spanOf(Math.abs(moved))} while the run was under way: it says ${stamp(now)}`
      : `the clock of this machine says ${stamp(now)}, and by that the cluster's certificates are ${verdict === 'early' ? 'from the future' : 'too old'}`,
    cause: `by that clock the certificate of the API server ${state}`,
    evidence: isNews ? [`this run began at ${stamp(began)} by the same clock`] : [],
    remedy: [
      'chronyc makestep          sets it by the time servers of the profile, at once',
      "date --set 'YYYY-MM-DD hh:mm:ss' && hwclock --systohc          where no time server can be reached",
      verdict === 'early'
        ? 'then run the same command again; a clock that falls back at every start wants a new battery'
        : 'systemctl restart k3s          renews the certificates, if the clock is right after all',
    ],
  });
}

function stamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function spanOf(milliseconds: number): string {
  if (milliseconds < 2 * day) return formatSpan(milliseconds);
  const years = Math.round(milliseconds / year);
  return milliseconds < 2 * year ? `${Math.round(milliseconds / day)} days` : `${years} years`;
}
