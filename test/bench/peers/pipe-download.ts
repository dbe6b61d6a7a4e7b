import { createWriteStream } from "node:fs";
import { get } from "node:http";
import { pipeline } from "node:stream/promises";

/** The least that Node can do: the answer's bytes into a file. */
const [baseURL, id, path = ""] = process.argv.slice(2);
await new Promise<void>((resolve, reject) => {
  get(`${baseURL}/files/${id}/content`, (response) => {
    pipeline(response, createWriteStream(path)).then(resolve, reject);
  }).on("error", reject);
});
