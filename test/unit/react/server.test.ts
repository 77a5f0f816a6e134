import { test } from "node:test";
import { expect } from "chai";
import { createElement as h, type ReactElement } from "react";
import { renderToString } from "react-dom/server";
import { createView } from "../../../src/live/index.ts";
import { EtcdProvider, useEtcd, useEtcdValue, useView } from "../../../src/react/index.ts";
import { liveScene } from "../support/live-scene.ts";

const range = { prefix: "config/" } as const;

function Theme(): ReactElement {
  return h("p", null, useEtcdValue("config/theme") ?? "none");
}

test("a server renders the state that a view was given, with no call and no timer", async () => {
  const { platform, etcd, client, turn } = liveScene();
  await etcd.put("config/theme", "dark");
  const live = createView(client(), range);
  const ready = live.ready();
  await turn();
  await ready;
  const initial = live.dehydrate();
  await live.close();
  await etcd.put("config/theme", "light");
  const timers = platform.timers;
  const reader = client();
  const view = createView(reader, range, { initial });
  function Size(): ReactElement {
    const size = useView(view, { select: ({ values }) => values.size, suspend: true });
    return h("output", null, size);
  }
  const html = renderToString(h(EtcdProvider, { etcd: reader, view }, h(Theme), h(Size)));
  expect(html).to.equal("<p>dark</p><output>1</output>");
  expect([platform.timers - timers, reader.connection.state.state]).to.deep.equal([0, "idle"]);
});

test("a server renders defaults where nothing was given, and nothing for a key without a view", () => {
  const { platform, client } = liveScene();
  const etcd = client();
  const timers = platform.timers;
  const view = createView(etcd, range, { defaults: { "config/theme": "light" } });
  expect(renderToString(h(EtcdProvider, { etcd, view }, h(Theme)))).to.equal("<p>light</p>");
  expect(renderToString(h(EtcdProvider, { etcd }, h(Theme)))).to.equal("<p>none</p>");
  expect(platform.timers).to.equal(timers);
});

test("without a provider a component is told what it lacks", () => {
  function Client(): ReactElement {
    return h("p", null, typeof useEtcd());
  }
  expect(() => renderToString(h(Client))).to.throw("no EtcdProvider above");
  expect(() => renderToString(h(Theme))).to.throw("needs a view, or an EtcdProvider");
});
