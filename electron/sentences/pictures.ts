import type { FaultCode, FaultParams } from '../contract/faults.ts';
import { MOST_PICTURE_BYTES, MOST_PICTURE_PIXELS } from '../contract/limits.ts';
import type { Sentences } from './sentence.ts';

/** Sentences about a picture that cannot be used. */
export const pictures = {
  IMAGE_UNREADABLE: (params) => {
    switch (params.reason) {
      case 'empty':
        return 'This file is empty.';
      case 'not-a-picture':
        return 'This file is not a picture, or its kind is unknown.';
      case 'damaged':
        return `This ${params.format} file is damaged or incomplete.`;
      case 'not-opened':
        return 'This file could not be read as a picture.';
    }
  },
  IMAGE_UNSUPPORTED: ({ kind }) => `This file is ${KINDS[kind]}.`,
  IMAGE_TOO_LARGE: () =>
    `This picture is too large. The limits are ${MOST_PICTURE_BYTES / 1e6} MB and ${MOST_PICTURE_PIXELS / 1e6} megapixels.`,
  IMAGE_TOO_SLOW: () => 'This picture took more than 10 seconds to read and was given up.',
  CROP_INVALID: ({ reason }) =>
    reason === 'outside' ? 'The crop box lies outside the picture.' : 'A crop is four numbers: x,y,w,h.',
} satisfies Partial<Sentences<FaultCode>>;

const KINDS: Record<FaultParams['IMAGE_UNSUPPORTED']['kind'], string> = {
  pdf: 'a PDF document, not a picture',
  zip: 'a ZIP archive, not a picture',
  icon: 'an icon, not a picture',
  video: 'a video, not a picture',
  'web-page': 'a web page, not a picture',
  svg: 'an SVG drawing, which is not supported. Save it as JPEG or PNG',
  bmp: 'a BMP picture, which is not supported. Save it as JPEG or PNG',
  photoshop: 'a Photoshop file, which is not supported. Save it as JPEG or PNG',
  'jpeg-xl': 'a JPEG XL picture, which is not supported. Save it as JPEG or PNG',
  'jpeg-2000': 'a JPEG 2000 picture, which is not supported. Save it as JPEG or PNG',
};
