/** The `appId` of electron-builder.yml, which the installer gives its shortcuts. */
export const APP_ID = 'com.lookalike.app';
