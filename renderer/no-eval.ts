import { config } from 'zod';

// The page's CSP forbids eval, which zod would try when a schema is first built. Import this before any schema.
config({ jitless: true });
