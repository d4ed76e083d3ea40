import { existsSync, readFileSync } from 'node:fs';
import { lockProblems } from '#bundle/assemble/lock-problems';
import { wantedFor } from '#bundle/assemble/wanted';
import { type BundleIndex, readIndex } from '#bundle/index/index-file';
import { distrust, type Ways } from '#bundle/signature/distrust';
import { verificationScreen } from '#bundle/verify/verification-screen';
import { verifyBundle } from '#bundle/verify/verify-bundle';
import { loadCatalog } from '#catalog/load-catalog';
import { codes } from '#engine/codes';
import type { Call } from '../call.ts';
import { keyFolder, machineKeys } from '../machine-keys.ts';
import { releaseRoot } from '../site.ts';
import { version } from '../version.ts';
import { givenLock } from './given-lock.ts';
import { showProgress } from './show-progress.ts';

/** `novasphere bundle verify DIR`: every file as the index says, the index as the lock says, and signed. */
export async function bundleVerify(call: Call): Promise<number> {
  const { words, options, terminal } = call;
  const place = words[0] as string;
  const trusted = [...options.texts('key').map(givenKey), ...(await machineKeys(keyFolder))];
  const { index } = await readIndex(place);
  const lock = index.madeFor?.release === version ? await givenLock(call, await loadCatalog(releaseRoot)) : undefined;
  // What nobody has looked up yet cannot be compared with anything.
  if (lock !== undefined && index.madeFor !== undefined) wantedFor(lock, index.madeFor);
  const found = await read(place, trusted, call, index);
  const problems = [...found.problems, ...(lock === undefined ? [] : lockProblems(index, lock))];
  const { signature } = found;
  const verification = { ...found, problems };
  terminal.print(`${verificationScreen(verification)}\n`);
  terminal.json({ version: 1, ...verification });
  if (problems.length > 0) return codes['BUNDLE-INVALID'].exit;
  const fault = distrust(found.place, signature, onCommandLine);
  if (fault !== undefined && (signature.kind === 'forged' || !options.flag('allowUnsigned'))) throw fault;
  return 0;
}

const onCommandLine: Ways = {
  trust: (keyId) => `--key KEY          the public key ${keyId}, or its file, once you know whose it is`,
  allow: '--allow-unsigned          to be content without',
};

/** Shows how far it has read. */
async function read(place: string, trusted: readonly string[], call: Call, { files }: BundleIndex) {
  const size = [...files.values()].reduce((sum, file) => sum + file.size, 0);
  const shown = showProgress([{ name: place, size }], call.terminal);
  shown.see({ kind: 'began', name: place });
  try {
    return await verifyBundle(place, {
      trusted,
      signal: call.interruption(),
      progress: (bytes) => shown.see({ kind: 'has', name: place, bytes }),
    });
  } finally {
    shown.end();
  }
}

/** A file that holds a public key, or the key itself. */
function givenKey(word: string): string {
  return existsSync(word) ? readFileSync(word, 'utf8') : word;
}
