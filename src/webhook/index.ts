/**
 * From OpenAI's webhook to a workflow run, on any host with the Web's APIs.
 *
 * @module openai-batch-action/webhook
 */
export { type DeliveryStore, memoryStore } from "./deliveries.ts";
export { WebhookError, type WebhookErrorCode } from "./errors.ts";
export { createWebhookHandler, type WebhookOptions } from "./handler.ts";
