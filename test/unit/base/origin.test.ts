import { test } from "node:test";
import { expect } from "chai";
import { toOrigin } from "../../../src/base/origin.ts";
import { diagnose } from "../../../src/doctor/index.ts";
import { createGateway } from "../../../src/gateway/index.ts";
import { rejection } from "../../contract/expectations.ts";

for (const [given, origin] of [
  ["https://app.example.com", "https://app.example.com"],
  ["https://app.example.com/", "https://app.example.com"],
  ["HTTPS://App.Example.com:443", "https://app.example.com"],
  ["http://localhost:3000", "http://localhost:3000"],
  ["http://[::1]:3000", "http://[::1]:3000"],
] as const) {
  test(`${given} is an origin`, () => {
    expect(toOrigin(given)).to.equal(origin);
  });
}

for (const given of [
  "",
  "*",
  "null",
  "app.example.com",
  "https://*.example.com",
  "https://a.example.com/page",
  "file:///",
]) {
  test(`${JSON.stringify(given)} is no origin: neither for the gateway nor for the doctor`, async () => {
    expect(toOrigin(given)).to.equal(undefined);
    const { message } = await rejection(createGateway({ etcd: "127.0.0.1:1", origins: [given] }), "invalid-argument");
    expect(message).to.include(`origins holds ${JSON.stringify(given)}`);
    const refusal = await rejection(diagnose("http://127.0.0.1:1", { origin: given }), "invalid-argument");
    expect(refusal.message).to.include(`${JSON.stringify(given)} is not an origin`);
  });
}
