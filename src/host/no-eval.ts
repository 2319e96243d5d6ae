// Before any schema is made: zod tries `new Function` as it makes one, which the page's Content-Security-Policy refuses and reports.
import { z } from "zod";

z.config({ jitless: true });
