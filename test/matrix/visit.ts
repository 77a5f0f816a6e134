import { readFile } from "node:fs/promises";
import type { Traits } from "../contract/suite.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import { settle, startContractEtcd, traitsOf } from "../run/behind-envoy.ts";
import { Desk } from "./desk.ts";
import type { Place } from "./places/place.ts";
import type { Row } from "./rows.ts";

/** A runtime with an etcd and an Envoy of its own, in which cases of the contract can be run. */
export class Visit implements AsyncDisposable {
  readonly #parts: AsyncDisposableStack;
  readonly #traits: Traits;
  readonly #desk: Desk;
  readonly #envoy: EnvoyProxy;
  readonly #place: Place;
  readonly #complaints: string[] = [];

  /** Starts the row's runtime with a bundle, and all that it needs. */
  static async begin(row: Row, script: string): Promise<Visit> {
    await using parts = new AsyncDisposableStack();
    const etcd: EtcdServer = parts.use(await startContractEtcd("3.7"));
    const settled = (): Promise<void> => settle(etcd, envoy);
    const desk = await Desk.open({ script: await readFile(script, "utf8"), settled });
    parts.defer(() => desk.close());
    const envoy = parts.use(
      await startEnvoy({ etcd: [etcd.address], tls: row.protocol !== "HTTP/1.1", allowOrigin: desk.url }),
    );
    const hosts = [desk.url, envoy.url].map((url) => new URL(url).host);
    const place = parts.use(await row.enter({ desk, script, hosts }));
    return new Visit(parts.move(), row, desk, envoy, place);
  }

  private constructor(parts: AsyncDisposableStack, row: Row, desk: Desk, envoy: EnvoyProxy, place: Place) {
    this.#parts = parts;
    this.#traits = { ...traitsOf("3.7"), ...row.traits };
    this.#desk = desk;
    this.#envoy = envoy;
    this.#place = place;
  }

  get version(): string {
    return this.#place.version;
  }

  /** How the runtime calls itself. */
  get agent(): string | undefined {
    return this.#desk.visitor;
  }

  /** What was logged, by the runtime or in it, and what went unhandled. */
  get complaints(): readonly string[] {
    return [...this.#complaints, ...this.#place.complaints()];
  }

  /** Runs a case there; rejects when it does not hold. */
  async run(name: string): Promise<void> {
    const order = { name, endpoint: this.#envoy.url, traits: this.#traits };
    const { failure, complaints } = await this.#desk.run(order);
    this.#complaints.push(...complaints);
    if (failure !== undefined) throw Object.assign(new Error(failure.message), { stack: failure.stack });
  }

  /** The versions of HTTP that were spoken with Envoy, as it calls them. */
  async spoken(): Promise<readonly string[]> {
    const stats = await (await fetch(`${this.#envoy.admin}/stats?filter=downstream_cx_http[123]_total`)).text();
    return Array.from(stats.matchAll(/^http\.(?!admin)\S*_cx_(http\d)_total: [1-9]/gm), ([, version]) => version ?? "");
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}
