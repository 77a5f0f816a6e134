import { createEtcd } from "etcd-web";
import { type Failure, toFailure } from "../ui/failure.ts";

/** Where etcd is reached. A new object is a new connection, also with the same URL. */
export interface Endpoint {
  readonly url: string;
}

const item = "etcd-web-playground-endpoint";

/** What is wrong with a URL; undefined: it can be an endpoint. A client does no I/O before its first call. */
export function findFault(url: string): Failure | undefined {
  try {
    createEtcd({ endpoints: url });
    return undefined;
  } catch (error) {
    return toFailure(error);
  }
}

/** The endpoint this tab used last, else the origin that served the page. */
export function rememberedEndpoint(): Endpoint {
  const url = readItem();
  return { url: url !== null && findFault(url) === undefined ? url : location.origin };
}

/** Keeps the endpoint for this tab. */
export function rememberEndpoint({ url }: Endpoint): void {
  try {
    sessionStorage.setItem(item, url);
  } catch {
    // The browser keeps nothing for this page: then a reload starts from the page's origin again.
  }
}

function readItem(): string | null {
  try {
    return sessionStorage.getItem(item);
  } catch {
    return null;
  }
}
