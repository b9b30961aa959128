import { hospitalSite } from './hospital.ts'

/** The site file as `vigie apply` takes it. */
export const siteFileText = (): string => `${JSON.stringify(hospitalSite(), null, 2)}\n`
