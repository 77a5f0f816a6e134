import { X509Certificate } from "node:crypto";
import * as tls from "node:tls";
import { isEtcdError } from "../../base/errors.ts";
import { type DiagnoseOptions, type Diagnosis, diagnoseMore } from "../../doctor/diagnose.ts";
import type { DoctorOptions } from "../doctor-command.ts";
import { CommandError, exitCode } from "../exit.ts";
import { readSecret, readText, readUser } from "../secrets.ts";
import { patientFetch } from "./patient-fetch.ts";
import { ProgressLine } from "./progress-line.ts";
import { heading, inWords, summary } from "./report.ts";
import { socketChecks } from "./tls.ts";

/** Looks at a proxy and prints what it finds; a fault makes the command fail. */
export async function doctor(url: string, options: DoctorOptions): Promise<void> {
  const user = await readUser(options.user, options.passwordFile);
  const token = user === undefined ? await readSecret(options.tokenFile, "ETCD_WEB_TOKEN") : undefined;
  if (options.cacert !== undefined) await trust(options.cacert);
  const { level } = await examine(url, { ...options, user, token });
  // The report has said it all.
  if (level === "fault") throw new CommandError("");
}

type Told = Omit<DoctorOptions, "user"> & Pick<DiagnoseOptions, "user" | "token">;

async function examine(url: string, told: Told): Promise<Diagnosis> {
  const { all = false, json = false, origin, key, quiet: quietSeconds, user, token } = told;
  const progress = new ProgressLine(process.stderr);
  const print = (text: string): void => {
    progress.clear();
    if (!json) console.log(text);
  };
  let begun = false;
  try {
    const diagnosis = await diagnoseMore(socketChecks, url, {
      ...{ origin, key, quietSeconds, user, token, fetch: patientFetch() },
      onProgress(where) {
        if (!begun) print(heading(url, origin));
        begun = true;
        progress.show(where);
      },
      onFinding: (finding) => print(inWords(finding, all)),
    });
    print(summary(diagnosis));
    if (json) console.log(JSON.stringify(diagnosis, null, 2));
    return diagnosis;
  } catch (error) {
    if (!isEtcdError(error, "invalid-argument")) throw error;
    throw new CommandError(error.message, { exitCode: exitCode.usage, cause: error });
  } finally {
    progress.clear();
  }
}

async function trust(file: string): Promise<void> {
  // From Node 22.19 and 24.5.
  if (!("setDefaultCACertificates" in tls)) {
    throw new CommandError(`This Node cannot take --cacert: set NODE_EXTRA_CA_CERTS=${file} instead`);
  }
  const pem = await readText(file);
  try {
    void new X509Certificate(pem); // what is none of these is taken below without a word
    tls.setDefaultCACertificates([...tls.getCACertificates(), pem]);
  } catch (cause) {
    throw new CommandError(`The file ${file} holds no certificate in PEM`, { cause });
  }
}
