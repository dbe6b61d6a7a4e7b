import { get } from "node:http";

/** The least that a process can do to read one batch. */
get(process.argv[2] ?? "", (response) => {
  let text = "";
  response.setEncoding("utf8");
  response.on("data", (chunk: string) => {
    text += chunk;
  });
  response.on("end", () => {
    const batch: unknown = JSON.parse(text);
    console.log(typeof batch);
  });
});
