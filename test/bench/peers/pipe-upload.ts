import { createReadStream, statSync } from "node:fs";
import { request } from "node:http";
import { pipeline } from "node:stream/promises";

/** The least that Node can do: the file's bytes into a POST. */
const [baseURL, path = ""] = process.argv.slice(2);
const call = request(`${baseURL}/files`, {
  method: "POST",
  headers: { "content-length": statSync(path).size },
});
const answered = new Promise((resolve, reject) => {
  call.on("error", reject);
  call.on("response", (response) => {
    response.resume().on("end", resolve);
  });
});
await pipeline(createReadStream(path), call);
await answered;
