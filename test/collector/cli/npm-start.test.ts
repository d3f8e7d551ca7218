import { execFileSync } from 'node:child_process';
import { findTool } from '../../support/tools.ts';
import { endChildren, start } from './support/plumbline.ts';

const npm = findTool('npm');
const ps = findTool('ps');

afterEach(endChildren);

/** Process ids of all descendants. */
function descendants(root: number): number[] {
  const lines = execFileSync(ps as string, ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([pid]) => [pid as number, ...below(pid as number)]);
  return below(root);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

(npm && ps ? describe : describe.skip)('npm start', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s to npm leaves no process', async (signal) => {
    const running = start(npm as string, ['start', '--', '--port', '0', '--speed', '50']);
    const [, url] = await running.printed(/metrics +(http:\S+)\/metrics/);
    const pids = descendants(running.child.pid as number);
    expect(pids.length).toBeGreaterThan(0);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    running.child.kill(signal);
    const { stdout } = await running.ended;
    expect(stdout).toContain('Performance of electricity version 1'); // it ended by itself, not by a kill
    expect(pids.filter(alive)).toEqual([]);
  });
});
