"""Takes a batch from upload to answers with OpenAI's own client: openai_python.py <base URL> <request file>."""

import sys
import time

from openai import OpenAI

_, url, path = sys.argv
client = OpenAI(base_url=url, api_key="sk-python", max_retries=0)
with open(path, "rb") as requests:
    file = client.files.create(file=requests, purpose="batch")
batch = client.batches.create(
    input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
)
while batch.status != "completed":
    time.sleep(0.05)
    batch = client.batches.retrieve(batch.id)
answers = client.files.content(batch.output_file_id).text.splitlines()
print(f"{len(answers)} of {batch.request_counts.completed} answers")
