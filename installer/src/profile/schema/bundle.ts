/** Which bundles a site takes. */
import * as z from 'zod';

/** As minisign prints it: `Ed`, the number of the key, the key; 42 bytes in base64. */
const minisignKey = z.string().regex(/^RW[Q-T][A-Za-z0-9+/]{53}$/, {
  error: 'a public key as minisign prints it: 56 characters that begin with RW',
});

export const Bundle = z
  .strictObject({
    trustedKeys: z
      .array(minisignKey)
      .default([])
      .meta({
        description:
          'Public keys (minisign) of those whose bundles are installed, beside the keys in `/etc/novasphere/keys/*.pub` of the machine.',
        examples: [['RWQExampleOnlyPutYourOwnPublicKeyHere0000000000000000000']],
      }),
    allowUnsigned: z
      .boolean()
      .default(false)
      .meta({
        description:
          '`true`: a bundle is installed although nobody has signed it, or somebody whose key is not trusted. One whose signature is wrong is refused in any case.',
        examples: [false],
      }),
  })
  .meta({ description: 'Which air-gap bundles this site is installed from.' });
