import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Request, Response } from '#kube/transport';
import type { AdmissionAnswer, AdmissionRequest, Bench } from '../bench.ts';
import type { Stage } from './double.ts';
import { kindPath } from './kube-path.ts';
import { isAvailable } from './readiness.ts';

/** A webhook and the Deployment behind it. */
export interface WebhookService {
  readonly namespace: string;
  readonly deployment: string;
  readonly service: string;
  /** Of the mishap `webhook-silent`; without it the webhook is never silent. */
  readonly subject?: string;
  /** From the Deployment's first available pod until the webhook answers. */
  readonly seconds: number;
  admit(request: AdmissionRequest): Promise<AdmissionAnswer>;
  /** Paths that answer differently, such as those that mutate. */
  readonly paths?: Readonly<Record<string, (request: AdmissionRequest) => Promise<AdmissionAnswer>>>;
  /** Called whenever its process has started, also when it will be silent. */
  opened?(): Promise<unknown>;
  /** Aggregated APIs that the same process serves. */
  readonly apis?: readonly string[];
  serve?(request: Request): Promise<Response> | Response;
}

/** Answers as the webhook for as long as its Deployment is available; while it is silent on purpose it looks again now and then. */
export function serveWebhook(stage: Stage, webhook: WebhookService): void {
  const { bench } = stage;
  let open: readonly (() => void)[] = [];
  let opening = false;
  const shut = () => {
    for (const close of open) close();
    open = [];
  };
  const found = () => deployments.get(webhook.deployment, webhook.namespace);
  let isFirstLook = true;
  const begin = async (wasAvailable: boolean) => {
    await started(stage, webhook, wasAvailable);
    opening = false;
    if (!serves(found())) return;
    open = listen(bench, webhook);
  };
  const deployments = stage.follow({
    path: kindPath('apps/v1', 'Deployment', webhook.namespace),
    query: { fieldSelector: `metadata.name=${webhook.deployment}` },
    on(_change, shelf) {
      const wasAvailable = isFirstLook;
      isFirstLook = false;
      if (!serves(shelf.get(webhook.deployment, webhook.namespace))) return shut();
      if (open.length > 0 || opening) return;
      opening = true;
      stage.spawn(() => begin(wasAvailable));
    },
  });
  bench.signal.addEventListener('abort', shut, { once: true });
}

/** Waits until the process has started and is no longer kept silent. */
async function started(stage: Stage, webhook: WebhookService, wasAvailable: boolean): Promise<void> {
  if (!(wasAvailable && (await neverStopped(stage)))) await stage.pause(webhook.seconds);
  await webhook.opened?.();
  const { troubles } = stage.bench;
  while (webhook.subject !== undefined && troubles.has('webhook-silent', webhook.subject)) await stage.pause(30);
}

/** Only k3s was restarted: every node is in the boot that it was in before, and its containers have gone on. */
async function neverStopped({ api, bench }: Stage): Promise<boolean> {
  const boots = new Set(bench.machines.map((machine) => machine.bootId));
  const { items } = await api.list('/api/v1/nodes');
  return items.length > 0 && items.every((node: Json) => boots.has(node['status']?.nodeInfo?.bootID));
}

function listen(bench: Bench, webhook: WebhookService): readonly (() => void)[] {
  const { namespace, service, apis = [], paths = {}, serve } = webhook;
  const admission = bench.services.openWebhook(`${namespace}/${service}`, (request) => webhook.admit(request));
  const others = Object.entries(paths).map(([path, admit]) =>
    bench.services.openWebhook(`${namespace}/${service}${path}`, admit),
  );
  if (serve === undefined) return [admission, ...others];
  return [admission, ...others, ...apis.flatMap((one) => bench.openApi?.(one, (request) => serve(request)) ?? [])];
}

function serves(deployment: KubeObject | undefined): boolean {
  return deployment !== undefined && isAvailable(deployment);
}
