import { test } from "node:test";
import { createRouterTransport } from "@connectrpc/connect";
import { expect } from "chai";
import { createAuth, createCluster, createMaintenance } from "../../../src/admin/index.ts";
import { createEtcd, type Etcd } from "../../../src/index.ts";
import { AlarmType, Cluster, Maintenance, type MemberRemoveRequest } from "../../../src/proto.ts";
import { rejection, thrown } from "../../contract/expectations.ts";

const nowhere = (): Etcd => createEtcd({ transport: createRouterTransport(() => {}) });

test("admin takes a client, not a namespace of one: the compiler says so, and so does the call", () => {
  const namespace = nowhere().namespace("app/");
  // @ts-expect-error a namespace has no members, users or disks
  thrown(() => createAuth(namespace), "invalid-argument");
  // @ts-expect-error
  thrown(() => createCluster(namespace), "invalid-argument");
  // @ts-expect-error
  expect(thrown(() => createMaintenance(namespace), "invalid-argument").message).to.contain("not a namespace");
  thrown(() => createAuth({} as Etcd), "invalid-argument");
});

test("what cannot be is refused before it is sent", async () => {
  const { users, roles } = createAuth(nowhere());
  const cluster = createCluster(nowhere());
  const maintenance = createMaintenance(nowhere());
  for (const refused of [
    () => users.add("", { password: "secret" }),
    () => users.add("user", { password: "" }),
    () => users.changePassword("user", ""),
    () => users.grantRole("user", ""),
    () => roles.add(""),
    () => roles.grantPermission("role", { from: "b", to: "a" }, "read"),
    () => roles.grantPermission("role", "a", "everything" as "read"),
    () => roles.revokePermission("role", ""),
    () => cluster.removeMember(-1n),
    () => cluster.removeMember(2n ** 64n),
    () => cluster.promoteMember(2 ** 53),
    () => cluster.promoteMember("8211f1d0f64f3269" as unknown as bigint),
    () => maintenance.moveLeader(1.5),
    () => maintenance.hashKv({ revision: -1 }),
    () => maintenance.disarm({ type: "NOSPACE" as "no-space" }),
    () => maintenance.status({ endpoint: "not a URL" }),
    () => maintenance.status({ endpoint: "http://localhost:1" }),
  ]) {
    await rejection(refused(), "invalid-argument");
  }
});

test("peerUrls are checked as Go's client does it", async () => {
  const sent: string[][] = [];
  const transport = createRouterTransport(({ rpc }) => {
    rpc(Cluster.method.memberAdd, ({ peerURLs }) => {
      sent.push(peerURLs);
      return { member: { ID: 1n, peerURLs } };
    });
  });
  const cluster = createCluster(createEtcd({ transport }));
  const good = ["http://10.0.0.1:2380", "https://etcd.example.com:2380", "http://[::1]:2380", "unix://localhost:m1"];
  for (const url of good) expect((await cluster.addMember(url)).member.peerUrls).to.deep.equal([url]);
  await cluster.addLearner(good);
  expect(sent).to.deep.equal([...good.map((url) => [url]), good]);
  for (const url of [[], "", "10.0.0.1:2380", "http://10.0.0.1", "http://10.0.0.1:2380/", "ftp://10.0.0.1:2380"]) {
    await rejection(cluster.addMember(url), "invalid-argument");
    await rejection(cluster.updateMember(1n, url), "invalid-argument");
  }
});

test("a member is told by its id, all 64 bits of it, or by itself", async () => {
  const ids: MemberRemoveRequest["ID"][] = [];
  const transport = createRouterTransport(({ rpc }) => {
    rpc(Cluster.method.memberRemove, ({ ID }) => {
      ids.push(ID);
      return {};
    });
  });
  const cluster = createCluster(createEtcd({ transport }));
  for (const member of [2n ** 64n - 1n, 7, { id: 2n ** 63n }]) await cluster.removeMember(member);
  expect(ids).to.deep.equal([2n ** 64n - 1n, 7n, 2n ** 63n]);
});

test("disarm() takes alarms back one by one, those that are meant", async () => {
  const raised = [
    { memberID: 1n, alarm: AlarmType.NOSPACE },
    { memberID: 2n, alarm: AlarmType.NOSPACE },
    { memberID: 2n, alarm: AlarmType.CORRUPT },
    { memberID: 3n, alarm: 9 as AlarmType },
  ];
  const table = [
    [{}, ["1 no-space", "2 no-space", "2 corrupt", "3 unknown"]],
    [{ memberId: 2n }, ["2 no-space", "2 corrupt"]],
    [{ type: "no-space" }, ["1 no-space", "2 no-space"]],
    [{ memberId: 2, type: "corrupt" }, ["2 corrupt"]],
    [{ memberId: 4n }, []],
  ] as const;
  for (const [filter, expected] of table) {
    const sent: string[] = [];
    const names = { 1: "no-space", 2: "corrupt" } as Record<number, string>;
    const transport = createRouterTransport(({ rpc }) => {
      rpc(Maintenance.method.alarm, ({ action, memberID, alarm }) => {
        if (action === 2) sent.push(`${memberID} ${names[alarm] ?? "unknown"}`);
        return { alarms: action === 0 ? raised : [] };
      });
    });
    const maintenance = createMaintenance(createEtcd({ transport }));
    const disarmed = await maintenance.disarm(filter);
    expect(disarmed.map(({ memberId, type }) => `${memberId} ${type}`)).to.deep.equal(expected);
    expect(sent).to.deep.equal(expected);
  }
});
