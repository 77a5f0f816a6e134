import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { expect } from "chai";
import { PermissionSchema, Permission_Type as Type } from "../../../src/gen/authpb/auth_pb.ts";
import { toSpan } from "../../../src/memory/keys.ts";
import { Permissions } from "../../../src/memory/permissions.ts";
import { bytes } from "./fixture.ts";

const grant = (key: string, rangeEnd: string, permType: Type = Type.READ) =>
  create(PermissionSchema, { key: bytes(key), rangeEnd: bytes(rangeEnd), permType });

const cases: readonly (readonly [string, ReturnType<typeof grant>[], readonly string[], readonly string[]])[] = [
  ["one key", [grant("b", "")], ["b"], ["a", "b\0", "b..c"]],
  ["a range", [grant("b", "d")], ["b", "c", "b..d", "c..d"], ["a", "d", "a..c", "b..e", "c..\0"]],
  ["a range and what follows", [grant("b", "c"), grant("c", "d")], ["b..d", "c"], ["b..e"]],
  ["two that overlap", [grant("b", "d"), grant("c", "e")], ["b..e"], ["a..c"]],
  ["two with a gap", [grant("b", "c"), grant("d", "e")], ["b", "d"], ["b..e", "c"]],
  ["one inside another", [grant("b", "e"), grant("c", "d")], ["b..e", "d"], ["e"]],
  ["from a key on", [grant("b", "\0")], ["b", "z", "b..\0", "c..d"], ["a", "a..\0"]],
  ["a key and the range after it", [grant("b", ""), grant("b\0", "d")], ["b..d"], ["a..d"]],
  ["nothing", [], [], ["a", "a..\0"]],
];

for (const [name, granted, permitted, denied] of cases) {
  test(`${name} permits ${permitted.join(", ") || "nothing"}`, () => {
    const permissions = new Permissions(granted);
    const mayRead = (range: string): boolean => {
      const [from = "", to = ""] = range.split("..");
      return permissions.mayRead(toSpan(bytes(from), bytes(to)));
    };
    expect(permitted.filter((range) => !mayRead(range))).to.deep.equal([]);
    expect(denied.filter(mayRead)).to.deep.equal([]);
  });
}

test("reading and writing are permitted apart, or both at once", () => {
  const permissions = new Permissions([
    grant("r", "", Type.READ),
    grant("w", "", Type.WRITE),
    grant("b", "", Type.READWRITE),
  ]);
  const may = (key: string) => [permissions.mayRead({ key }), permissions.mayWrite({ key })];
  expect(may("r")).to.deep.equal([true, false]);
  expect(may("w")).to.deep.equal([false, true]);
  expect(may("b")).to.deep.equal([true, true]);
});
