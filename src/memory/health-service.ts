import { create } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type Health,
  type HealthCheckResponse,
  HealthCheckResponseSchema,
  HealthCheckResponse_ServingStatus as Status,
} from "../gen/grpc/health/v1/health_pb.ts";
import { Answers } from "./answers.ts";
import type { Core } from "./core.ts";
import { errors } from "./errors.ts";

/** Serving, as long as it answers: as in etcd, the server as a whole is the only service by name. */
export function healthService(core: Core): ServiceImpl<typeof Health> {
  return {
    check({ service }) {
      if (service !== "") throw errors.unknownService();
      return { status: Status.SERVING };
    },
    watch({ service }, { signal }) {
      const status = service === "" ? Status.SERVING : Status.SERVICE_UNKNOWN;
      const answers = new Answers<HealthCheckResponse>(core, signal, () => ({ closed() {} }));
      answers.push(create(HealthCheckResponseSchema, { status }));
      return answers.stream;
    },
  };
}
