/**
 * How the gateway knows etcd, and shows who it is: paths of the files in PEM that `etcdctl` takes under the same names.
 * They are read anew for each connection, so that renewed ones need no restart.
 */
export interface EtcdTls {
  /** The file with the certificates of the authorities that may vouch for etcd. Default: those that Node trusts. */
  readonly cacert?: string | undefined;
  /** The file with the gateway's own certificate, where etcd asks for one (`--client-cert-auth`); with `key`. */
  readonly cert?: string | undefined;
  /** The file with the private key of `cert`. */
  readonly key?: string | undefined;
  /** The name that etcd's certificate must carry. Default: the host of the endpoint. */
  readonly serverName?: string | undefined;
}
