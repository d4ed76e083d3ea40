import { readFile } from 'node:fs/promises';

/** Each answered request in one line, without bodies; leases and events of the control plane itself are left out. */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted', 'Panic'],
  rules: [{ level: 'None', userGroups: ['system:nodes'] }, { level: 'Metadata' }],
};

/** A request as the API server saw it. */
export interface AuditLine {
  readonly user: string;
  readonly verb: string;
  readonly uri: string;
  readonly code: number;
  /** Whether it could have changed something: no dry run, and no mere look. */
  readonly mutating: boolean;
  readonly dryRun: boolean;
}

const looks = new Set(['get', 'list', 'watch']);

export async function readAudit(file: string): Promise<readonly AuditLine[]> {
  const text = await readFile(file, 'utf8');
  // The last line may be half written.
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n').filter(Boolean);
  return lines.map((line) => {
    const { user, verb, requestURI, responseStatus } = JSON.parse(line);
    const dryRun = new URL(requestURI, 'https://x').searchParams.has('dryRun');
    return {
      user: user.username,
      verb,
      uri: requestURI,
      code: responseStatus?.code ?? 0,
      dryRun,
      mutating: !dryRun && !looks.has(verb),
    };
  });
}
