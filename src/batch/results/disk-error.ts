import { messageOf } from "../../api/errors.ts";

/** Whether an error is the system's, of a file or a folder. */
export function isOfSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}

/** The error of results that came and could not be written: it names the path, and what is left to do. */
export function writingFailed(path: string, error: unknown): Error {
  return withCode(
    `The results could not be written to ${path}: ${messageOf(error)}. They are still on the server: make room, or choose another path, and retrieve them again.`,
    error,
  );
}

/** The error of results that could not be brought to disk. */
export function downloadNotKept(batchId: string, folder: string, error: unknown): Error {
  return withCode(
    `The results of batch ${batchId} could not be kept in ${folder} while they were downloaded: ${messageOf(error)}. They are still on the server: make room, and retrieve them again.`,
    error,
  );
}

/** The error of cached answers that could not be made lines of their requests. */
export function cacheNotKept(path: string, error: unknown): Error {
  return withCode(
    `The answers of the cache could not be written to ${path} on their way: ${messageOf(error)}. Make room, and run again.`,
    error,
  );
}

/** The error of answers that could not be kept on disk until their file is written. */
export function answersNotKept(folder: string, error: unknown): Error {
  return withCode(
    `The answers could not be kept in ${folder} until their file is written: ${messageOf(error)}. They are still on the server: make room, and retrieve them again.`,
    error,
  );
}

function withCode(message: string, cause: unknown): Error {
  const error = new Error(message, { cause });
  return isOfSystem(cause) ? Object.assign(error, { code: cause.code }) : error;
}
