import type { Json } from '#kube/json';
import { requestPatiently } from '#kube/retry';
import type { ServerAccess } from '#kube/server-access';
import type { Response, Transport } from '#kube/transport';
import type { Clock } from '#ports/clock';
import { contactScreens as screens } from './cluster-contact-screens.ts';
import type { KubeconfigFacts } from './kubeconfig-file.ts';

/** A cluster that was told where it is and has not been spoken to yet. */
export interface Stranger {
  readonly facts: KubeconfigFacts;
  readonly access: ServerAccess;
  readonly transport: Transport;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** A server that has just been started says 503 for a moment. */
const patience = { attempts: 5, random: () => 0.5 };

/** The first words with a cluster: its version, such as `v1.35.8+k3s1`. Whatever is in the way is a Fault for people. */
export async function meet(stranger: Stranger): Promise<string> {
  const { facts } = stranger;
  await credentials(stranger);
  const response = await ask(stranger);
  const { status } = response;
  const body: Json = response.body;
  if (status === 401) throw screens.unknownUser(facts, saidBy(response));
  if (status === 403 && body?.kind === 'Status') throw screens.closed(facts, saidBy(response));
  if (status === 429 || status >= 500) throw screens.unwell(facts, status, saidBy(response));
  if (status !== 200 || typeof body?.gitVersion !== 'string')
    throw screens.notKubernetes(facts, status, saidBy(response));
  return body.gitVersion;
}

/** Before anything is sent: a program that gives tokens may be missing, or refuse. */
async function credentials({ access, facts }: Stranger): Promise<void> {
  try {
    await access.current();
  } catch (error) {
    throw screens.withoutCredentials(facts, error as Error);
  }
}

async function ask({ transport, clock, facts }: Stranger): Promise<Response> {
  try {
    const sleep = clock.sleep.bind(clock);
    return await requestPatiently(transport, { method: 'GET', path: '/version' }, { ...patience, sleep });
  } catch (error) {
    throw screens.silent(facts, error as Error);
  }
}

function saidBy({ body }: Response): string {
  const said: Json = body;
  const text = typeof said === 'string' ? said : (said?.message ?? JSON.stringify(said ?? ''));
  return String(text).trim().split('\n')[0]?.slice(0, 120) ?? '';
}
