import { readFile } from 'node:fs/promises';
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';
import type { Json } from './json.ts';
import { proxyFor } from './proxy-environment.ts';

/** `auth-provider.config` of a user of a kubeconfig, for the provider `oidc`. */
export type OidcConfig = Readonly<Record<string, string | undefined>>;

/** What a provider gave for a refresh token; it may have given another one of those as well. */
export interface OidcTokens {
  readonly id: string;
  readonly refresh: string;
}

/** A token that runs out within this is asked for anew: it is to last for the request. Seconds. */
const leeway = 10;
const deadline = 30_000;

/** Whether the token of a user has run out, or will in a moment; a token that does not say so is left to the server. */
export function hasRunOut(token: string, now: number): boolean {
  try {
    const claims: Json = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof claims.exp === 'number' && claims.exp - leeway <= now / 1000;
  } catch {
    return false;
  }
}

/**
 * Asks an OpenID provider for a new token. What @kubernetes/client-node has for this fails in 2.0.1: it hands a text to
 * a library that wants a URL, and takes the life of a token for the time of its end.
 */
export async function refreshed(config: OidcConfig): Promise<OidcTokens> {
  const issuer = config['idp-issuer-url'] ?? '';
  const refresh = config['refresh-token'] ?? '';
  const dispatcher = await dispatcherFor(config, issuer);
  try {
    const about = await ask(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, { dispatcher });
    const tokens = await ask(about.token_endpoint, { dispatcher, method: 'POST', ...grant(config, refresh, about) });
    if (typeof tokens.id_token !== 'string') throw new Error(`${issuer} gave no id_token for the refresh token`);
    return { id: tokens.id_token, refresh: tokens.refresh_token ?? refresh };
  } finally {
    await dispatcher.close();
  }
}

/** The request for a new token; the secret goes where the provider wants it. */
function grant(config: OidcConfig, refresh: string, about: Json): { headers: Record<string, string>; body: string } {
  const [id = '', secret = ''] = [config['client-id'], config['client-secret']];
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh, client_id: id });
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  const ways: readonly string[] = about.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  if (secret !== '' && !ways.includes('client_secret_basic')) form.set('client_secret', secret);
  else if (secret !== '')
    headers['authorization'] = `Basic ${btoa(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)}`;
  return { headers, body: form.toString() };
}

async function ask(url: string, options: Parameters<typeof request>[1]): Promise<Json> {
  const answer = await request(url, { ...options, signal: AbortSignal.timeout(deadline) });
  const text = await answer.body.text();
  if (answer.statusCode === 200) return JSON.parse(text);
  throw new Error(`${url} was answered with HTTP ${answer.statusCode}: ${reasonIn(text)}`);
}

/** What the provider says of its refusal, never what was sent. */
function reasonIn(text: string): string {
  try {
    const { error, error_description: about }: Json = JSON.parse(text);
    return [error, about].filter((one) => typeof one === 'string').join(': ') || 'no reason given';
  } catch {
    return text.trim().slice(0, 100) || 'no reason given';
  }
}

async function dispatcherFor(config: OidcConfig, issuer: string): Promise<Dispatcher> {
  const [data, file] = [config['idp-certificate-authority-data'], config['idp-certificate-authority']];
  const ca = data ? Buffer.from(data, 'base64') : file ? await readFile(file) : undefined;
  const tls = ca === undefined ? {} : { ca };
  const uri = proxyFor(issuer, process.env);
  return uri === undefined ? new Agent({ connect: tls }) : new ProxyAgent({ uri, requestTls: tls });
}
