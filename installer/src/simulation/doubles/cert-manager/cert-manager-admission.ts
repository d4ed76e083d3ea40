import type { Json } from '#kube/json';
import type { AdmissionAnswer, AdmissionRequest } from '../../bench.ts';

const NO_NAMES =
  'spec: Invalid value: "": at least one of commonName (from the commonName field or from a literalSubject), dnsNames, uriSANs, ipAddresses, emailSANs or otherNames must be set';
const names = ['commonName', 'literalSubject', 'dnsNames', 'uris', 'ipAddresses', 'emailAddresses', 'otherNames'];
const issuers = ['acme', 'ca', 'selfSigned', 'vault', 'venafi'];

function filled(value: Json): boolean {
  return value !== undefined && value !== null && value.length !== 0;
}

function certificateMistakes(spec: Json): readonly string[] {
  return [
    ...(filled(spec.secretName) ? [] : ['spec.secretName: Required value: must be specified']),
    ...(filled(spec.issuerRef?.name) ? [] : ['spec.issuerRef.name: Required value: must be specified']),
    ...(names.some((name) => filled(spec[name])) ? [] : [NO_NAMES]),
  ];
}

function issuerMistakes(spec: Json): readonly string[] {
  const given = issuers.filter((name) => spec[name] !== undefined);
  if (given.length === 0) return ['spec: Required value: at least one issuer must be configured'];
  return given.slice(1).map((name) => `spec.${name}: Forbidden: may not specify more than one issuer type`);
}

function answer(mistakes: readonly string[]): AdmissionAnswer {
  if (mistakes.length === 0) return { allowed: true };
  return { allowed: false, message: mistakes.length === 1 ? (mistakes[0] ?? '') : `[${mistakes.join(', ')}]` };
}

/** cert-manager's webhook: what is wrong with a Certificate or an issuer, in its own words. */
export async function admitCertManager({ operation, object }: AdmissionRequest): Promise<AdmissionAnswer> {
  if (operation === 'DELETE') return { allowed: true };
  const spec: Json = object.spec ?? {};
  if (object.kind === 'Certificate') return answer(certificateMistakes(spec));
  if (object.kind === 'Issuer' || object.kind === 'ClusterIssuer') return answer(issuerMistakes(spec));
  if (object.kind === 'CertificateRequest' && operation === 'CREATE') {
    const username = spec.username ?? 'system:serviceaccount:cert-manager:cert-manager';
    return { allowed: true, object: { ...object, spec: { ...spec, username } } };
  }
  return { allowed: true };
}
