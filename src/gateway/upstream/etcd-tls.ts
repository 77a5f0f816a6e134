/** How the gateway knows etcd, and shows who it is: the files that `etcdctl` takes under the same names, as PEM. */
export interface EtcdTls {
  /** Certificates of the authorities that may vouch for etcd. Default: those that Node trusts. */
  readonly cacert?: string | undefined;
  /** The gateway's own certificate, where etcd asks for one (`--client-cert-auth`); with `key`. */
  readonly cert?: string | undefined;
  /** The private key of `cert`. */
  readonly key?: string | undefined;
  /** The name that etcd's certificate must carry. Default: the host of the endpoint. */
  readonly serverName?: string | undefined;
}
