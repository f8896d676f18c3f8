/** Legacy encodings that shops still export: labels of the WHATWG Encoding Standard. */
const CHARSETS = [
  { value: 'windows-1252', name: 'Western (Windows-1252)' },
  { value: 'iso-8859-2', name: 'Central European (ISO-8859-2)' },
  { value: 'windows-1250', name: 'Central European (Windows-1250)' },
  { value: 'windows-1251', name: 'Cyrillic (Windows-1251)' },
  { value: 'windows-1254', name: 'Turkish (Windows-1254)' },
  { value: 'windows-1258', name: 'Vietnamese (Windows-1258)' },
  { value: 'shift_jis', name: 'Japanese (Shift JIS)' },
  { value: 'gbk', name: 'Chinese (GBK)' },
];

interface CharsetChoiceProps {
  id: string;
  className: string;
  value: string | null;
  /** The label of the choice null. */
  byItself: string;
  onChange: (charset: string | null) => void;
}

/** The encoding of a feed's text. An encoding that is not in the list, set in a terminal, stays selectable. */
export function CharsetChoice({ id, className, value, byItself, onChange }: CharsetChoiceProps) {
  const other = value !== null && !CHARSETS.some((charset) => charset.value === value);
  return (
    <select
      id={id}
      className={className}
      value={value ?? ''}
      onChange={({ target }) => onChange(target.value || null)}
    >
      <option value="">{byItself}</option>
      {other && <option value={value}>{value}</option>}
      {CHARSETS.map((charset) => (
        <option key={charset.value} value={charset.value}>
          {charset.name}
        </option>
      ))}
    </select>
  );
}
