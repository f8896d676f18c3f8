import { Download } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
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
  const saving = useExport((state) => state.running !== null);
  const [open, setOpen] = useState(false);
  const filters = useDocument((state) => state.filters);
  // The overview tells of all rows, and shows no filter.
  const inOverview = useDocument(({ view }) => view === 'overview');
  const rows = useDocument((state) => state.order?.rows.length ?? 0);
  const all = useDocument((state) => state.state?.comparison.counts.rows ?? 0);
  const filtered = !inOverview && Object.keys(filters).length > 0 && rows < all;
  return (
    <DropdownMenu.Root modal={false} open={open} onOpenChange={(next) => setOpen(next && !saving)}>
      {/* Disabled by itself, a button would lose the keyboard while the file is saved. */}
      <DropdownMenu.Trigger className="button" disabled={all === 0} aria-disabled={saving || all === 0}>
        <Download aria-hidden /> {saving ? 'Saving…' : 'Export'}
      </DropdownMenu.Trigger>
      <DropdownMenu.Content className="export-menu" align="end" sideOffset={6} collisionPadding={8}>
        <DropdownMenu.Label className="label">
          {filtered ? `The ${formatCounted(rows, 'picture')} shown` : `All ${formatCounted(all, 'picture')}`}
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
    </DropdownMenu.Root>
  );
}
