import { expect, test } from "vitest";
import { isOpenAI } from "../../src/api/base-url.ts";

test.each([
  "https://api.openai.com/v1",
  "https://us.api.openai.com/v1",
  "https://eu.api.openai.com/v1/",
  "https://API.OPENAI.COM/v1",
])("%s is OpenAI's own server", (url) => {
  expect(isOpenAI(url)).toBe(true);
});

test.each([
  "http://api.openai.com/v1",
  "https://api.openai.com:8443/v1",
  "https://api.openai.com.example.com/v1",
  "https://evil-api.openai.com/v1",
  "https://a.b.api.openai.com/v1",
  "https://resource.openai.azure.com/openai/v1",
  "http://127.0.0.1:8321/v1",
  "no URL",
])("%s is not", (url) => {
  expect(isOpenAI(url)).toBe(false);
});
