import { readFile, stat } from 'node:fs/promises';
import type { Profile } from '#profile/schema';
import { resolveSecrets, type SecretReader, type Secrets } from '#profile/secrets';

/** The secrets that a profile names, read from this machine's files and environment. */
export function secretsHere(
  profile: Profile,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Secrets> {
  return resolveSecrets(profile, { file: readSecretFile, env: (name) => environment[name] });
}

const readSecretFile: SecretReader['file'] = async (path) => {
  try {
    const [text, facts] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    return { text, mode: facts.mode & 0o777 };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};
