import { create } from "@bufbuild/protobuf";
import { ResponseHeaderSchema } from "../gen/etcdserverpb/header_pb.ts";
import {
  type RequestOp,
  type ResponseOp,
  ResponseOpSchema,
  type TxnRequest,
  type TxnResponse,
  TxnResponseSchema,
} from "../gen/etcdserverpb/kv_pb.ts";
import { holds } from "./compare.ts";
import { errors } from "./errors.ts";
import type { LeaseBook } from "./lease-book.ts";
import { range } from "./range.ts";
import type { Store, View, Writer } from "./store.ts";
import { checkPutIn, deleteRange, put } from "./writes.ts";

/** A transaction whose compares, nested ones too, have been decided: etcd decides all of them before the first write. */
interface Plan {
  readonly succeeded: boolean;
  readonly steps: readonly Step[];
}

type Step =
  | Exclude<RequestOp["request"], { case: "requestTxn" | undefined }>
  | { readonly case: "plan"; readonly value: Plan };

/** Whether etcd answers it without its log: nothing but reads, and no transaction inside. */
export function isReadOnly({ success, failure }: TxnRequest): boolean {
  return [...success, ...failure].every(({ request }) => request.case === "requestRange");
}

/** Whether it holds a put, on whichever branch. */
export function putsSomething({ success, failure }: TxnRequest): boolean {
  return [...success, ...failure].some(
    ({ request: { case: kind, value } }) => kind === "requestPut" || (kind === "requestTxn" && putsSomething(value)),
  );
}

/** Runs a transaction whose form has been checked. */
export function txn(store: Store, leases: LeaseBook, request: TxnRequest): TxnResponse {
  const plan = decide(store, request);
  checkPlan(store, leases, plan);
  return store.write((writer) => {
    const response = run(writer, plan);
    response.header = create(ResponseHeaderSchema, { revision: writer.revision });
    return response;
  });
}

function decide(view: View, { compare, success, failure }: TxnRequest): Plan {
  const succeeded = compare.every((each) => holds(view, each));
  const steps = (succeeded ? success : failure).map(({ request }): Step => {
    if (request.case === undefined) throw errors.keyNotFound();
    return request.case === "requestTxn" ? { case: "plan", value: decide(view, request.value) } : request;
  });
  return { succeeded, steps };
}

/** Whatever can fail fails here, before the first write. */
function checkPlan(view: View, leases: LeaseBook, { steps }: Plan): void {
  for (const step of steps) {
    if (step.case === "requestRange") checkRevision(view, step.value.revision);
    else if (step.case === "requestPut") checkPutIn(view, leases, step.value);
    else if (step.case === "plan") checkPlan(view, leases, step.value);
  }
}

function checkRevision(view: View, revision: bigint): void {
  if (revision === 0n) return;
  if (revision > view.revision) throw errors.futureRevision();
  if (revision < view.compacted) throw errors.compacted();
}

/** The header of a nested answer is empty, as etcd's. */
function run(writer: Writer, { succeeded, steps }: Plan): TxnResponse {
  const responses = steps.map((step) => create(ResponseOpSchema, { response: answer(writer, step) }));
  return create(TxnResponseSchema, { header: create(ResponseHeaderSchema), succeeded, responses });
}

function answer(writer: Writer, step: Step): ResponseOp["response"] {
  switch (step.case) {
    case "requestRange":
      return { case: "responseRange", value: range(writer, step.value) };
    case "requestPut":
      return { case: "responsePut", value: put(writer, step.value) };
    case "requestDeleteRange":
      return { case: "responseDeleteRange", value: deleteRange(writer, step.value) };
    case "plan":
      return { case: "responseTxn", value: run(writer, step.value) };
    default:
      return step satisfies never;
  }
}
