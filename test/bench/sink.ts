import { createReadStream, statSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

import { dataPath, isSize, sizes } from "./data.ts";

/**
 * The server of the bench, as a process of its own: it swallows uploads, serves the generated files
 * from disk, and has one finished batch of each size (`batch_208MB`). Prints its port.
 */
const server = createServer({ requestTimeout: 0 }, (request, response) => {
  const [path = ""] = (request.url ?? "").split("?");
  const [, resource, id = "", action] = path.replace(/^\/v1/, "").split("/");
  if (request.method === "POST") {
    swallow(request, (bytes) => {
      json(response, resource === "files" ? file(bytes) : batch("208MB", "validating"));
    });
  } else if (id === "") {
    json(response, { object: "list", data: [], has_more: false });
  } else if (action === "content") {
    const [, kind, size = ""] = id.split("-");
    if (!isSize(size)) throw new Error(`There is no file ${id}.`);
    const content = dataPath(kind === "input" ? "input" : "output", size);
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      "content-length": statSync(content).size,
    });
    createReadStream(content, { highWaterMark: 1024 * 1024 }).pipe(response);
  } else {
    json(response, batch(id.replace(/^batch_/, ""), "completed"));
  }
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : "");
});

function swallow(request: IncomingMessage, done: (bytes: number) => void): void {
  let bytes = 0;
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.on("end", () => {
    done(bytes);
  });
}

function json(response: ServerResponse, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}

const now = Math.floor(Date.now() / 1000);

function file(bytes: number) {
  return {
    id: "file-upload",
    object: "file",
    bytes,
    created_at: now,
    filename: "requests.jsonl",
    purpose: "batch",
    status: "processed",
  };
}

function batch(name: string, status: "validating" | "completed") {
  const total = isSize(name) ? sizes[name] : 0;
  return {
    id: `batch_${name}`,
    object: "batch",
    endpoint: "/v1/chat/completions",
    errors: null,
    input_file_id: `file-input-${name}`,
    completion_window: "24h",
    status,
    output_file_id: status === "completed" ? `file-output-${name}` : null,
    error_file_id: null,
    created_at: now,
    request_counts:
      status === "completed"
        ? { total, completed: total, failed: 0 }
        : { total: 0, completed: 0, failed: 0 },
    metadata: null,
  };
}
