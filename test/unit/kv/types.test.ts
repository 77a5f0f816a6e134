import { test } from "node:test";
import { compare, type Etcd, type KeyValue, op, type PutResult } from "../../../src/index.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function holds<_ extends true>(): void {}

// The compiler is the test: nothing here runs.
test("results are typed by the operations given, and misuse does not compile", () => {
  void (async (etcd: Etcd) => {
    const answer = await etcd.txn({
      compare: [compare.exists("a")],
      success: [op.get("a"), op.put("b", ""), op.count({ all: true })],
      failure: [op.txn({ success: [op.delete("c")] })],
    });
    if (answer.succeeded) {
      holds<Equal<(typeof answer.results)[0], KeyValue | undefined>>();
      holds<Equal<(typeof answer.results)[1], PutResult>>();
      holds<Equal<(typeof answer.results)[2], number>>();
      // @ts-expect-error There were three operations.
      answer.results[3];
    } else {
      const [inner] = answer.results;
      if (inner.succeeded) inner.results[0].deleted;
    }
    holds<Equal<Awaited<ReturnType<typeof etcd.do<PutResult>>>, PutResult>>();

    // @ts-expect-error A lease belongs to a put.
    op.delete("a", { lease: 1n });
    // @ts-expect-error An order belongs to a range.
    op.get("a", { sort: { by: "key" } });
    // @ts-expect-error A signal belongs to the call, not to one of its operations.
    op.get("a", { signal: new AbortController().signal });
    // @ts-expect-error A guard belongs to the transaction.
    op.delete("a", { ifModRevision: 1n });
    // @ts-expect-error A version is a number.
    compare.version("a").equals("1");
    // @ts-expect-error A value is not a number.
    compare.value("a").greater(1);
    // @ts-expect-error Text is no condition.
    await etcd.txn({ compare: ["a"] });
    // @ts-expect-error Text is no operation.
    await etcd.txn({ success: ["a"] });
    // @ts-expect-error It must say at which revision.
    await etcd.update("a", "b");
    // @ts-expect-error What is not there yet has no value to keep.
    await etcd.create("a", "", { ignoreValue: true });
    // @ts-expect-error A namespace has no transport.
    etcd.namespace("a").transport;
    // @ts-expect-error A compaction is not a namespace's to make.
    await etcd.namespace("a").compact(1n);
    // @ts-expect-error A scan is in order.
    etcd.scan({ all: true }, { sort: { by: "key" } });
  });
});
