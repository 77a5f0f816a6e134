import { join } from "node:path";
import { expect } from "chai";
import { createUpstream } from "../../../src/gateway/upstream/upstream.ts";
import { createEtcd, type Etcd } from "../../../src/index.ts";
import { until } from "../../contract/expectations.ts";
import { type Authority, makeAuthority } from "../../fixtures/authority.ts";
import { temporaryFolder } from "../../fixtures/temporary-folder.ts";
import { type Program, startProgram } from "../examples/program.ts";
import { type DeployedMember, startMembers } from "./members.ts";

/** A cluster by the shipped file, with somebody who writes to it past every proxy. */
export interface Scene extends AsyncDisposable {
  readonly folder: string;
  readonly authority: Authority;
  readonly members: readonly DeployedMember[];
  readonly writer: Etcd;
  /** Writes the next numbers. */
  write(count: number): Promise<void>;
  /** Waits until a page has printed every number, each once and in order. */
  heardBy(page: Program): Promise<void>;
  /** A page that trusts the authority. */
  openPage(endpoints: readonly string[]): Promise<Program>;
}

export async function openScene(): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const folder = await temporaryFolder("deploy");
  stack.defer(folder.remove);
  const authority = await makeAuthority(folder.path);
  const members = stack.use(await startMembers(authority, folder.path));
  const { certificate: cert, key } = await authority.issue("writer");
  const addresses = members.map(({ port }) => `127.0.0.1:${port}`);
  const upstream = createUpstream({ etcd: addresses, tls: { cacert: authority.certificate, cert, key } });
  stack.defer(() => upstream.close());
  const writer = stack.use(createEtcd({ transport: upstream.transport, timeoutMs: 30_000 }));
  const page = join(import.meta.dirname, "page.ts");
  let written = 0;
  const all = stack.move();
  return {
    ...{ folder: folder.path, authority, members, writer },
    async write(count) {
      for (const end = written + count; written < end; ) await writeOnce(writer, ++written);
    },
    async heardBy({ lines }) {
      const numbers = (): string[] => lines.filter((line) => /^\d+$/.test(line));
      await until("the page has heard the last number", () => numbers().at(-1) === String(written), 60_000);
      expect(numbers()).to.deep.equal(Array.from({ length: written }, (_, index) => String(index + 1)));
    },
    async openPage(endpoints) {
      const program = startProgram(page, { ENDPOINTS: endpoints.join(), NODE_EXTRA_CA_CERTS: authority.certificate });
      await program.says(/^watching$/);
      return program;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** While a leader is elected a write may fail, and may have been made: so it is made only if it is not there. */
async function writeOnce(etcd: Etcd, number: number): Promise<void> {
  await until(
    `number ${number} is written`,
    async () => {
      const made = await etcd.create(`config/numbers/${String(number).padStart(6, "0")}`, String(number)).then(
        () => true,
        (error: { code: string }) => error.code === "already-exists",
      );
      return made;
    },
    60_000,
  );
}
