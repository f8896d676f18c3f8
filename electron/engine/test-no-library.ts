// `node --import …/test-no-library.ts?onnxruntime-node`: a computer on which a native library cannot be loaded, as on a Windows
// without the Visual C++ runtime. The names of packages that begin so cannot be found.
import { registerHooks } from 'node:module';

const missing = new URL(import.meta.url).search.slice(1);

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith(missing)) return next(specifier, context);
    const said = 'The specified module could not be found.';
    throw Object.assign(new Error(said), { code: 'ERR_DLOPEN_FAILED' });
  },
});
