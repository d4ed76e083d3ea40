import { Fault } from '#engine/fault';
import type { Site } from '#plan/plan';
import type { SecretSource } from '#profile/secret';

/** The value of a secret of the profile, at the moment in which the machine needs it. */
export function revealed({ reveal }: Site, source: SecretSource): string {
  if (reveal !== undefined) return reveal(source).reveal();
  const place = 'fromFile' in source ? `file ${source.fromFile}` : `environment variable ${source.fromEnv}`;
  throw new Fault({
    code: 'PROFILE-SECRET',
    message: `a secret of the profile has not been read: ${place}`,
    remedy: ['run the command where the secret can be read'],
  });
}
