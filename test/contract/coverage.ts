/** A feature of Go's client, and what holds ours to it: cases by the beginning of their names, or files of tests. */
export type Feature =
  | { readonly feature: string; readonly cases: readonly string[]; readonly files?: readonly string[] }
  | { readonly feature: string; readonly files: readonly string[] }
  /** It does not apply, and why. */
  | { readonly feature: string; readonly notHere: string };

const fetchHasIt = "fetch and the proxy have it, and a page cannot reach it";

/** Every feature of Go's client/v3 and its packages, in the order of its documentation. */
export const features: readonly Feature[] = [
  // Client
  { feature: "New, without I/O", cases: ["watch() and ready() wait for a server that cannot be reached"] },
  { feature: "DialTimeout", cases: ["ready() resolves with who answered"] },
  { feature: "sign-in at first use, off where authentication is", files: ["test/run/auth.test.ts"] },
  { feature: "Endpoints, balancing, fail-over", files: ["test/run/write-faults.test.ts"] },
  { feature: "SetEndpoints", notHere: "a client costs nothing: make another" },
  { feature: "Sync, AutoSyncInterval", notHere: "members' addresses are not those of the proxies before them" },
  { feature: "ConfigSpec, yaml.NewConfig", notHere: "a page has no files; options are plain values" },
  { feature: "TLS, DialOptions, gRPC keepalive, message sizes", notHere: fetchHasIt },
  { feature: "RejectOldCluster", notHere: "the versions are met by their behaviour; status() tells them" },
  { feature: "Close", cases: ["a closed client's calls are closed"] },
  {
    feature: "contexts: cancel, deadline",
    cases: ["a signal aborts a call", "AbortSignal.timeout()", "timeoutMs that"],
  },
  { feature: "WithRequireLeader", files: ["test/run/watch-faults.test.ts"] },
  { feature: "token metadata and renewal", files: ["test/run/auth.test.ts"] },
  { feature: "logging, metrics", notHere: "nothing is logged; Connect's interceptors see every call" },
  // KV
  { feature: "Put and its options", cases: ["put() "] },
  { feature: "Get: key, range, prefix, from key", cases: ["get() ", "range() covers", "range() without an end"] },
  {
    feature: "Get: limit, sort, revision bounds, keys only, count",
    cases: ["range() limits", "range() sorts", "range() keeps", "range() of keys only"],
  },
  {
    feature: "Get: revision, compacted, future",
    cases: ["get() reads a key as it was", "get() of a compacted", "get() of a revision to come"],
  },
  { feature: "Get: serializable", files: ["test/run/monotonic-reads.test.ts"] },
  { feature: "Delete and its options", cases: ["delete() "] },
  { feature: "GetStream", cases: ["scan() "] },
  { feature: "Compact, physical", cases: ["compact() "] },
  { feature: "Do, ops as values", cases: ["do() runs one operation of each kind"] },
  { feature: "Txn, nested", cases: ["txn() "], files: ["test/unit/kv/txn.test.ts"] },
  { feature: "Compare, of ranges too", cases: ["txn() compares"] },
  { feature: "misuse (Go panics)", files: ["test/unit/kv/types.test.ts"] },
  // Watch
  { feature: "Watch: key, range, prefix, from key", cases: ["watch() covers"] },
  { feature: "WithRev", cases: ["watch() replays", "watch() of a revision to come"] },
  { feature: "WithPrevKV, filters", cases: ["watch() gives the pair as it was", "watch() gives only puts"] },
  { feature: "WithProgressNotify", cases: ["batches() gives bookmarks"] },
  { feature: "WithFragment", cases: ["batches() puts together"] },
  { feature: "WithCreatedNotify", cases: ["watch() delivers what happened between its opening"] },
  { feature: "RequestProgress", notHere: "a half-closed stream can ask for nothing more; bookmarks are the server's" },
  { feature: "one stream for many watches", cases: ["200 watches", "watches of every kind share streams"] },
  { feature: "a slow reader", cases: ["a reader that does not read holds up nobody"] },
  {
    feature: "resume",
    cases: ["watch() of a long history is whole", "watch() is whole while a writer goes on"],
    files: ["test/chaos/chaos.test.ts"],
  },
  { feature: "ErrCompacted", cases: ["watch() from before a compaction"] },
  {
    feature: "cancel, close",
    cases: ["break ends a watch", "close() and dispose end", "a signal makes a watch reject"],
  },
  { feature: "IsCreate, IsModify", cases: ["watch() sees puts and deletes"] },
  // Lease
  { feature: "Grant, Revoke", cases: ["lease() grants", "lease() takes an id", "lease() below the server's least"] },
  { feature: "TimeToLive with keys", cases: ["timeToLive() "] },
  { feature: "Leases", cases: ["leases.list()"] },
  {
    feature: "KeepAlive, shared by all leases",
    cases: ["lease() keeps it alive", "leases of one client live on together"],
    files: ["test/unit/lease/sharing.test.ts"],
  },
  { feature: "KeepAliveOnce", cases: ["lease() without keepAlive"] },
  {
    feature: "loss by the server's word and by the clock",
    cases: ["a lease revoked by others"],
    files: ["test/run/lease-faults.test.ts"],
  },
  { feature: "Close leaves leases", cases: ["closing the client leaves a lease"] },
  // Cluster, Auth, Maintenance
  { feature: "Cluster", files: ["test/run/admin-cluster.test.ts"] },
  { feature: "Auth", files: ["test/run/admin.test.ts"] },
  { feature: "Maintenance", files: ["test/run/admin.test.ts", "test/run/admin-cluster.test.ts"] },
  { feature: "snapshot.SaveWithVersion", notHere: "a page has no files; the snapshot is a stream of bytes" },
  // Retry
  { feature: "repeatable calls, back-off", files: ["test/unit/transport/repetition.test.ts"] },
  { feature: "what must not be repeated", files: ["test/run/write-faults.test.ts"] },
  // Packages
  { feature: "concurrency: Session", cases: ["createSession() "] },
  { feature: "concurrency: Mutex, TryLock, IsOwner", cases: ["lock() ", "tryLock() ", "unlock() ", "owner() "] },
  { feature: "concurrency: Election", cases: ["campaign() ", "observe() "] },
  { feature: "concurrency: ResumeElection", notHere: "a leader is its session: attach the lease and campaign again" },
  { feature: "concurrency: STM", cases: ["stm() "] },
  {
    feature: "recipes: barriers, queues, RWMutex",
    cases: ["a barrier", "a double barrier", "dequeue() ", "enqueue() ", "readLock() "],
  },
  { feature: "v3lock, v3election", cases: ["the lock service", "the election service"] },
  { feature: "contended for together with Go and etcdctl", files: ["test/run/peers/go-peer.test.ts"] },
  { feature: "leasing", notHere: "a cache of one's own: a view (etcd-web/live) is kept up to date by its watch" },
  { feature: "mirror", cases: ["sync() "] },
  { feature: "namespace", cases: ["namespace() ", "timeToLive() in a namespace", "lock() in a namespace"] },
  { feature: "naming/endpoints", cases: ["add() ", "list() ", "watch() of a registry"] },
  { feature: "naming/resolver", notHere: "it is gRPC's own: a page resolves no names" },
  { feature: "ordering", files: ["test/run/monotonic-reads.test.ts"] },
  { feature: "kubernetes: OptimisticPut, OptimisticDelete", cases: ["update() ", "delete() with ifModRevision"] },
  { feature: "cache", notHere: "experimental there; here it is a view (etcd-web/live)" },
  { feature: "clientv3util", cases: ["txn() takes a missing key"] },
  { feature: "mock/mockserver", notHere: "etcd-web/memory is a whole etcd" },
];
