import { createHash } from 'node:crypto';

/** As much of a CycloneDX 1.6 document as we write. */
export interface Bom {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: { readonly component: BomComponent };
  readonly components: readonly BomComponent[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

export interface BomComponent {
  readonly type: 'application' | 'container' | 'file' | 'library';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version?: string;
  readonly hashes?: readonly { readonly alg: 'SHA-256'; readonly content: string }[];
  readonly licenses?: readonly { readonly expression: string }[];
  readonly purl?: string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/** A document about `whole` and what it consists of: the same bytes for the same parts, in whatever order they come. */
export function bomText(whole: BomComponent, parts: readonly BomComponent[]): string {
  const components = parts.toSorted((one, other) => (one['bom-ref'] < other['bom-ref'] ? -1 : 1));
  const body = {
    metadata: { component: whole },
    components,
    dependencies: [{ ref: whole['bom-ref'], dependsOn: components.map((component) => component['bom-ref']) }],
  };
  const bom: Bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialOf(JSON.stringify(body)),
    version: 1,
    ...body,
  };
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}

/** The serial number that a document has by what it says: a UUID of version 5, nothing of it from clock or chance. */
export function serialOf(content: string): string {
  const namespace = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');
  const bytes = createHash('sha1').update(namespace).update(content).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return `urn:uuid:${bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`;
}
