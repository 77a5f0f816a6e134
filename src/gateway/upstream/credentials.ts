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
      throw new EtcdError("invalid-argument", "etcdTls.cert and etcdTls.key go together");
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
  const files = { ca: readFile("cacert", cacert), cert: readFile("cert", cert), key: readFile("key", key) };
  try {
    return createSecureContext(files);
  } catch (cause) {
    const names = "etcdTls.cacert, etcdTls.cert and etcdTls.key";
    const text = `${names} do not fit, or are no PEM: ${(cause as Error).message}`;
    throw new EtcdError("invalid-argument", text, { cause });
  }
}

function readFile(option: keyof EtcdTls, path: string | undefined): Buffer | undefined {
  try {
    return path === undefined ? undefined : readFileSync(path);
  } catch (cause) {
    const text = `etcdTls.${option} cannot be read: ${path} (${(cause as NodeJS.ErrnoException).code})`;
    throw new EtcdError("invalid-argument", text, { cause });
  }
}
