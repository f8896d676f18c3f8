import { Download } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ExportFormat } from '../../electron/contract/compare.ts';
import { formatCounted } from '../ui/format.ts';
import { exportDocument, useExport } from './exporting.ts';
import { useDocument } from './open-document.ts';
import './export-menu.css';

const FORMATS: readonly { format: ExportFormat; name: string; about: string }[] = [
  { format: 'pdf', name: 'Report', about: 'To print or hand round (PDF)' },
  { format: 'html', name: 'Report as a page', about: 'Opens in every browser, offline (HTML)' },
  { format: 'xlsx', name: 'Workbook', about: 'With both pictures in each row (Excel)' },
  { format: 'csv', name: 'Table', about: 'Plain, and can be merged again (CSV)' },
  { format: 'handoff', name: 'Hand-off', about: 'A colleague decides in any browser (HTML)' },
  { format: 'json', name: 'Data', about: 'For another program (JSON)' },
];

/** Saves the comparison as a file: all of it, or the rows that pass the filters. */
export function ExportMenu() {
  const running = useExport((state) => state.running);
  const filters = useDocument((state) => state.filters);
  // The overview tells of all rows, and shows no filter.
  const inOverview = useDocument(({ view }) => view === 'overview');
  const rows = useDocument((state) => state.order?.rows.length ?? 0);
  const all = useDocument((state) => state.state?.comparison.counts.rows ?? 0);
  const filtered = !inOverview && Object.keys(filters).length > 0 && rows < all;
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button" disabled={running !== null || all === 0}>
        <Download aria-hidden /> {running === null ? 'Export' : 'Saving…'}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="export-menu" align="end" sideOffset={6} collisionPadding={8}>
          <DropdownMenu.Label className="label">
            {filtered
              ? `The ${formatCounted(rows, 'picture')} shown`
              : `All ${formatCounted(all, 'picture')}`}
          </DropdownMenu.Label>
          {FORMATS.map(({ format, name, about }) => (
            <DropdownMenu.Item
              key={format}
              className="export-item"
              onSelect={() => void exportDocument(format, filtered)}
            >
              {name}
              <span className="label">{about}</span>
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
