/** Where an API server is and how to prove who we are: taken anew for each request, so that it may change. */
export interface ServerAccess {
  /** `fresh`: what was given last was refused (401), so anything cached has to be read again. */
  current(fresh?: boolean): Promise<Credentials>;
}

export interface Credentials {
  /** `https://127.0.0.1:6443`, with a base path where there is one. */
  readonly server: string;
  /** `http://proxy:3128`. */
  readonly proxy?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: Tls;
}

export interface Tls {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly pfx?: string | Buffer;
  readonly passphrase?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}
