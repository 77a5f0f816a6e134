import { DurableObject } from "cloudflare:workers";
import { createEtcd } from "etcd-web";
import { createView } from "etcd-web/live";

interface Variables {
  readonly ENDPOINTS: string;
  readonly CONFIGURATION: DurableObjectNamespace<Configuration>;
}

/** The one place that watches. It is somewhere on earth, and may be stopped whenever nobody has asked it for a while. */
export class Configuration extends DurableObject<Variables> {
  readonly #view = createView(
    createEtcd({ endpoints: this.env.ENDPOINTS.split(",") }),
    { prefix: "config/" },
    {
      // What the next one begins with, wherever it begins: it goes on at the revision that this one has seen last.
      storage: {
        load: (id) => this.ctx.storage.get<string>(id),
        save: (id, text) => this.ctx.storage.put(id, text),
      },
    },
  );

  constructor(state: DurableObjectState, variables: Variables) {
    super(state, variables);
    this.#view.subscribe(() => {}); // it follows for as long as the object lives
  }

  override async fetch(): Promise<Response> {
    await this.#view.ready({ timeoutMs: 1_000 }).catch(() => {}); // without etcd: what was stored
    const { values, revision, stale, source } = this.#view.getSnapshot();
    return Response.json({ values: Object.fromEntries(values), revision: String(revision), stale, source });
  }
}

export default {
  /** All requests of all the world ask the same object. */
  async fetch(request, { CONFIGURATION }) {
    return await CONFIGURATION.getByName("the only one").fetch(request);
  },
} satisfies ExportedHandler<Variables>;
