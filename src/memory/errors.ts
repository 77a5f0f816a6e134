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
  noSpace: (): ConnectError => refusal(Code.ResourceExhausted, "etcdserver: mvcc: database space exceeded"),
  corrupt: (): ConnectError => refusal(Code.DataLoss, "etcdserver: corrupt cluster"),

  rootUserNotExist: (): ConnectError => refusal(Code.FailedPrecondition, "etcdserver: root user does not exist"),
  rootRoleNotExist: (): ConnectError =>
    refusal(Code.FailedPrecondition, "etcdserver: root user does not have root role"),
  userEmpty: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: user name is empty"),
  userAlreadyExist: (): ConnectError => refusal(Code.FailedPrecondition, "etcdserver: user name already exists"),
  userNotFound: (): ConnectError => refusal(Code.FailedPrecondition, "etcdserver: user name not found"),
  roleEmpty: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: role name is empty"),
  roleAlreadyExist: (): ConnectError => refusal(Code.FailedPrecondition, "etcdserver: role name already exists"),
  roleNotFound: (): ConnectError => refusal(Code.FailedPrecondition, "etcdserver: role name not found"),
  roleNotGranted: (): ConnectError => refusal(Code.FailedPrecondition, "etcdserver: role is not granted to the user"),
  permissionNotGranted: (): ConnectError =>
    refusal(Code.FailedPrecondition, "etcdserver: permission is not granted to the role"),
  permissionNotGiven: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: permission not given"),
  permissionDenied: (): ConnectError => refusal(Code.PermissionDenied, "etcdserver: permission denied"),
  authNotEnabled: (): ConnectError => refusal(Code.FailedPrecondition, "etcdserver: authentication is not enabled"),
  authFailed: (): ConnectError =>
    refusal(Code.InvalidArgument, "etcdserver: authentication failed, invalid user ID or password"),
  noPasswordUser: (): ConnectError =>
    refusal(Code.Unknown, "auth: authentication failed, password was given for no password user"),
  passwordTooLong: (): ConnectError => refusal(Code.Unknown, "bcrypt: password length exceeds 72 bytes"),
  insecureContext: (): ConnectError =>
    refusal(Code.FailedPrecondition, "passwords need crypto.subtle, which a page has only over https or on localhost"),
  invalidAuthToken: (): ConnectError => refusal(Code.Unauthenticated, "etcdserver: invalid auth token"),
  invalidAuthMgmt: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: invalid auth management"),

  memberNotFound: (): ConnectError => refusal(Code.NotFound, "etcdserver: member not found"),
  memberBadUrls: (): ConnectError => refusal(Code.InvalidArgument, "etcdserver: given member URLs are invalid"),
  peerUrlExists: (): ConnectError => refusal(Code.FailedPrecondition, "etcdserver: Peer URLs already exists"),
  memberNotLearner: (): ConnectError =>
    refusal(Code.FailedPrecondition, "etcdserver: can only promote a learner member"),
  learnerNotReady: (): ConnectError =>
    refusal(Code.FailedPrecondition, "etcdserver: can only promote a learner member which is in sync with leader"),
  tooManyLearners: (): ConnectError =>
    refusal(Code.FailedPrecondition, "etcdserver: too many learner members in cluster"),
  notEnoughStarted: (): ConnectError =>
    refusal(Code.Unknown, "etcdserver: re-configuration failed due to not enough started members"),
  unhealthy: (): ConnectError => refusal(Code.Unavailable, "etcdserver: unhealthy cluster"),
  badLeaderTransferee: (): ConnectError => refusal(Code.FailedPrecondition, "etcdserver: bad leader transferee"),
  wrongDowngradeFormat: (): ConnectError =>
    refusal(Code.InvalidArgument, "etcdserver: wrong downgrade target version format"),
  invalidDowngradeTarget: (): ConnectError =>
    refusal(Code.InvalidArgument, "etcdserver: invalid downgrade target version"),
  downgradeInProcess: (): ConnectError =>
    refusal(Code.FailedPrecondition, "etcdserver: cluster has a downgrade job in progress"),
  unknownMethod: (): ConnectError => refusal(Code.Unknown, "etcdserver: unknown method"),

  sessionExpired: (): ConnectError => refusal(Code.Unknown, "mutex: session is expired"),
  notLeader: (): ConnectError => refusal(Code.Unknown, "election: not leader"),
  noLeader: (): ConnectError => refusal(Code.Unknown, "election: no leader"),
  missingLeaderKey: (): ConnectError => refusal(Code.Unknown, '"leader" field must be provided'),

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
