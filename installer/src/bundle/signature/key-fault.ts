import { Fault } from '#engine/fault';

/** A Fault about a key; `place` is the file or setting that it comes from. */
export function keyFault(
  message: string,
  place: string,
  remedy: readonly [string, ...string[]],
  cause?: unknown,
): Fault {
  return new Fault({
    code: 'KEY-INVALID',
    message,
    where: [place],
    remedy,
    ...(cause === undefined ? {} : { cause }),
  });
}
