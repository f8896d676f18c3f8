import { RadioGroup } from 'radix-ui';
import './segments.css';

interface SegmentsProps<T extends string> {
  /** The id of the element that labels the choice. */
  labelledBy: string;
  options: readonly { value: T; name: string }[];
  value: T;
  onChange: (value: T) => void;
}

/** A choice of one of a few options, all of them visible. */
export function Segments<T extends string>({ labelledBy, options, value, onChange }: SegmentsProps<T>) {
  return (
    <RadioGroup.Root
      className="segments"
      aria-labelledby={labelledBy}
      value={value}
      onValueChange={(chosen) => {
        const option = options.find((each) => each.value === chosen);
        if (option) onChange(option.value);
      }}
    >
      {options.map((option) => (
        <RadioGroup.Item key={option.value} value={option.value} className="segment">
          {option.name}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
