"""Takes a batch from prompts to answers with curator: curator.py <base URL> <number of prompts>."""

import sys

from bespokelabs import curator

_, url, count = sys.argv
llm = curator.LLM(
    model_name="gpt-4o-mini",
    backend="openai",
    batch=True,
    backend_params={
        "base_url": url,
        "api_key": "sk-curator",
        "batch_check_interval": 1,
    },
)
answers = llm([f"Tell me about {number}." for number in range(int(count))])
dataset = getattr(answers, "dataset", answers)
print(f"{sum(1 for row in dataset if row['response'])} of {count} answers")
