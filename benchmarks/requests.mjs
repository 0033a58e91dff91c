// The requests that a contender in JavaScript answers: one a line, as JSON, on standard input.
import { createInterface } from 'node:readline';

/**
 * Answers each with what its command returns, and the processor time that it took, in microseconds.
 * @param {Record<string, (request: any) => object>} commands
 */
export function answer(commands) {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const request = JSON.parse(line);
    const before = process.cpuUsage();
    const reply = commands[request.command](request);
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(`${JSON.stringify({ ...reply, microseconds: user + system })}\n`);
  });
}
