export { type DiagnoseOptions, type Diagnosis, diagnose, type Progress } from "./diagnose.ts";
export type { CheckName, Finding, FindingCode, Fix, Level } from "./finding.ts";
