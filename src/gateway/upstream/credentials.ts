import { readFileSync } from "node:fs";
import { createSecureContext, type SecureContext } from "node:tls";
import { EtcdError } from "../../base/errors.ts";
import type { EtcdTls } from "./etcd-tls.ts";

/**
 * Reads the files, and reads them again for every connection, so that renewed certificates need no restart. Files that
 * are being replaced may not fit for a moment: then those of before still serve.
 */
export class Credentials {
  readonly serverName: string | undefined;
  readonly #tls: EtcdTls;
  #context: SecureContext;

  /** Throws "invalid-argument" where a file cannot be read, or does not fit. */
  constructor(tls: EtcdTls) {
    this.#tls = tls;
    this.serverName = tls.serverName;
    if ((tls.cert === undefined) !== (tls.key === undefined)) {
      throw new EtcdError("invalid-argument", "etcdTls must have cert and key, or neither");
    }
    this.#context = read(tls);
  }

  /** For the next connection. */
  latest(): SecureContext {
    try {
      this.#context = read(this.#tls);
    } catch {
      // The constructor has told whoever wrote the options; a file that is replaced later is there soon.
    }
    return this.#context;
  }
}

function read({ cacert, cert, key }: EtcdTls): SecureContext {
  const file = (option: string, path: string | undefined): Buffer | undefined => {
    try {
      return path === undefined ? undefined : readFileSync(path);
    } catch (cause) {
      throw unusable(`${option} cannot be read: ${(cause as Error).message}`, cause);
    }
  };
  const files = { ca: file("cacert", cacert), cert: file("cert", cert), key: file("key", key) };
  try {
    return createSecureContext(files);
  } catch (cause) {
    throw unusable(`cacert, cert and key do not fit, or are no PEM: ${(cause as Error).message}`, cause);
  }
}

function unusable(text: string, cause: unknown): EtcdError {
  return new EtcdError("invalid-argument", `etcdTls: ${text}`, { cause });
}
