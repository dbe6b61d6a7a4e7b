export { type DeliveryStore, memoryStore } from "./deliveries.ts";
export { WebhookError, type WebhookErrorCode } from "./errors.ts";
export { createWebhookHandler, type WebhookOptions } from "./handler.ts";
