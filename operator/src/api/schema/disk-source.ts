import * as z from 'zod';
import { image, objectName, rules, spelled } from './terms.ts';

const members = ['image', 'http', 's3', 'pvc', 'volumeSnapshot', 'existingClaim', 'blank'] as const;

const secretRef = objectName
  .meta({ description: 'A Secret of the same namespace with accessKeyId and secretKey.', examples: ['downloads'] })
  .optional();
const certConfigMap = objectName
  .meta({ description: 'A ConfigMap of the same namespace with the certificates to trust.', examples: ['site-ca'] })
  .optional();
const checksum = spelled(
  136,
  '^(md5:[0-9a-f]{32}|sha1:[0-9a-f]{40}|sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$',
  'a checksum is its algorithm and its digits, such as sha256: and 64 hexadecimal digits in lower case',
);

const Http = z
  .object({
    url: spelled(2048, '^https?://[^\\s]+$', 'an http source begins with http:// or https://').meta({
      description: 'Where the image lies: raw or qcow2, plain or compressed.',
      examples: ['https://images.example.com/ubuntu.qcow2'],
    }),
    secretRef,
    certConfigMap,
    checksum: checksum
      .meta({ description: 'What the image must be.', examples: [`sha256:${'0123456789abcdef'.repeat(4)}`] })
      .optional(),
  })
  .meta({ description: 'An image behind a URL.' });

const S3 = z
  .object({
    url: spelled(
      2048,
      '^(s3|https?)://[^/\\s]+/[^\\s]+$',
      'an s3 source is s3://bucket/key, or https://host/bucket/key',
    ).meta({ description: 'Where the object lies.', examples: ['s3://images/ubuntu.qcow2'] }),
    secretRef,
    certConfigMap,
  })
  .meta({ description: 'An image in an object store.' });

const named = (description: string, example: string) =>
  z.object({ name: objectName.meta({ description: 'Its name.', examples: [example] }) }).meta({ description });

/** Exactly one of them. */
export const DiskSource = z
  .object({
    image: image
      .meta({
        description: 'An image reference, as in `image` of the disk.',
        examples: ['docker://quay.io/containerdisks/fedora:42'],
      })
      .optional(),
    http: Http.optional(),
    s3: S3.optional(),
    pvc: named('A claim of the same namespace that is copied.', 'golden-ubuntu').optional(),
    volumeSnapshot: named('A VolumeSnapshot of the same namespace that is copied.', 'before-upgrade').optional(),
    existingClaim: z
      .object({
        name: objectName.meta({ description: 'Its name.', examples: ['old-data'] }),
        readOnly: z
          .boolean()
          .meta({ description: 'Whether the guest may only read.', examples: [true] })
          .optional(),
      })
      .meta({ description: 'A claim of the same namespace that is used as it is; never resized and never deleted.' })
      .optional(),
    blank: z
      .object({})
      .meta({ description: 'Nothing: an empty disk, said aloud.', examples: [{}] })
      .optional(),
  })
  .meta({
    description: 'Where the contents of the disk come from, once: exactly one of them.',
    ...rules({
      rule: `[${members.map((one) => `has(self.${one})`).join(', ')}].filter(x, x).size() == 1`,
      message: `a source has exactly one of ${members.slice(0, -1).join(', ')} and ${members.at(-1)}`,
    }),
  });
