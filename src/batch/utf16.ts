/** Whether bytes begin with the byte order mark of UTF-16, in either order. */
export function isUtf16([first, second]: Buffer): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
}
