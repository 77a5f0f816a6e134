/*!
 * The built file holds @connectrpc/connect-node, Copyright 2021-2026 The Connect Authors, prom-client, by
 * Simon Nyberg and others, and @opentelemetry/api, Copyright The OpenTelemetry Authors, under the Apache License 2.0; and
 * mrmime, Copyright (c) Luke Edwards (https://lukeed.com), tdigest, Copyright (c) 2015 Will Welch, and bintrees, Copyright
 * (c) 2011 Vadim Graboys, under the MIT License:
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
 * documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
 * rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to
 * permit persons to whom the Software is furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
 * Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
 * WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
 * COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
 * OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */

/**
 * What only the gateway needs of other packages. Who installs etcd-web does not install these: `npm run build` replaces
 * this file by one that holds them.
 *
 * @module
 */
export {
  createGrpcTransport,
  Http2SessionManager,
  universalRequestFromNodeRequest,
} from "@connectrpc/connect-node";
export { lookup as mimeType } from "mrmime";
export { Counter, Gauge, Histogram, Registry } from "prom-client";
