/** What the phone's page says. */
export interface PageWords {
  title: string;
  take: string;
  choose: string;
  hint: string;
  sending: string;
  matching: string;
  found: string;
  again: string;
  noPrice: string;
  used: string;
  expired: string;
  wrong: string;
  ended: string;
  tooLarge: string;
  unreadable: string;
  noCatalog: string;
  failed: string;
}

/** By language. A phone of another language gets English. */
export const PAGE_WORDS: Readonly<Record<string, PageWords & { dir: 'ltr' | 'rtl' }>> = {
  en: {
    dir: 'ltr',
    title: 'Find the product',
    take: 'Take a photo',
    choose: 'Choose a picture',
    hint: 'The photo goes to the computer beside you, and nowhere else.',
    sending: 'Sending',
    matching: 'Looking for it',
    found: 'On the computer too',
    again: 'Another photo',
    noPrice: 'No price',
    used: 'This code has been used. Ask for a new one.',
    expired: 'This code has expired. Ask for a new one.',
    wrong: 'This code is not known. Scan the one on the screen.',
    ended: 'The computer has ended this. Ask for a new code.',
    tooLarge: 'This picture is too large. Take a smaller one.',
    unreadable: 'This could not be read as a picture. Try another.',
    noCatalog: 'There is no catalog on the computer yet.',
    failed: 'This did not work. Try again.',
  },
  de: {
    dir: 'ltr',
    title: 'Produkt finden',
    take: 'Foto aufnehmen',
    choose: 'Bild auswählen',
    hint: 'Das Foto geht an den Computer neben Ihnen und sonst nirgendwohin.',
    sending: 'Wird gesendet',
    matching: 'Wird gesucht',
    found: 'Auch auf dem Computer zu sehen',
    again: 'Noch ein Foto',
    noPrice: 'Kein Preis',
    used: 'Dieser Code wurde schon benutzt. Bitten Sie um einen neuen.',
    expired: 'Dieser Code ist abgelaufen. Bitten Sie um einen neuen.',
    wrong: 'Dieser Code ist unbekannt. Scannen Sie den auf dem Bildschirm.',
    ended: 'Der Computer hat das beendet. Bitten Sie um einen neuen Code.',
    tooLarge: 'Dieses Bild ist zu groß. Nehmen Sie ein kleineres.',
    unreadable: 'Das ließ sich nicht als Bild lesen. Versuchen Sie ein anderes.',
    noCatalog: 'Auf dem Computer ist noch kein Katalog.',
    failed: 'Das hat nicht geklappt. Versuchen Sie es noch einmal.',
  },
  ar: {
    dir: 'rtl',
    title: 'ابحث عن المنتج',
    take: 'التقط صورة',
    choose: 'اختر صورة',
    hint: 'تُرسل الصورة إلى الحاسوب المجاور لك فقط.',
    sending: 'جارٍ الإرسال',
    matching: 'جارٍ البحث',
    found: 'تظهر النتائج على الحاسوب أيضًا',
    again: 'صورة أخرى',
    noPrice: 'بلا سعر',
    used: 'استُخدم هذا الرمز من قبل. اطلب رمزًا جديدًا.',
    expired: 'انتهت صلاحية هذا الرمز. اطلب رمزًا جديدًا.',
    wrong: 'هذا الرمز غير معروف. امسح الرمز الظاهر على الشاشة.',
    ended: 'أنهى الحاسوب الجلسة. اطلب رمزًا جديدًا.',
    tooLarge: 'هذه الصورة كبيرة جدًا. اختر صورة أصغر.',
    unreadable: 'تعذّرت قراءة هذا الملف كصورة. جرّب صورة أخرى.',
    noCatalog: 'لا يوجد كتالوج على الحاسوب بعد.',
    failed: 'لم ينجح ذلك. حاول مرة أخرى.',
  },
};
