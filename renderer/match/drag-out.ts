import type { DragEvent } from 'react';
import type { Result } from '../../electron/contract/search.ts';
import { toast } from '../page/toast.ts';
import { productPicture } from './product-picture.ts';
import { styleTitle } from './style.ts';

/** Drags a card as the file of its picture, which other programs take. The shell makes the file, and the drag. */
export function dragOut(event: DragEvent, result: Result): void {
  event.preventDefault();
  drag(result).catch((error: unknown) => {
    console.error('drag', error);
    toast('This picture could not be dragged');
  });
}

async function drag(result: Result): Promise<void> {
  const picture = await productPicture(result.thumbnail, 'image/jpeg');
  const name = `${styleTitle(result)} ${result.styleSku}`;
  window.lookalike.dragPicture(name, new Uint8Array(await picture.arrayBuffer()));
}
