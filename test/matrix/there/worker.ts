import { obeyOnce } from "./obey.ts";

/** A case a request: what a request has opened may not live on after it. */
const worker = {
  async fetch(request: Request): Promise<Response> {
    const isMore = await obeyOnce(request.headers.get("desk") ?? "");
    return new Response(null, { status: isMore ? 200 : 204 });
  },
};

export { worker as default };
