import type { ProviderState } from '../../electron/contract/models.ts';

/** "3.8 ms a picture". */
export function millisecondWords(milliseconds: number): string {
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms a picture`;
}

/** A provider's speed compared with the processor's; empty when there is nothing to compare, or hardly a difference. */
export function speedWords({ id, msPerImage }: ProviderState, cpu: ProviderState | undefined): string {
  if (id === 'cpu' || msPerImage === null || !cpu?.msPerImage) return '';
  const times = cpu.msPerImage / msPerImage;
  if (times > 1.1) return `${times.toFixed(1)} times as fast as the processor`;
  return times < 0.9
    ? `Takes ${(1 / times).toFixed(1)} times as long as the processor`
    : 'As fast as the processor';
}

/** The line that is shown when there is only one provider. */
export function onlyProviderWords({ name, msPerImage }: ProviderState): string {
  const speed = msPerImage === null ? '' : `, ${millisecondWords(msPerImage)}`;
  return `The processor (${name})${speed}. This computer offers nothing else that could run a model.`;
}
