import { Code, ConnectError } from "@connectrpc/connect";

const refusal = (code: Code, text: string): ConnectError => new ConnectError(text, code);

/** Codes and texts of etcd's api/v3rpc/rpctypes/error.go: clients recognise an error by its text. */
export const errors = {
  emptyKey: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: key is not provided"),
  keyNotFound: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: key not found"),
  valueProvided: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: value is provided"),
  leaseProvided: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: lease is provided"),
  tooManyOps: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: too many operations in txn request"),
  duplicateKey: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: duplicate key given in txn request"),
  invalidSortOption: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: invalid sort option"),
  requestTooLarge: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: request is too large"),
  compacted: (): ConnectError => refusal(Code.OutOfRange, "etcdserver: mvcc: required revision has been compacted"),
  futureRevision: (): ConnectError =>
    refusal(Code.OutOfRange, "etcdserver: mvcc: required revision is a future revision"),
  leaseNotFound: (): ConnectError => refusal(Code.NotFound, "etcdserver: requested lease not found"),
  leaseExists: (): ConnectError => refusal(Code.FailedPrecondition, "etcdserver: lease already exists"),
  leaseTtlTooLarge: (): ConnectError => refusal(Code.OutOfRange, "etcdserver: too large lease TTL"),
  watchCanceled: (): ConnectError => refusal(Code.Canceled, "etcdserver: watch canceled"),
  requestTimedOut: (): ConnectError => refusal(Code.Unavailable, "etcdserver: request timed out"),
  stopped: (): ConnectError => refusal(Code.Unavailable, "etcdserver: server stopped"),
  connectionLost: (): ConnectError => refusal(Code.Unavailable, "error reading from server: EOF"),
  unknownService: (): ConnectError => refusal(Code.NotFound, "unknown service"),
  streamSortOrder: (): ConnectError => refusal(Code.Unimplemented, "RangeStream does not support custom sort orders"),
  streamRevisionFilter: (): ConnectError =>
    refusal(Code.Unimplemented, "RangeStream does not support revision filters"),
};

/** gRPC's refusal of a message before etcd sees it. */
export function messageTooLarge(size: number, limit: number): ConnectError {
  return refusal(Code.ResourceExhausted, `grpc: received message larger than max (${size} vs. ${limit})`);
}
