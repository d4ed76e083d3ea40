import { generateKeyPair, writeKeyPair } from '#bundle/signature/key-pair';
import { keyLine } from '#bundle/signature/minisign-text';
import { passwordFrom } from '#bundle/signature/password';
import { Fault } from '#engine/fault';
import type { Call } from '../call.ts';

/** `novasphere bundle keys NAME`: a pair of keys in minisign's format. */
export async function bundleKeys(call: Call): Promise<number> {
  const { words, options, terminal } = call;
  const [name = ''] = words;
  const pair = await generateKeyPair(
    options.flag('withoutPassword') ? 'unencrypted' : { password: await passwordOf(call) },
  );
  const [publicFile, secretFile] = [`${name}.pub`, `${name}.key`];
  await writeKeyPair(pair, { publicFile, secretFile });
  const trusted = keyLine(pair.publicKey) ?? '';
  terminal.print(`key ${pair.keyId}
  ${secretFile}   signs bundles; keep it where nobody else reads it
  ${publicFile}   is given to the machines: as /etc/novasphere/keys/${publicFile.split('/').at(-1)}, or in their profile:

bundle:
  trustedKeys: [${trusted}]
`);
  terminal.json({ version: 1, keyId: pair.keyId, publicKey: trusted, publicFile, secretFile });
  return 0;
}

async function passwordOf({ options, terminal }: Call): Promise<string> {
  const file = options.text('passwordFile');
  if (file !== undefined) return passwordFrom(file);
  if (!terminal.canAsk) throw withoutPassword('there is nobody to ask for one');
  const password = await terminal.askSecret('Password for the secret key: ');
  if (password === '') throw withoutPassword('an empty one protects nothing');
  if ((await terminal.askSecret('The same once more: ')) !== password)
    throw withoutPassword('the two are not the same');
  return password;
}

function withoutPassword(cause: string): Fault {
  return new Fault({
    code: 'USAGE',
    message: 'the secret key needs a password',
    cause,
    remedy: [
      'novasphere bundle keys NAME --password-file FILE',
      'novasphere bundle keys NAME --without-password          for a machine that signs by itself',
    ],
  });
}
