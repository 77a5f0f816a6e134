import process from "node:process";
import { createGateway } from "etcd-web/gateway";

const { PROXY_PORT = "23790", PORT = "8080", ORIGIN = "", HOST_NAME = "", PREFIX = "config/" } = process.env;

const gateway = await createGateway({
  etcd: `127.0.0.1:${PROXY_PORT}`,
  host: "0.0.0.0",
  port: Number(PORT),
  origins: ORIGIN === "" ? [] : [ORIGIN],
  policy: { prefixes: [PREFIX] }, // to read and watch; readOnly: false lets pages write there as well
  hosts: HOST_NAME === "" ? [] : [HOST_NAME],
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void gateway.close());
console.log(gateway.url);
