import type { ImportProblem } from '../../electron/contract/publishing.ts';
import { faultSentence } from '../ui/sentences.ts';

/** Excel reads a file as Unicode only if it starts with this. */
const BYTE_ORDER_MARK = '\uFEFF';

/** A cell by RFC 4180. Feeds are untrusted text: a cell that a spreadsheet would run as a formula is escaped. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Problems as a CSV table for a spreadsheet. */
export function problemCsv(problems: readonly ImportProblem[]): string {
  const rows = problems.map((problem) => {
    const { item, image, code } = problem;
    return [item, image ?? '', code, faultSentence(problem)];
  });
  const lines = [['product', 'picture', 'code', 'message'], ...rows].map((row) => row.map(cell).join(','));
  return `${BYTE_ORDER_MARK}${lines.join('\r\n')}\r\n`;
}
