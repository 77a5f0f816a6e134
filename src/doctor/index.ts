/**
 * What is wrong with a proxy before etcd, and which line mends it.
 *
 * @module etcd-web/doctor
 */
export { type DiagnoseOptions, type Diagnosis, diagnose, type Progress } from "./diagnose.ts";
export type { CheckName, Finding, FindingCode, Fix, Level } from "./finding.ts";
