import type { Response } from '#kube/transport';

const reasons: Readonly<Record<number, string>> = { 404: 'NotFound', 409: 'Conflict' };

/** What virt-api answers when it does not do as it is asked. */
export function refusal(code: number, message: string): Response {
  const reason = reasons[code];
  return {
    status: code,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code,
      message,
      metadata: {},
      ...(reason && { reason }),
    },
  };
}
