import { test } from "node:test";
import { expect } from "chai";
import { Turns } from "../../../src/recipes/turns.ts";
import { reasonOf } from "../../contract/expectations.ts";
import { settle } from "../support/fake-platform.ts";

const { signal: never } = new AbortController();

test("a turn is one's at a time, in the order of asking, and each name has its own", async () => {
  const turns = new Turns();
  const order: string[] = [];
  const first = await turns.take("a", never);
  const others = ["b", "c"].map(async (who) => {
    const end = await turns.take("a", never);
    order.push(who);
    end();
  });
  (await turns.take("other", never))();
  await settle();
  expect([order, turns.tryTake("a")]).to.deep.equal([[], undefined]);
  first();
  await Promise.all(others);
  expect(order).to.deep.equal(["b", "c"]);
  await settle();
  turns.tryTake("a")?.();
});

test("who gives up its turn while waiting lets nobody pass who may not", async () => {
  const turns = new Turns();
  const first = await turns.take("a", never);
  const abort = new AbortController();
  const given = reasonOf(turns.take("a", abort.signal));
  const third = turns.take("a", never);
  abort.abort(new Error("enough"));
  expect(await given).to.equal(abort.signal.reason);
  await settle();
  expect(turns.tryTake("a")).to.equal(undefined);
  let came = false;
  const coming = third.then((end) => {
    came = true;
    end();
  });
  await settle();
  expect(came).to.equal(false);
  first();
  await coming;
});
