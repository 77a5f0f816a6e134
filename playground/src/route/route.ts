/** Where the page is: a panel and what it shows. All of it is in the URL's hash; no secret ever is. */
export interface Route {
  /** Undefined: the URL names none. */
  readonly panel: string | undefined;
  /** What stands behind the panel's name, which is the panel's own: of `#/guides/secure` "secure". */
  readonly page: string | undefined;
  readonly params: URLSearchParams;
}

/** `#/keys?at=memory:scratch&key=config/theme` */
export function parseHash(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [panel, ...page] = path.split("/");
  return { panel: panel || undefined, page: page.join("/") || undefined, params: new URLSearchParams(query) };
}

/** What {@link parseHash} reads. Slashes and colons stay readable. */
export function formatHash({ panel = "", page, params }: Route): string {
  const query = params.toString().replaceAll("%2F", "/").replaceAll("%3A", ":");
  return `#/${panel}${page === undefined ? "" : `/${page}`}${query === "" ? "" : `?${query}`}`;
}
