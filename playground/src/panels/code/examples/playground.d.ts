/** Where code of the editor finds the page's connection. */
declare module "playground" {
  export const etcd: import("etcd-web").Etcd;
}
