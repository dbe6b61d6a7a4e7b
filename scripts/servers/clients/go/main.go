// Takes a batch from upload to answers with OpenAI's own client: main <base URL> <request file>.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

func main() {
	if err := run(context.Background(), os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, url, path string) error {
	client := openai.NewClient(option.WithBaseURL(url), option.WithAPIKey("sk-go"), option.WithMaxRetries(0))
	input, err := os.Open(path)
	if err != nil {
		return err
	}
	defer input.Close()
	file, err := client.Files.New(ctx, openai.FileNewParams{File: input, Purpose: openai.FilePurposeBatch})
	if err != nil {
		return fmt.Errorf("upload: %w", err)
	}
	batch, err := client.Batches.New(ctx, openai.BatchNewParams{
		InputFileID:      file.ID,
		Endpoint:         openai.BatchNewParamsEndpointV1ChatCompletions,
		CompletionWindow: openai.BatchNewParamsCompletionWindow24h,
	})
	if err != nil {
		return fmt.Errorf("create: %w", err)
	}
	for batch.Status != openai.BatchStatusCompleted {
		time.Sleep(50 * time.Millisecond)
		if batch, err = client.Batches.Get(ctx, batch.ID); err != nil {
			return fmt.Errorf("retrieve: %w", err)
		}
	}
	content, err := client.Files.Content(ctx, batch.OutputFileID)
	if err != nil {
		return fmt.Errorf("download: %w", err)
	}
	defer content.Body.Close()
	answers := 0
	for lines := bufio.NewScanner(content.Body); lines.Scan(); answers++ {
	}
	fmt.Printf("%d of %d answers\n", answers, batch.RequestCounts.Completed)
	return nil
}
