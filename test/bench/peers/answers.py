"""What a user writes in Python: download, parse each line, write a row of it."""

import csv
import json
import sys
import urllib.request

base_url, file_id, path = sys.argv[1:]
request = urllib.request.Request(
    f"{base_url}/files/{file_id}/content", headers={"Authorization": "Bearer sk-bench"}
)
with urllib.request.urlopen(request) as lines, open(path, "w", newline="") as target:
    rows = csv.writer(target)
    rows.writerow(
        ["custom_id", "answer", "finish_reason", "model", "input_tokens", "output_tokens"]
    )
    for line in lines:
        result = json.loads(line)
        body = result["response"]["body"]
        choice = body["choices"][0]
        usage = body["usage"]
        rows.writerow(
            [
                result["custom_id"],
                choice["message"]["content"],
                choice["finish_reason"],
                body["model"],
                usage["prompt_tokens"],
                usage["completion_tokens"],
            ]
        )
