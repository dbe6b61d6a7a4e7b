/**
 * The environment of a process in which time goes faster: each of its pauses is that much shorter, and
 * its clock that much faster. Calls take as long as they take.
 */
export function hurried(factor: number): { readonly NODE_OPTIONS: string } {
  const script = `
    import timers from "node:timers/promises";
    import { syncBuiltinESMExports } from "node:module";
    const { setTimeout: pause } = timers;
    timers.setTimeout = (ms, ...more) => pause(ms / ${factor}, ...more);
    syncBuiltinESMExports();
    const [now, started] = [Date.now, Date.now()];
    Date.now = () => Math.floor(started + (now() - started) * ${factor});
  `;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(script)}` };
}
