import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  createFileRegistry,
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  ScalarType,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect } from "chai";

// A wrong field number would be read as another field, silently. So what buf builds from proto/ is held against a table
// of etcd's own numbers, both ways: a line missing here fails as well as a line too many.
test("proto/ equals the wire of etcd 3.7 and of the gRPC health service", () => {
  expect(builtLines()).to.deep.equal([...table("etcd-3.7.tsv"), ...table("grpc-health.tsv")].sort());
});

function table(name: string): string[] {
  const text = readFileSync(new URL(name, import.meta.url), "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(/\s+/).join(" "));
}

function builtLines(): string[] {
  const image = execFileSync("buf", ["build", "--as-file-descriptor-set", "-o", "-"], { maxBuffer: 1 << 26 });
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, image));
  return [...registry]
    .flatMap((desc) => {
      switch (desc.kind) {
        case "enum":
          return enumLines(desc);
        case "message":
          return messageLines(desc);
        case "service":
          return serviceLines(desc);
        default:
          throw new Error(`etcd has no ${desc.kind}, but proto/ has ${desc.typeName}`);
      }
    })
    .sort();
}

function enumLines(desc: DescEnum): string[] {
  return desc.values.map((value) => `enum ${desc.typeName}.${value.name} ${value.number}`);
}

function messageLines(desc: DescMessage): string[] {
  return desc.fields.map((field) => {
    const line = `field ${desc.typeName}.${field.name} ${field.number} ${typeOf(field)}`;
    return field.oneof ? `${line} oneof:${field.oneof.name}` : line;
  });
}

function typeOf(field: DescField): string {
  const many = field.fieldKind === "list" ? "repeated" : "single";
  if (field.message) return `${field.message.typeName} ${many}`;
  if (field.enum) return `${field.enum.typeName} ${many}`;
  if (field.fieldKind === "map") throw new Error(`etcd has no maps, but proto/ has ${field}`);
  return `${ScalarType[field.scalar].toLowerCase()} ${many}`;
}

function serviceLines(desc: DescService): string[] {
  return desc.methods.map((method) => {
    const [request, response] = streams(method);
    return `rpc ${desc.typeName}/${method.name} ${method.input.typeName} ${method.output.typeName} ${request} ${response}`;
  });
}

function streams(method: DescMethod): [string, string] {
  const request = method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming";
  const response = method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming";
  return [request ? "client-stream" : "single", response ? "server-stream" : "single"];
}
