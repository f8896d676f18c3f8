import { config } from 'zod';

// The page's CSP forbids eval; zod would probe for it when a schema is first built. Import this before any schema.
config({ jitless: true });
